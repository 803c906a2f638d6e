"""Scrapy's downloader with one slot a registered domain, shared by all crawlers of this process.

It leans on `Downloader._get_slot`, `_process_queue`, `_latercall`, `_wait_for_download`, `Slot` and the engine's slot,
which Scrapy does not promise; a test beside its others says what has moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.core.downloader import Downloader, Slot, _slot_jitter
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import _schedule_coro
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.error import ConnectError

from crawler.politeness.domains import Bounds, Domain, domain_of, hold, let_go, slot_of_host
from crawler.politeness.retry_after import retry_after

_SILENCE = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ConnectError,
)
_PORTS = {"http": 80, "https": 443}
_LOOK = 1.0  # seconds; how long a crawl that is told to stop may take to see it


class LeftAlone(IgnoreRequest):
    """The host of the request refused or failed so often that it is not asked any more in this run. `failure` is
    the last one of a host that does not answer."""

    def __init__(self, host: str, reason: str, failure: Exception | None) -> None:
        super().__init__(f"{reason}; left alone for the rest of this run")
        self.host = host
        self.failure = failure


class Stopped(IgnoreRequest):
    """The crawl is stopping, and the request had not begun: it was waiting for its turn."""

    def __init__(self) -> None:
        super().__init__("not asked for, since the crawl was told to stop")


def host_of(request: Request) -> str:
    """The host of a request, with its port if that is not the scheme's default."""
    parts = urlparse_cached(request)
    host = parts.hostname or ""
    name = f"[{host}]" if ":" in host else host
    return name if parts.port in (None, _PORTS.get(parts.scheme)) else f"{name}:{parts.port}"


class DomainSlot(Slot):
    """Scrapy's slot, whose pace and bound on connections are those of its domain in the whole process."""

    __slots__ = ("_delay", "_domain", "_is_named", "_others")

    def __init__(
        self,
        domain: Domain,
        *,
        concurrency: int,
        delay: float,
        jitter: float,
        is_named: bool,
        others: list[tuple[PoliteDownloader, DomainSlot]],
    ) -> None:
        self._domain, self._is_named, self._others = domain, is_named, others
        super().__init__(concurrency, delay, jitter)

    @property
    def delay(self) -> float:
        """What the crawler or AutoThrottle want, and never less than robots.txt asks for."""
        return self._delay if self._is_named else max(self._delay, self._domain.least_delay)

    @delay.setter
    def delay(self, seconds: float) -> None:
        self._delay = seconds

    @property
    def lastseen(self) -> float:
        return self._domain.last_request

    @lastseen.setter
    def lastseen(self, moment: float) -> None:
        self._domain.last_request = max(self._domain.last_request, moment)

    @property
    def domain(self) -> Domain:
        return self._domain

    def download_delay(self) -> float:
        """Chance may shorten the crawler's delay, not the one of robots.txt."""
        delay = super().download_delay()
        return delay if self._is_named else max(delay, self._domain.least_delay)

    def free_transfer_slots(self) -> int:
        return self.concurrency - sum(len(slot.transferring) for _, slot in self._others)

    def close(self) -> None:
        super().close()
        self._others[:] = [(downloader, slot) for downloader, slot in self._others if slot is not self]


class _Watched:
    """Scrapy's download handlers; what came of a request is known before the next one of its host begins."""

    def __init__(self, handlers: DownloadHandlers, bounds: Bounds) -> None:
        self._handlers = handlers
        self._bounds = bounds

    async def download_request_async(self, request: Request) -> Response:
        host = host_of(request)
        try:
            response = await self._handlers.download_request_async(request)
        except _SILENCE as error:
            domain_of(host).failed(request.url, host, error, monotonic(), self._bounds)
            raise
        asked = retry_after(response)
        domain_of(host).answered(request.url, host, response.status, asked, monotonic(), self._bounds)
        return response

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handlers, name)


_slots: dict[str, list[tuple[PoliteDownloader, DomainSlot]]] = {}
"""The slots of each domain in this process, one a crawler: who had its turn last stands last."""


class PoliteDownloader(Downloader):
    """Keeps pace by registered domain for robots.txt, redirects and retries too, makes the whole domain wait where a
    server asks for it, and fails at once what is asked of a host that is left alone."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        bounds = Bounds(
            refusals=settings.getint("HOST_REFUSALS"),
            failures=settings.getint("HOST_FAILURES"),
            first_pause=settings.getfloat("RETRY_BACKOFF"),
            longest_wait=settings.getfloat("RETRY_AFTER_LIMIT"),
        )
        self._bounds = bounds
        self.handlers = _Watched(self.handlers, bounds)  # type: ignore[assignment]
        hold()

    def answered(self, request: Request, status: int, response: Response) -> None:
        """A server has answered a request that was no crawler's own, such as that of a page which is rendered."""
        host = host_of(request)
        domain_of(host).answered(request.url, host, status, retry_after(response), monotonic(), self._bounds)

    def delay_of(self, request: Request) -> float:
        """Seconds between two requests to the domain of this one."""
        slot = self.slots.get(self.get_slot_key(request))
        return slot.delay if slot is not None else self._delay

    def get_slot_key(self, request: Request) -> str:
        # By the address alone: a redirect takes the meta, and so the slot, of where it came from along.
        return slot_of_host(host_of(request))

    def needs_backout(self) -> bool:
        """Whether enough is under way. What waits for a domain that has asked for a pause takes no other's place, up
        to as many requests a domain as may be under way at all."""
        return super().needs_backout() and self.total_concurrency <= len(self.active) - sum(self._waiting())

    def _waiting(self) -> Iterator[int]:
        now = monotonic()
        for slot in self.slots.values():
            assert isinstance(slot, DomainSlot)
            if slot.domain.not_before > now:
                yield min(len(slot.queue), self.total_concurrency)

    def _get_slot(self, request: Request, spider: Spider | None = None) -> tuple[str, Slot]:
        key = self.get_slot_key(request)
        if key not in self.slots:
            named = self.per_slot_settings.get(key, {})
            others = _slots.setdefault(key, [])
            self.slots[key] = slot = DomainSlot(
                domain_of(host_of(request)),
                concurrency=named.get("concurrency", self.domain_concurrency),
                delay=named.get("delay", self._delay),
                jitter=_slot_jitter(named, self._jitter),
                is_named="delay" in named,
                others=others,
            )
            others.append((self, slot))
            self._start_slot_gc()
        return key, self.slots[key]

    def _process_queue(self, slot: Slot) -> None:
        """Start what may start in the domain, in the other crawlers of this process too."""
        assert isinstance(slot, DomainSlot)
        for downloader, each in list(_slots[slot.domain.name]):
            downloader._process_own(each)

    def _process_own(self, slot: DomainSlot) -> None:
        domain, now = slot.domain, monotonic()
        if self._is_stopping:
            _drop_all(slot)
        elif domain.leaves_some_alone:
            _drop(slot)
        if not slot.queue or slot.latercall:
            return
        delay = slot.download_delay()
        start = max(domain.not_before, slot.lastseen + delay if delay else 0.0)
        if start > now:
            slot.latercall = call_later(min(start - now, _LOOK), self._latercall, slot)
            return
        while slot.queue and slot.free_transfer_slots() > 0:
            slot.lastseen = now
            request, waiting = slot.queue.popleft()
            # Scrapy's own counts it when its task begins: with no delay a whole queue slips through until then.
            slot.transferring.add(request)
            _schedule_coro(self._wait_for_download(slot, request, waiting))
            _slots[domain.name].sort(key=lambda turn: turn[1] is slot)
            if delay:
                self._process_queue(slot)
                break

    @property
    def _is_stopping(self) -> bool:
        engine = self.crawler.engine
        return engine is not None and engine._slot is not None and engine._slot.closing is not None

    def close(self) -> None:
        super().close()
        let_go()


def _drop_all(slot: DomainSlot) -> None:
    """Fail what waits: with a delay of a minute the last one's turn would come after a quarter of an hour."""
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(Stopped())


def _drop(slot: DomainSlot) -> None:
    """Fail what waits for hosts that are left alone."""
    for request, waiting in list(slot.queue):
        host = host_of(request)
        if (reason := slot.domain.left_alone(host)) is not None:
            slot.queue.remove((request, waiting))
            waiting.errback(LeftAlone(host, reason, slot.domain.last_failure(host)))
