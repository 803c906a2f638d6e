"""The outlet spider: finds what an outlet publishes, by its feeds, news sitemaps and section pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from archive.errors import TearsheetError
from archive.outcomes import Settled
from crawler.capture.handler import RECORDING
from crawler.discovery.errors import UrlError
from crawler.discovery.feeds import parse_feed
from crawler.discovery.found import Found
from crawler.discovery.scope import in_scope
from crawler.discovery.sections import article_links
from crawler.discovery.sitemaps import parse_sitemap
from crawler.discovery.urls import identity, safe_http_url
from crawler.items import Page
from crawler.outlets.loader import load_outlets
from crawler.outlets.model import Outlet
from crawler.signals import page_failed, page_settled
from crawler.spiders.base import NewsSpider
from crawler.state.shared import acquire, release
from crawler.state.store import FILE, CrawlState, KnownPage, Validators

logger = logging.getLogger(__name__)

T = TypeVar("T")

MAX_SITEMAPS = 50  # child sitemaps of one index: more is a whole archive, which a daily crawl has no use for
_LISTS_FIRST = 10


class OutletSpider(NewsSpider):
    """`scrapy crawl outlet -a name=al-monitor -a max_pages=100`.

    Lists are fetched before articles. `max_pages` bounds the articles asked for; 0 means all.
    """

    name = "outlet"
    strict = False
    handle_httpstatus_list = [HTTPStatus.NOT_MODIFIED]  # noqa: RUF012 - Scrapy's way to let a spider see a status

    def __init__(self, outlet: Outlet, state: CrawlState, max_pages: int = 0, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.outlet = outlet
        self._state = state
        self._captured: dict[int, _Captured] = {}
        self._left = max_pages or None
        self._seen: set[str] = set()
        listed = (*outlet.feeds, *outlet.news_sitemaps, *outlet.sitemaps, *outlet.sections)
        hosts = {urlsplit(url).hostname or "" for url in listed}
        self.named_hosts = frozenset(
            hosts | {urlsplit(f"//{host}").hostname or "" for host in outlet.domains}
        )

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *_: Any,
        name: str = "",
        max_pages: int | str = 0,
        outlet: Outlet | None = None,
    ) -> Self:
        """Made for `outlet`, or for the one called `name`. Raises OutletError for a name that no outlet has."""
        if outlet is None:
            folders = [Path(folder) for folder in crawler.settings.getlist("OUTLET_FOLDERS")]
            outlet = load_outlets(folders).get(name)
        if outlet.delay is not None:
            crawler.settings.set("DOWNLOAD_DELAY", outlet.delay, priority="spider")
            if not outlet.delay:
                crawler.settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
        path = Path(crawler.settings["COLLECTIONS"]) / crawler.settings["COLLECTION"] / FILE
        spider = cls(outlet, acquire(path), int(max_pages))
        spider._set_crawler(crawler)
        crawler.signals.connect(spider._remember, page_settled)
        crawler.signals.connect(lambda: release(path), signals.spider_closed, weak=False)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        outlet = self.outlet
        for url in outlet.feeds:
            yield self._list(url, self.parse_feed)
        for url in outlet.news_sitemaps:
            yield self._list(url, self.parse_sitemap)
        for url in outlet.sections:
            yield self._list(url, self.parse_section)
        if not (outlet.feeds or outlet.news_sitemaps or outlet.sections):
            for url in outlet.sitemaps:
                yield self._list(url, self.parse_sitemap)
        known = self._state.all if self._rechecks else self._state.due
        for page in known(outlet.name, self._now()):
            if self._may_fetch(page.key):
                yield self._article(page)

    async def parse_feed(self, response: Response) -> AsyncIterator[Request | Page]:
        yield self.page(response, wanted=False)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        feed = await self._read(response, parse_feed, content_type or None)
        for request in self._articles(response, None if feed is None else feed.entries):
            yield request

    async def parse_sitemap(self, response: Response) -> AsyncIterator[Request | Page]:
        yield self.page(response, wanted=False)
        sitemap = await self._read(response, parse_sitemap)
        for request in self._articles(response, None if sitemap is None else sitemap.entries):
            yield request
        if sitemap is not None and not response.meta["child"]:
            for child in sitemap.indexes[:MAX_SITEMAPS]:
                yield self._list(child.url, self.parse_sitemap, child=True)

    async def parse_section(self, response: Response) -> AsyncIterator[Request | Page]:
        yield self.page(response, wanted=False)
        links = await self._read(response, article_links, self.outlet.article_patterns)
        for request in self._articles(response, links):
            yield request

    async def parse_article(self, response: Response) -> AsyncIterator[Request | Page]:
        moved_to = response.url if "redirect_urls" in response.meta else None
        if moved_to is not None:
            # Where a redirect led is not fetched again if a later list names it.
            self._seen.add(identity(moved_to))
        captured = _Captured(response.meta["key"], _validators(response), moved_to)
        self._captured[response.meta[RECORDING].capture.number] = captured
        async for found in self.story(response):
            yield found

    def failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        if key := request.meta.get("key"):
            error = failure.value
            if isinstance(error, HttpError) and error.response.status in (
                HTTPStatus.NOT_FOUND,
                HTTPStatus.GONE,
            ):
                self._state.gone(key, self._now())
            else:
                self._state.failed(key, self._now())
        super().failed(failure)

    def _remember(self, page: Page, settled: Settled) -> None:
        """A page is on the disk: from now on it counts as fetched."""
        captured = self._captured.pop(settled.capture.number, None)
        if captured is not None:
            validators = captured.validators
            self._state.fetched(captured.key, validators, self._now(), moved_to=captured.moved_to)

    async def _read(self, response: Response, parse: Callable[..., T], *arguments: Any) -> T | None:
        """What `parse` makes of a list, in a thread: a long or hostile one takes seconds. None where it has not
        changed, and where it fails, which is told."""
        if response.status == HTTPStatus.NOT_MODIFIED:
            return None
        try:
            return await asyncio.to_thread(parse, response.body, response.url, *arguments)
        except TearsheetError as error:
            self.crawler.signals.send_catch_log(
                page_failed, url=response.url, error=str(error), harmless=False
            )
            return None

    def _articles(self, response: Response, entries: Iterable[Found] | None) -> Iterator[Request]:
        """Requests for what a list names and no run knew before. `None` is a list that could not be read, or that has
        not changed."""
        if entries is None:
            return
        listed: dict[str, str] = {}
        for entry in entries:
            if key := self._key(entry.url):
                listed.setdefault(key, safe_http_url(entry.url))
        source = response.meta["source"]
        new = self._state.listed(source, _validators(response), self.outlet.name, listed, self._now())
        for key in new:
            if self._may_fetch(key):
                yield self._article(KnownPage(key, listed[key], Validators()))

    def _key(self, url: str) -> str | None:
        """The identity of an address found in a list; None for what is not the outlet's."""
        try:
            if not in_scope(url, self.outlet):
                logger.info("%s: not fetched, it lies outside %s", url, self.outlet.name)
                return None
            return identity(url)
        except UrlError as error:
            logger.warning("%s", error)
            return None

    def _may_fetch(self, key: str) -> bool:
        """Whether a page was not asked for in this run, within the bound on pages."""
        if key in self._seen or self._left == 0:
            return False
        self._seen.add(key)
        if self._left is not None:
            self._left -= 1
        return True

    def _article(self, page: KnownPage) -> Request:
        return Request(
            page.url,
            callback=self.parse_article,
            errback=self.failed,
            headers=page.validators.headers(),
            dont_filter=True,
            meta={"key": page.key},
        )

    def _list(self, url: str, callback: Callable[[Response], Any], *, child: bool = False) -> Request:
        return Request(
            url,
            callback=callback,
            errback=self.failed,
            headers=self._state.source(url).headers(),
            priority=_LISTS_FIRST,
            meta={"wanted": False, "child": child, "source": url},
        )

    @property
    def _rechecks(self) -> bool:
        return self.settings.getbool("RECHECK")

    def _now(self) -> datetime:
        moment: datetime = load_object(self.settings["CLOCK"])()
        return moment


@dataclass(frozen=True, slots=True)
class _Captured:
    """What is to be remembered of a page once it is on the disk."""

    key: str
    validators: Validators
    moved_to: str | None


def _validators(response: Response) -> Validators:
    fields = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
    return Validators(*(field.decode("latin-1") if field else None for field in fields))
