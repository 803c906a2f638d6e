"""A real web server that misbehaves on purpose: every byte that it sends is scripted, and every byte is noted.

It listens on loopback, for http and for https, with a thread for each connection. A path answers with its
script, whatever the request was; what was read and written is kept for each exchange, so that a test can compare
an archive with it.
"""

from __future__ import annotations

import contextlib
import random
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.origin.certificate import server_context

Ending = Literal["keep", "close", "drop", "reset", "hang"]
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause between two steps of a script, in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A script: what is sent, step by step, and what then becomes of the connection.

    `close` ends it in order (over TLS with close_notify), `drop` without the close_notify, `reset` breaks it off,
    `hang` sends nothing more until the client goes.
    """

    steps: tuple[bytes | Wait, ...]
    ending: Ending = "keep"


Script = Answer | Callable[["Asked"], Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: its bytes, its path, and how often this path was asked for before."""

    raw: bytes
    path: str
    before: int
    base: str


@dataclass(slots=True)
class Served:
    """One exchange as the server saw it."""

    path: str
    request: bytes
    response: bytes
    connection: int
    started: float


@dataclass(slots=True)
class Drops:
    """Makes the server close kept-alive connections after one to `most` responses: at once or, what clients can't
    see coming, when the next request has arrived."""

    most: int
    random: random.Random = field(default_factory=lambda: random.Random(7))


class Origin:
    """The server. A context manager; `served` grows while it runs."""

    def __init__(
        self,
        scripts: Mapping[str, Script],
        *,
        certificate: Path | None = None,
        addresses: Iterable[str] = ("127.0.0.1",),
        drops: Drops | None = None,
    ) -> None:
        self.scripts = dict(scripts)
        self.served: list[Served] = []
        self.connections: list[str] = []
        """The server's own address of each connection that was made to it."""
        self._context = server_context(certificate) if certificate else None
        self._drops = drops
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closing = False
        self._asked: dict[str, int] = {}
        self._listeners: list[socket.socket] = []
        self.port = 0
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            listener = socket.create_server((address, self.port), family=family, backlog=128)
            self.port = listener.getsockname()[1]
            self._listeners.append(listener)
        self._threads = [threading.Thread(target=self._listen, args=(each,)) for each in self._listeners]

    @property
    def scheme(self) -> str:
        return "https" if self._context else "http"

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def of(self, path: str) -> list[Served]:
        """The exchanges of one path, in order."""
        return [served for served in self.served if served.path == path]

    def __enter__(self) -> Origin:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _listen(self, listener: socket.socket) -> None:
        while not self._closing:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(connection)
                self.connections.append(connection.getsockname()[0])
                number = len(self.connections)
                thread = threading.Thread(target=self._serve, args=(connection, number))
                self._threads.append(thread)
            thread.start()

    def _serve(self, raw: socket.socket, number: int) -> None:
        connection = raw
        left = self._drops.random.randint(1, self._drops.most) if self._drops else -1
        try:
            if self._context is not None:
                connection = self._context.wrap_socket(raw, server_side=True)
            for request in _requests(connection):
                if left == 0:
                    break
                left -= 1
                if not self._answer(connection, request, number):
                    break
                if left == 0 and self._drops and self._drops.random.random() < 0.5:
                    break
        except (OSError, ssl.SSLError):
            pass  # the client went away; what was sent until then is noted
        finally:
            with self._lock:
                self._open.discard(raw)
            connection.close()

    def _answer(self, connection: socket.socket, request: bytes, number: int) -> bool:
        path = request.split(b" ", 2)[1].decode("ascii")
        with self._lock:
            before = self._asked.get(path, 0)
            self._asked[path] = before + 1
            served = Served(path, request, b"", number, time.time())
            self.served.append(served)
        script = self.scripts.get(path) or self.scripts["*"]
        base = f"{self.scheme}://127.0.0.1:{self.port}"
        answer = script if isinstance(script, Answer) else script(Asked(request, path, before, base))
        sent: list[bytes] = []
        try:
            for step in answer.steps:
                if isinstance(step, Wait):
                    time.sleep(step.seconds)
                    continue
                connection.sendall(step)
                sent.append(step)
        finally:
            served.response = b"".join(sent)
        return _end(connection, answer.ending)


def _end(connection: socket.socket, ending: Ending) -> bool:
    if ending == "hang":
        connection.recv(1)
    elif ending == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif ending == "close" and isinstance(connection, ssl.SSLSocket):
        connection.settimeout(2)
        connection.unwrap()
    return ending == "keep"


def _requests(connection: socket.socket) -> Iterator[bytes]:
    """The requests of a connection, each with its body."""
    waiting = b""
    while True:
        while b"\r\n\r\n" not in waiting:
            piece = connection.recv(65536)
            if not piece:
                return
            waiting += piece
        size = waiting.index(b"\r\n\r\n") + 4
        if match := _LENGTH.search(waiting[:size]):
            size += int(match[1])
        while len(waiting) < size:
            waiting += connection.recv(65536)
        yield waiting[:size]
        waiting = waiting[size:]
