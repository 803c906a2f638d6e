"""The outlet spider: finds what an outlet publishes, by its feeds, news sitemaps and section pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.errors import TearsheetError
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
from crawler.signals import page_failed
from crawler.spiders.base import NewsSpider

logger = logging.getLogger(__name__)

T = TypeVar("T")

MAX_SITEMAPS = 50  # child sitemaps of one index: more is a whole archive, which a daily crawl has no use for
_LISTS_FIRST = 10


class OutletSpider(NewsSpider):
    """`scrapy crawl outlet -a name=al-monitor -a max_pages=100`.

    Lists are fetched before articles. `max_pages` bounds the articles asked for; 0 means all.
    """

    name = "outlet"

    def __init__(self, outlet: Outlet, max_pages: int = 0, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.outlet = outlet
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
        spider = cls(outlet, int(max_pages))
        spider._set_crawler(crawler)
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

    async def parse_feed(self, response: Response) -> AsyncIterator[Request | Page]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        yield self.page(response, wanted=False)
        feed = await self._read(response, parse_feed, content_type or None)
        for request in self._articles(feed.entries if feed else ()):
            yield request

    async def parse_sitemap(self, response: Response) -> AsyncIterator[Request | Page]:
        yield self.page(response, wanted=False)
        sitemap = await self._read(response, parse_sitemap)
        if sitemap is None:
            return
        for request in self._articles(sitemap.entries):
            yield request
        if not response.meta["child"]:
            for child in sitemap.indexes[:MAX_SITEMAPS]:
                yield self._list(child.url, self.parse_sitemap, child=True)

    async def parse_section(self, response: Response) -> AsyncIterator[Request | Page]:
        yield self.page(response, wanted=False)
        links = await self._read(response, article_links, self.outlet.article_patterns)
        for request in self._articles(links or ()):
            yield request

    async def parse_article(self, response: Response) -> AsyncIterator[Request | Page]:
        # Where a redirect led is not fetched again if a later list names it.
        self._seen.add(identity(response.url))
        async for found in self.story(response):
            yield found

    async def _read(self, response: Response, parse: Callable[..., T], *arguments: Any) -> T | None:
        """What `parse` makes of a list, in a thread: a long or hostile one takes seconds. None where it fails,
        which is told."""
        try:
            return await asyncio.to_thread(parse, response.body, response.url, *arguments)
        except TearsheetError as error:
            self.crawler.signals.send_catch_log(page_failed, url=response.url, error=str(error), wanted=False)
            return None

    def _articles(self, entries: Iterable[Found]) -> Iterator[Request]:
        for entry in entries:
            if self._is_new(entry.url):
                yield Request(
                    safe_http_url(entry.url),
                    callback=self.parse_article,
                    errback=self.failed,
                    dont_filter=True,
                )

    def _is_new(self, url: str) -> bool:
        """Whether an address found in a list is to be fetched: the outlet's, not seen in this run, and within
        the bound on pages."""
        try:
            if not in_scope(url, self.outlet):
                logger.info("%s: not fetched, it lies outside %s", url, self.outlet.name)
                return False
            key = identity(url)
        except UrlError as error:
            logger.warning("%s", error)
            return False
        if key in self._seen or self._left == 0:
            return False
        self._seen.add(key)
        if self._left is not None:
            self._left -= 1
        return True

    def _list(self, url: str, callback: Callable[[Response], Any], *, child: bool = False) -> Request:
        return Request(
            url,
            callback=callback,
            errback=self.failed,
            priority=_LISTS_FIRST,
            meta={"wanted": False, "child": child},
        )
