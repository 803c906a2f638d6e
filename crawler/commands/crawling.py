"""Runs spiders in this process and reports what becomes of their pages."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from archive.outcomes import Settled
from crawler.capture.recorders import acquire, release
from crawler.commands.report import Report
from crawler.extensions.archive import plan_of
from crawler.health.run import Run
from crawler.items import Page
from crawler.monitoring.figures import CrawlFigures
from crawler.monitoring.logs import JsonFormatter
from crawler.monitoring.metrics import served
from crawler.outlets.seen import SourceSeen
from crawler.signals import crawl_noted, outlet_judged, page_failed, page_settled, source_seen

Job = tuple[type[Spider], dict[str, Any]]

_TOLD_BY_THE_REPORT = (
    "scrapy.core.scraper",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.downloadermiddlewares.robotstxt",
    "py.warnings",
)
"""Loggers whose errors are those of pages, which the report names in one sentence each."""


def run(
    jobs: Sequence[Job],
    overrides: Mapping[str, object],
    report: Report,
    on_source: Callable[[SourceSeen], None] | None = None,
    metrics_port: int | None = None,
) -> None:
    """Run every spider to its end, all at once; `overrides` are settings that go before the defaults, `on_source`
    is told of each source that is looked at. With `metrics_port` Prometheus can ask for figures meanwhile.

    Raises CollectionError where the collection can't be written, MetricsError where that port can't be had,
    BrokenPipeError where nobody reads the report any more; what was fetched until then is kept.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(dict(overrides), priority="cmdline")
    recorder, repairs = acquire(plan_of(settings))
    try:
        for sentence in repairs:
            report.warn(f"repaired: {sentence}")
        _set_up_logs(settings)
        process = AsyncCrawlerProcess(settings)
        if settings["LOG_LEVEL"] == "WARNING":
            _leave_to_the_report()
        watch = _Watch(process, report, on_source)
        figures = CrawlFigures()
        report.follow(figures)
        with nullcontext() if metrics_port is None else served(figures, metrics_port):
            for spider, arguments in jobs:
                crawler = process.create_crawler(spider)
                watch.connect(crawler)
                outlet = arguments.get("outlet")
                figures.watch(
                    crawler, outlet.name if outlet is not None else getattr(spider, "name", spider.__name__)
                )
                watch.started.append(process.crawl(crawler, **arguments))
            _spare_the_collector()
            _share_the_interpreter()
            process.start()
    finally:
        release(recorder)
    watch.conclude()


def _spare_the_collector() -> None:
    """What was loaded up to here stays until the end, so the garbage collector need not walk through it again and
    again: that took a fifth of a fast crawl. It runs less often too; a response leaves some 500 objects in cycles,
    so at the most some 20 responses wait to be freed."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def _share_the_interpreter() -> None:
    """The recorder packs and hashes without Python's lock, but wants it back some ten times a page; by default the
    reactor keeps it for 5 ms each time."""
    sys.setswitchinterval(0.0002)


class _Watch:
    """Passes on to the report what the crawlers signal. An error in here can't reach anybody from below the
    reactor, so a report that can't be written any more stops the crawl, and is raised when it has ended."""

    def __init__(
        self,
        process: AsyncCrawlerProcess,
        report: Report,
        on_source: Callable[[SourceSeen], None] | None,
    ) -> None:
        self.started: list[asyncio.Task[None]] = []
        self._process = process
        self._report = report
        self._broken: BrokenPipeError | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._on_source = on_source

    def connect(self, crawler: Crawler) -> None:
        for receiver, signal in (
            (self._settled, page_settled),
            (self._failed, page_failed),
            (self._spider_error, signals.spider_error),
            (self._item_error, signals.item_error),
            (self._closed, signals.spider_closed),
            (self._source_seen, source_seen),
            (self._judged, outlet_judged),
            (self._noted, crawl_noted),
        ):
            crawler.signals.connect(receiver, signal=signal)

    def conclude(self) -> None:
        """To be called when all crawlers have ended. Raises what kept one from running at all."""
        if self._broken is not None:
            raise self._broken
        for task in self.started:
            if task.done() and not task.cancelled() and (error := task.exception()):
                raise error

    def _settled(self, page: Page, settled: Settled) -> None:
        # That a list is no article goes without saying.
        if page.wanted or settled.state in ("text", "failed"):
            self._tell(lambda: self._report.settled(settled, wanted=page.wanted, strict=page.strict))

    def _failed(self, url: str, error: str, harmless: bool) -> None:
        tell = self._report.note if harmless else self._report.failure
        self._tell(lambda: tell(url, error))

    def _noted(self, url: str, note: str) -> None:
        self._tell(lambda: self._report.note(url, note, page=False))

    def _source_seen(self, seen: SourceSeen) -> None:
        if (told := self._on_source) is not None:
            self._tell(lambda: told(seen))

    def _judged(self, run: Run) -> None:
        for verdict in run.verdicts:
            if verdict.severity == "broken":
                said = f"{run.outlet}: {verdict.name}: {verdict.reason}"
                self._tell(partial(self._report.warn, said))

    def _spider_error(self, failure: Failure, response: Response) -> None:
        self._tell(lambda: self._report.failure(response.url, f"could not be read: {failure.value!r}"))

    def _item_error(self, item: Page, failure: Failure) -> None:
        self._tell(lambda: self._report.failure(item.url, str(failure.value)))

    def _closed(self, reason: str) -> None:
        if reason == "shutdown" and self._broken is None:
            self._tell(self._report.interrupted)

    def _tell(self, tell: Callable[[], None]) -> None:
        if self._broken is not None:
            return
        try:
            tell()
        except BrokenPipeError as error:
            self._broken = error
            self._stopping = asyncio.ensure_future(self._process.stop())


class _OneLine(logging.Filter):
    """Leaves the traceback out of what is logged; `--verbose` shows it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True


def _set_up_logs(settings: Settings) -> None:
    """A handler of our own in place of Scrapy's, which each crawler would make anew, without what was set on it."""
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    handler = logging.StreamHandler()
    handler.setLevel(settings["LOG_LEVEL"])
    text = logging.Formatter(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"])
    handler.setFormatter(JsonFormatter() if settings.getbool("LOG_AS_JSON") else text)
    if settings["LOG_LEVEL"] == "WARNING":
        handler.addFilter(_OneLine())
    logging.root.addHandler(handler)
    logging.root.setLevel(handler.level)


def _leave_to_the_report() -> None:
    for name in _TOLD_BY_THE_REPORT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
