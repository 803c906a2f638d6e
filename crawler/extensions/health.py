"""Counts what a crawl of an outlet comes to, judges it, and writes both to the log of runs."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from archive.errors import TearsheetError
from archive.outcomes import Settled
from crawler.discovery.scope import in_scope
from crawler.health.failures import failure_word
from crawler.health.funnel import Funnel
from crawler.health.run import Run
from crawler.health.runs import FILE
from crawler.health.shared import acquire, release
from crawler.health.verdicts import judge, tells_what_is_usual
from crawler.items import Page
from crawler.outlets.model import Outlet
from crawler.outlets.seen import PERMANENT
from crawler.politeness.domains import refuses
from crawler.politeness.retry_after import retry_after
from crawler.rendering.wishes import AGAIN
from crawler.signals import article_failed, articles_listed, outlet_judged, page_settled, source_seen

logger = logging.getLogger(__name__)
_YEAR = 366 * 86_400.0


class Health:
    """Scrapy extension of the crawl of one outlet; a crawl that is killed leaves a run without an end."""

    def __init__(self, crawler: Crawler, path: Path, outlet: Outlet, collection: str) -> None:
        self._crawler = crawler
        self._path = path
        self._log = acquire(path)
        self._outlet = outlet
        self._collection = collection
        self._funnel = Funnel(outlet.name, collection, (url for _, url in outlet.sources()))
        self._begun: tuple[int, datetime] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises RunLogError where the log can't be used, NotConfigured for spiders that are not of one outlet, and for
        those that go back by date: what was published years ago tells nothing of how an outlet is."""
        outlet = getattr(crawler.spider, "outlet", None)
        if not isinstance(outlet, Outlet) or getattr(crawler.spider, "backfills", False):
            raise NotConfigured
        path = Path(crawler.settings["COLLECTIONS"]) / FILE
        health = cls(crawler, path, outlet, crawler.settings["COLLECTION"])
        funnel = health._funnel
        for receiver, signal in (
            (health.opened, signals.spider_opened),
            (health.closed, signals.spider_closed),
            (health.scheduled, signals.request_scheduled),
            (health.downloaded, signals.response_downloaded),
            (health.received, signals.response_received),
            (health.settled, page_settled),
            (health.failed, article_failed),
            (funnel.source, source_seen),
            (funnel.listed, articles_listed),
        ):
            crawler.signals.connect(receiver, signal)
        return health

    def opened(self, spider: Spider) -> None:
        started = spider.now()  # type: ignore[attr-defined]
        try:
            self._begun = self._log.begin(self._outlet.name, self._collection, started), started
        except TearsheetError as error:
            logger.error("%s", error)

    def scheduled(self, request: Request) -> None:
        # A redirect, a further try and one by the browser are the same article.
        if "key" in request.meta and not {"redirect_times", "retry_times", AGAIN} & request.meta.keys():
            self._funnel.asked()

    def downloaded(self, response: Response, spider: Spider) -> None:
        # Each answer, those to robots.txt and to further tries too.
        asked = retry_after(response)
        if asked and refuses(response.status, asked):
            wait = timedelta(
                seconds=min(asked, _YEAR)
            )  # what is longer than that is a mistake, and may be endless
            self._funnel.asked_to_wait(spider.now() + wait)  # type: ignore[attr-defined]

    def received(self, response: Response, request: Request) -> None:
        if "key" in request.meta and AGAIN not in request.meta:
            self._funnel.answered(response.status, self._moved_to(response))

    def settled(self, page: Page, settled: Settled) -> None:
        if page.wanted:
            self._funnel.settled(settled)

    def failed(self, error: Exception | None) -> None:
        self._funnel.failed(failure_word(error))

    def closed(self, spider: Spider) -> None:
        try:
            if self._begun is not None:
                self._finish(*self._begun, spider.now())  # type: ignore[attr-defined]
        except TearsheetError as error:
            logger.error("%s", error)
        finally:
            release(self._path)

    def _finish(self, number: int, started: datetime, now: datetime) -> None:
        run = self._judged(self._funnel.run(started, now))
        self._log.finish(number, run, usual=tells_what_is_usual(run))
        self._crawler.signals.send_catch_log(outlet_judged, run=run)

    def _judged(self, run: Run) -> Run:
        history = self._log.history(run.outlet, run.started)
        verdicts = judge(run, history)
        before = next((earlier for earlier in history if earlier.verdict is not None), None)
        same = before is not None and before.verdict == verdicts[0].name
        return replace(run, verdicts=verdicts, since=before.since if before and same else run.started)

    def _moved_to(self, response: Response) -> str | None:
        reasons = response.meta.get("redirect_reasons", ())
        if (
            reasons
            and all(reason in PERMANENT for reason in reasons)
            and not in_scope(response.url, self._outlet)
        ):
            return urlsplit(response.url).hostname
        return None
