"""What a page loads, put together from the events of the protocol's domain Network.

A load is one request and its response; every hop of a redirect is one of its own. Events of pages, frames and workers
share their request ids, so one table holds them all, and an event that two targets report counts once.
"""

from __future__ import annotations

import time
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from archive.exchange import Truncation
from archive.spool import Spool
from crawler.rendering.protocol import Event, Session


@dataclass(slots=True, eq=False)
class Load:
    """One request and what came of it.

    `request`, `response`, `request_headers` and `extra` (raw headers) are the protocol's own objects.

    kind          the protocol's type of resource
    asked         when it was asked for, by the monotonic clock
    post          body of the request
    from_browser  answered by a cache or a service worker
    failure       why there is no (whole) response
    cut           why a body is shorter than the page had it
    whole         nothing is missing
    broken_off    the page was lost before it had all
    is_read       the body is read while the response is held, and not taken from events
    """

    session: Session
    request_id: str
    request: Event
    kind: str
    frame: str
    asked: float
    started: datetime
    request_headers: Event | None = None
    response: Event | None = None
    extra: Event | None = None
    body: Spool = field(default_factory=Spool)
    post: bytes | None = None
    from_browser: bool = False
    ended: bool = False
    failure: str | None = None
    cut: Truncation | None = None
    whole: bool = False
    broken_off: bool = False
    is_read: bool = False

    @property
    def url(self) -> str:
        return str(self.request["url"])

    @property
    def status(self) -> int | None:
        """The wire's: of a page's view a 304 is the cached 200."""
        if self.extra is not None and "statusCode" in self.extra:
            return int(self.extra["statusCode"])
        return int(self.response["status"]) if self.response is not None else None


class Loads:
    """All loads of a page in the order in which they went out.

    resource_bytes  bound of one body; what is above it is not kept
    page_bytes      bound of all bodies together
    """

    def __init__(self, *, resource_bytes: int, page_bytes: int) -> None:
        self.all: list[Load] = []
        self.changed = time.monotonic()
        self._resource_bytes = resource_bytes
        self._left = page_bytes
        self._hops: dict[str, list[Load]] = {}
        self._early: dict[str, dict[str, list[Event]]] = {}

    def watch(self, session: Session) -> None:
        """Take in what this target loads."""
        session.on("Network.requestWillBeSent", lambda event: self._asked(session, event))
        session.on("Network.requestWillBeSentExtraInfo", lambda event: self._extra("request", event))
        session.on("Network.responseReceivedExtraInfo", lambda event: self._extra("response", event))
        session.on("Network.responseReceived", self._answered)
        session.on("Network.requestServedFromCache", self._cached)
        session.on("Network.dataReceived", self._data)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.loadingFailed", self._failed)

    def current(self, request_id: str) -> Load | None:
        """The last hop of a request."""
        hops = self._hops.get(request_id)
        return hops[-1] if hops else None

    def held(self, session: Session, event: Event) -> Load:
        """The load of a request that its renderer has not told of: a document that has just taken the place of
        another has no session for a moment. All that is known of it is what Fetch.requestPaused says."""
        key = f"held {event['requestId']}"
        if known := self.current(key):
            return known
        load = Load(
            session=session,
            request_id=key,
            request=event["request"],
            kind=event.get("resourceType", "Other"),
            frame=event.get("frameId", ""),
            asked=_now(),
            started=datetime.now(UTC),
            post=_posted(event["request"]),
        )
        self.all.append(load)
        self._hops[key] = [load]
        return load

    def held_answered(self, load: Load, event: Event) -> None:
        """Its response, by the event that holds it."""
        headers: dict[str, str] = {}
        for header in event.get("responseHeaders", ()):
            name, value = header["name"], header["value"]
            headers[name] = f"{headers[name]}\n{value}" if name in headers else value
        load.response = {
            "status": event["responseStatusCode"],
            "statusText": event.get("responseStatusText", ""),
            "headers": headers,
        }

    def end(self, load: Load, failure: str | None = None) -> None:
        load.ended, load.whole, load.failure = True, failure is None, failure
        self.changed = _now()

    def pending(self, since: float) -> int:
        """How many loads are under way that began after a moment of the monotonic clock."""
        return sum(not load.ended and load.asked >= since for load in self.all)

    def keep(self, load: Load, data: bytes) -> None:
        """Add to a body, within the bounds."""
        room = min(self._resource_bytes - load.body.size, self._left)
        if len(data) > room:
            load.cut = "length"
            data = data[: max(room, 0)]
        self._left -= len(data)
        if data:
            load.body.write(data)

    def break_off(self) -> None:
        """The page is lost: nothing more comes."""
        for load in self.all:
            load.broken_off = not load.ended

    def close(self) -> None:
        for load in self.all:
            load.body.close()

    def _asked(self, session: Session, event: Event) -> None:
        request_id, request = event["requestId"], event["request"]
        if not request["url"].startswith(("http://", "https://")):
            return
        hops = self._hops.setdefault(request_id, [])
        if redirect := event.get("redirectResponse"):
            if hops:
                self._redirected(hops[-1], redirect, event.get("redirectHasExtraInfo", False))
        elif hops:
            return  # told by two targets
        load = Load(
            session=session,
            request_id=request_id,
            request=request,
            kind=event.get("type", "Other"),
            frame=event.get("frameId", ""),
            asked=_now(),
            started=datetime.fromtimestamp(event["wallTime"], UTC),
            post=_posted(request),
        )
        self.all.append(load)
        hops.append(load)
        self.changed = load.asked
        self._pair(request_id)

    def _redirected(self, load: Load, response: Event, has_extra: bool) -> None:
        load.response, load.ended, load.whole = response, True, True
        load.from_browser = load.from_browser or (_by_browser(response) and not has_extra)

    def _extra(self, side: str, event: Event) -> None:
        request_id = event["requestId"]
        self._early.setdefault(request_id, {}).setdefault(side, []).append(event)
        self._pair(request_id)

    def _pair(self, request_id: str) -> None:
        """Give the raw headers to the hops. They come in the hops' order, before or after the hop's own event."""
        hops = self._hops.get(request_id, [])
        for side, events in self._early.get(request_id, {}).items():
            for load in hops:
                if not events:
                    break
                if side == "request" and load.request_headers is None:
                    load.request_headers = events.pop(0)["headers"]
                elif side == "response" and load.extra is None:
                    load.extra = events.pop(0)

    def _answered(self, event: Event) -> None:
        if load := self.current(event["requestId"]):
            load.response = event["response"]
            load.kind = event.get("type", load.kind)
            load.frame = event.get("frameId", load.frame)
            load.from_browser = load.from_browser or _by_browser(event["response"])
            self.changed = _now()

    def _cached(self, event: Event) -> None:
        if load := self.current(event["requestId"]):
            load.from_browser = True

    def _data(self, event: Event) -> None:
        load, data = self.current(event["requestId"]), event.get("data")
        if load is not None and data and not load.is_read:
            self.keep(load, b64decode(data))

    def _finished(self, event: Event) -> None:
        if load := self.current(event["requestId"]):
            self.end(load)

    def _failed(self, event: Event) -> None:
        if load := self.current(event["requestId"]):
            self.end(load, event.get("blockedReason") or event.get("errorText") or "failed")


def _by_browser(response: dict[str, Any]) -> bool:
    """Whether a cache or a service worker answered: what the worker fetched itself is a load of its own."""
    return any(response.get(name) for name in ("fromDiskCache", "fromPrefetchCache", "fromServiceWorker"))


def _posted(request: Event) -> bytes | None:
    if entries := request.get("postDataEntries"):
        return b"".join(b64decode(entry["bytes"]) for entry in entries if "bytes" in entry)
    text = request.get("postData")
    return text.encode() if isinstance(text, str) else None


def _now() -> float:
    return time.monotonic()
