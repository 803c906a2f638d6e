"""What a crawl is at, read by the progress display and by metrics from threads of their own."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from archive.outcomes import Settled
from crawler.items import Page
from crawler.signals import page_failed, page_settled

_WINDOW = 60.0  # seconds over which the rate of pages is taken
_STATUSES = "downloader/response_status_count/"


@dataclass(slots=True)
class OutletFigures:
    """One spider's. Counts of requests, responses and bytes are Scrapy's own statistics: they hold robots.txt,
    lists, redirects and retries too.

    pages   pages on the disk whose extraction is decided
    texts   those of them that have a text
    failed  pages that could not be fetched
    """

    name: str
    stats: StatsCollector | None = None  # from when the spider is open
    pages: int = 0
    texts: int = 0
    failed: int = 0
    running: bool = True

    def stat(self, key: str) -> int:
        return int(self.stats.get_value(key, 0)) if self.stats is not None else 0

    @property
    def queued(self) -> int:
        """Requests that wait for their turn."""
        return max(0, self.stat("scheduler/enqueued") - self.stat("scheduler/dequeued"))

    @property
    def rendered(self) -> int:
        """Pages that a browser rendered."""
        return self.stat("rendering/pages")

    @property
    def statuses(self) -> Counter[str]:
        """How often each HTTP status came."""
        values = {} if self.stats is None else dict(self.stats.get_stats())
        return Counter(
            {key.removeprefix(_STATUSES): n for key, n in values.items() if key.startswith(_STATUSES)}
        )


@dataclass(slots=True)
class CrawlFigures:
    """Those of all spiders of a run. `clock` gives seconds that only grow."""

    clock: Callable[[], float] = time.monotonic
    outlets: list[OutletFigures] = field(default_factory=list)
    _begun: float = 0.0
    _lately: deque[float] = field(default_factory=deque)

    def watch(self, crawler: Crawler, name: str) -> None:
        """Follow a crawler that is about to start."""
        if not self.outlets:
            self._begun = self.clock()
        figures = OutletFigures(name)
        self.outlets.append(figures)

        def opened() -> None:
            figures.stats = crawler.stats

        def settled(page: Page, settled: Settled) -> None:
            figures.pages += 1
            figures.texts += settled.record is not None
            self._lately.append(self.clock())
            self._forget()

        def failed(url: str, error: str, harmless: bool) -> None:
            figures.failed += 1

        def closed() -> None:
            figures.running = False

        for receiver, signal in (
            (opened, signals.spider_opened),
            (settled, page_settled),
            (failed, page_failed),
            (closed, signals.spider_closed),
        ):
            crawler.signals.connect(receiver, signal=signal, weak=False)

    @property
    def pages_a_minute(self) -> float:
        """Over the last minute, or since the beginning where that is less."""
        now = self.clock()
        span = min(_WINDOW, now - self._begun)
        lately = sum(moment > now - _WINDOW for moment in tuple(self._lately))
        return lately * 60 / span if span > 0 else 0.0

    def line(self) -> str:
        """For the progress display."""
        return ", ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        if len(self.outlets) > 1:
            done = sum(not outlet.running for outlet in self.outlets)
            yield f"{done} of {len(self.outlets)} outlets done"
        yield f"{sum(outlet.queued for outlet in self.outlets)} queued"
        if rendered := sum(outlet.rendered for outlet in self.outlets):
            yield f"{rendered} rendered"
        yield f"{self.pages_a_minute:.0f} pages/min"

    def _forget(self) -> None:
        bound = self.clock() - _WINDOW
        while self._lately and self._lately[0] < bound:
            self._lately.popleft()
