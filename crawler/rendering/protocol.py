"""The Chrome DevTools Protocol over a pair of pipes.

Playwright's Python API gives no session with a worker and attaches to a frame only when its first requests have gone
out, so a full capture can't be made through it; and its driver is a further process to every browser. The protocol
itself is JSON messages with a zero byte between them (`--remote-debugging-pipe`), told apart by session ("flat"
sessions of the domain Target).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

import orjson

Event = dict[str, Any]
"""Parameters of an event, as the protocol's documentation names them."""


class ProtocolError(Exception):
    """The browser refused a command."""


class Disconnected(ProtocolError):  # noqa: N818 - what happened, not what was done wrong
    """The browser is gone, or the session's target is."""


class Session:
    """One target of a browser, or with the empty id the browser itself."""

    def __init__(self, connection: Connection, session_id: str) -> None:
        self._connection = connection
        self.session_id = session_id
        self._listeners: dict[str, list[Callable[[Event], None]]] = {}

    def on(self, event: str, listener: Callable[[Event], None]) -> None:
        self._listeners.setdefault(event, []).append(listener)

    def send(self, method: str, **params: object) -> asyncio.Future[Event]:
        """Send a command at once; what it returns is awaited by whoever needs it.

        The future raises ProtocolError; one that nobody awaits says nothing.
        """
        return self._connection.send(self.session_id, method, params)

    def dispatch(self, event: str, params: Event) -> None:
        for listener in self._listeners.get(event, ()):
            listener(params)


class Connection(asyncio.Protocol):
    """The messages of one browser."""

    def __init__(self) -> None:
        self.root = Session(self, "")
        self.closed = asyncio.Event()
        self._sessions = {"": self.root}
        self._waiting: dict[int, tuple[str, asyncio.Future[Event]]] = {}
        self._last_id = 0
        self._pieces: list[bytes] = []
        self._reading: asyncio.BaseTransport | None = None
        self._writing: asyncio.WriteTransport | None = None

    async def open(self, reading: int, writing: int) -> None:
        """Take over two file descriptors, which `close` closes."""
        loop = asyncio.get_running_loop()
        self._reading, _ = await loop.connect_read_pipe(lambda: self, os.fdopen(reading, "rb", 0))
        self._writing, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(writing, "wb", 0))

    def session(self, session_id: str) -> Session:
        """The session of that id, from its event Target.attachedToTarget on."""
        return self._sessions.setdefault(session_id, Session(self, session_id))

    def forget(self, session_id: str) -> None:
        """The session has ended: whoever waits for an answer of it is told."""
        if self._sessions.pop(session_id, None) is None:
            return
        for number in [number for number, (of, _) in self._waiting.items() if of == session_id]:
            _fail(self._waiting.pop(number)[1], Disconnected("the target is gone"))

    def send(self, session_id: str, method: str, params: dict[str, object]) -> asyncio.Future[Event]:
        answer: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_retrieved)
        if self._writing is None or self.closed.is_set() or session_id not in self._sessions:
            _fail(answer, Disconnected(f"{method}: the target is gone"))
            return answer
        self._last_id += 1
        message: dict[str, object] = {"id": self._last_id, "method": method, "params": params}
        if session_id:
            message["sessionId"] = session_id
        self._waiting[self._last_id] = (session_id, answer)
        self._writing.write(orjson.dumps(message) + b"\0")
        return answer

    def data_received(self, data: bytes) -> None:
        *ended, rest = data.split(b"\0")
        for piece in ended:
            self._pieces.append(piece)
            message = b"".join(self._pieces)
            self._pieces = []
            self._take(message)
        if rest:
            self._pieces.append(rest)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        for _, answer in self._waiting.values():
            _fail(answer, Disconnected("the browser is gone"))
        self._waiting.clear()
        self._sessions = {"": self.root}

    def close(self) -> None:
        for transport in (self._reading, self._writing):
            if transport is not None:
                transport.close()

    def _take(self, text: bytes) -> None:
        message = _parsed(text)
        if "id" in message:
            _, answer = self._waiting.pop(message["id"], ("", None))
            if answer is None or answer.done():
                return
            if "error" in message:
                answer.set_exception(ProtocolError(message["error"].get("message", "")))
            else:
                answer.set_result(message.get("result", {}))
        elif session := self._sessions.get(message.get("sessionId", "")):
            session.dispatch(message["method"], message.get("params", {}))


def _parsed(text: bytes) -> Event:
    try:
        message: Event = orjson.loads(text)
    except orjson.JSONDecodeError:
        # half a surrogate pair in a page's string, which JSON may hold and orjson does not
        import json

        message = json.loads(text.decode("utf-8", "surrogatepass"))
    return message


def _fail(answer: asyncio.Future[Event], error: ProtocolError) -> None:
    if not answer.done():
        answer.set_exception(error)


def _retrieved(answer: asyncio.Future[Event]) -> None:
    if not answer.cancelled():
        answer.exception()
