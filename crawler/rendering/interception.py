"""Every request of a page is held for a moment (domain Fetch): may it go out, and how do we get its body?

Chromium gives bodies in two ways. `Network.streamResourceContent` hands them over as they come, without holding
anything up and whatever their length or end; it must be asked for before the response is there, which is why it is
asked for while the request is held. It sees what passes through a renderer's loader. Documents and scripts of workers
are fetched by the browser process, and what a script makes a blob of or puts into a cache goes past the loader, too:
there the response is held and its body read first. `Network.getResponseBody`, the usual way, gives text that has
been through a decoder and so is not what the server sent.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable

from crawler.rendering.gate import Gate, place
from crawler.rendering.loads import Load, Loads
from crawler.rendering.protocol import Disconnected, Event, ProtocolError, Session

Screen = Callable[[Event], Awaitable[bool]]
"""From an event Fetch.requestPaused: whether the request may go out."""

_ANSWERS_WITHIN = (
    5.0  # a renderer in an endless loop does not answer, and its requests should not wait for it
)
_FIRST_PIECE, _PIECE = 1 << 9, 1 << 18
_BY_SCRIPTS = ("Fetch", "XHR")
_STREAMS = (
    "text/event-stream",
    "application/x-ndjson",
    "application/stream+json",
    "multipart/x-mixed-replace",
)
_BODILESS = frozenset({101, 204, 205, 304})


class Interception:
    """Holds requests and responses of all targets of a page."""

    def __init__(
        self, loads: Loads, gate: Gate, screen: Screen, *, resource_bytes: int, stream_seconds: float
    ) -> None:
        self._loads = loads
        self._gate = gate
        self._screen = screen
        self._resource_bytes = resource_bytes
        self._stream_seconds = stream_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Raises what `screen` raised, if it did."""

    def watch(self, session: Session) -> None:
        session.on("Fetch.requestPaused", lambda event: self._start(session, event))
        session.send("Fetch.enable", patterns=[{"urlPattern": "*", "requestStage": "Request"}])

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, session: Session, event: Event) -> None:
        task = asyncio.ensure_future(self._held(session, event))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not self.failed.done():
            self.failed.set_exception(error)

    async def _held(self, session: Session, event: Event) -> None:
        try:
            if "responseStatusCode" in event:
                await self._response(session, event)
            elif "responseErrorReason" in event:
                if "networkId" not in event:
                    self._loads.end(self._loads.held(session, event), event["responseErrorReason"])
                await session.send("Fetch.continueRequest", requestId=event["requestId"])
            else:
                await self._request(session, event)
        except ProtocolError:
            pass  # the request was given up meanwhile, or its target is gone

    async def _request(self, session: Session, event: Event) -> None:
        held = event["requestId"]
        if not await self._screen(event):
            # a refused document leaves the page as it is with Aborted; else an error page would take its place
            reason = "Aborted" if event.get("resourceType") == "Document" else "BlockedByClient"
            await session.send("Fetch.failRequest", requestId=held, errorReason=reason)
            return
        streamed = await self._stream(session, event) and event.get("resourceType") not in _BY_SCRIPTS
        await session.send("Fetch.continueRequest", requestId=held, interceptResponse=not streamed)

    async def _stream(self, session: Session, event: Event) -> bool:
        if "networkId" not in event:
            self._loads.held(session, event)
            return False
        if "." not in event["networkId"]:
            return False  # a request of the browser process: renderers' ids are those of their process and a number
        command = session.send("Network.streamResourceContent", requestId=event["networkId"])
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN):
                await command
        except Disconnected:
            raise
        except (ProtocolError, TimeoutError):
            return False
        return True

    async def _response(self, session: Session, event: Event) -> None:
        if "networkId" not in event:
            load = self._loads.held(session, event)
            self._loads.held_answered(load, event)
            await self._read(session, event, load)
            self._loads.end(load)
        else:
            await self._read(session, event, self._loads.current(event["networkId"]))

    async def _read(self, session: Session, event: Event, load: Load | None) -> None:
        """Keep the body, and let the page have it."""
        held = event["requestId"]
        headers = {header["name"].lower(): header["value"] for header in event.get("responseHeaders", ())}
        status = event["responseStatusCode"]
        is_redirect = 300 <= status < 400 and "location" in headers
        is_stream = event.get("resourceType") in _BY_SCRIPTS and headers.get("content-type", "").startswith(
            _STREAMS
        )
        is_bodiless = is_redirect or status in _BODILESS or event["request"]["method"] == "HEAD"
        if load is None or is_bodiless or is_stream:
            await session.send("Fetch.continueRequest", requestId=held)
            return
        load.is_read = True
        if 0 <= _length(headers) <= self._resource_bytes:
            body = _body(await session.send("Fetch.getResponseBody", requestId=held))
            self._loads.keep(load, body)
            if len(body) < _length(headers) and "content-encoding" not in headers:
                load.cut = "disconnect"  # a server that hangs up before the browser has looked is not told of
            await session.send("Fetch.continueRequest", requestId=held)
        else:
            await self._taken(session, event, load)

    async def _taken(self, session: Session, event: Event, load: Load) -> None:
        """A body without a known end: the page gets what came within the bounds."""
        answer = await session.send("Fetch.takeResponseBodyAsStream", requestId=event["requestId"])
        body, size, began = bytearray(), _FIRST_PIECE, time.monotonic()
        try:
            async with asyncio.timeout(self._stream_seconds):
                while len(body) <= self._resource_bytes:
                    piece = await session.send("IO.read", handle=answer["stream"], size=size)
                    size = min(2 * size, _PIECE)  # it answers when there is as much
                    body += _body(piece, "data")
                    if piece.get("eof"):
                        load.cut = "disconnect" if self._is_cut_off(event, began) else None
                        break
        except TimeoutError:
            load.cut = "time"
        except Disconnected:
            raise
        except ProtocolError:
            load.cut = "disconnect"
        self._loads.keep(load, bytes(body))
        session.send("IO.close", handle=answer["stream"])
        await session.send(
            "Fetch.fulfillRequest",
            requestId=event["requestId"],
            responseCode=event["responseStatusCode"],
            responsePhrase=event.get("responseStatusText") or "OK",
            responseHeaders=event.get("responseHeaders", []),
            body=b64encode(body[: self._resource_bytes]).decode("ascii"),
        )

    def _is_cut_off(self, event: Event, since: float) -> bool:
        """Whether a stream ended since its server hung up, which the stream does not tell.

        A body whose framing says where it ends needs no hanging up; one that is framed by it may be whole.
        """
        headers = {
            header["name"].lower(): header["value"].lower() for header in event.get("responseHeaders", ())
        }
        is_framed = "transfer-encoding" in headers and "close" not in headers.get("connection", "")
        return is_framed and self._gate.ended.get(place(event["request"]["url"]), 0.0) >= since


def _length(headers: dict[str, str]) -> int:
    value = headers.get("content-length", "")
    return int(value) if value.isdecimal() else -1


def _body(answer: Event, name: str = "body") -> bytes:
    data: str = answer[name]
    return b64decode(data) if answer.get("base64Encoded") else data.encode()
