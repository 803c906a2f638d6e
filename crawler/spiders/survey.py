"""Looks for the sources of a site that is not known yet."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import TearsheetError
from crawler.discovery.front import FEED_PATHS, NEWS_SITEMAP_PATHS, SITEMAP_PATHS, Front, beside, read_front
from crawler.discovery.sources import Listing
from crawler.discovery.urls import absolute, host_and_port, identity
from crawler.middlewares.robots import PatientRobots
from crawler.outlets.model import SourceKind
from crawler.outlets.seen import Answer
from crawler.outlets.survey import Survey
from crawler.spiders.lists import answer_of, listing_of, not_seen
from crawler.spiders.sources import SourcesSpider

logger = logging.getLogger(__name__)

MAX_REQUESTS = 40
"""Addresses that one survey asks for: all common ones, and what a busy front page and robots.txt name besides."""
MAX_SITEMAPS = 5
"""Sitemaps looked at of one robots.txt or one index: some list a thousand, one a day."""
MAX_SECTIONS = 6
"""Sections kept where there is nothing better."""

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_HEAD = 4096  # bytes in which a page says that it is one, or a feed that it is not
# Where there is no front page at all the address is wrong; one that is refused may still have a feed.
_ANSWERS_TO_A_FRONT = [code for code in SourcesSpider.handle_httpstatus_list if code not in (404, 410)]


class SurveySpider(SourcesSpider):
    """Looks for feeds, sitemaps and sections by the front page's links, robots.txt and common addresses.

    It asks for one address after the other, and for a common one only while nothing better is known.
    """

    def __init__(self, survey: Survey, **arguments: Any) -> None:
        super().__init__(name="survey", **arguments)
        self.survey = survey
        self.named_hosts = frozenset([host_and_port(survey.url)])
        self._asked: set[str] = set()
        self._in_robots: tuple[str, ...] = ()
        self._front_page: tuple[Answer, Listing | TearsheetError] | None = None
        self._candidates = self._plan()

    async def start(self) -> AsyncIterator[Request]:
        yield self._front_request()

    async def front(self, response: Response) -> AsyncIterator[Request]:
        """Callback for the front page, or for the feed whose address was given in its place."""
        survey, answer = self.survey, answer_of(response)
        given = not self._asked
        self._asked.add(identity(survey.url))
        if given and answer.status == 200 and b"<html" not in answer.body[:_HEAD].lower():
            feed = await listing_of("feed", answer)
            if isinstance(feed, Listing):
                self.tell(survey.add("feed", survey.url, answer, feed, self.now()))
                survey.url = urljoin(answer.url, "/")
                yield self._front_request()
                return
        survey.url = answer.url
        if answer.status == 200:
            survey.front = await self._read(response)
            self._front_page = answer, await listing_of("section", answer)
        else:
            logger.warning("%s: HTTP %d; only common addresses are tried", answer.url, answer.status)
        robots = self.crawler.get_downloader_middleware(PatientRobots)
        self._in_robots = (
            () if robots is None else await robots.sitemaps(response.request or Request(answer.url))
        )
        for request in self._next():
            yield request

    def _front_request(self) -> Request:
        return Request(
            self.survey.url,
            callback=self.front,
            errback=self.failed,
            dont_filter=True,
            meta={"handle_httpstatus_list": _ANSWERS_TO_A_FRONT},
        )

    async def look(self, response: Response, kind: SourceKind, url: str) -> AsyncIterator[Request]:
        answer = answer_of(response)
        listing = await listing_of(kind, answer)
        if kind == "sitemap" and isinstance(listing, TearsheetError) and _FEED.search(answer.body, 0, _HEAD):
            # robots.txt may name a feed in place of a sitemap (sitemaps.org, "Other Sitemap formats").
            kind, listing = "feed", await listing_of("feed", answer)
        self.tell(self.survey.add(kind, url, answer, listing, self.now()))
        for request in self._next():
            yield request

    def unseen(self, failure: Failure) -> Iterator[Request]:
        source = failure.request.cb_kwargs  # type: ignore[attr-defined]
        self.tell(not_seen(self.survey.outlet, source["kind"], source["url"], failure.value, self.now()))
        yield from self._next()

    async def _read(self, response: Response) -> Front:
        try:
            return await asyncio.to_thread(read_front, response.body, response.url)
        except TearsheetError as error:
            logger.warning("%s; only common addresses are tried", error)
            return Front()

    def _next(self) -> Iterator[Request]:
        """The request for the next address of the plan that was not asked for."""
        for kind, url in self._candidates:
            key = identity(url)
            if key in self._asked or len(self._asked) >= MAX_REQUESTS:
                continue
            self._asked.add(key)
            yield Request(
                url,
                callback=self.look,
                errback=self.unseen,
                dont_filter=True,
                cb_kwargs={"kind": kind, "url": url},
            )
            return

    def _plan(self) -> Iterator[tuple[SourceKind, str]]:
        """Where to look, in turn; what comes next depends on what was kept until then."""
        survey = self.survey
        yield from (("feed", url) for url in survey.front.feeds)
        named = (absolute(survey.url, url) for url in self._in_robots[:MAX_SITEMAPS])
        yield from (("sitemap", url) for url in named if url)
        yield from self._common("feed", FEED_PATHS, "feed")
        yield from self._common("sitemap", NEWS_SITEMAP_PATHS, "news sitemap")
        yield from self._common("sitemap", SITEMAP_PATHS, "sitemap", "news sitemap")
        if not survey.has("news sitemap"):
            yield from (("sitemap", url) for url in self._news_children())
        if not (survey.has("feed") or survey.has("news sitemap")):
            yield from self._sections()

    def _common(
        self, kind: SourceKind, paths: tuple[str, ...], *wanted: SourceKind
    ) -> Iterator[tuple[SourceKind, str]]:
        for url in beside(self.survey.url, paths):
            if any(self.survey.has(one) for one in wanted):
                return
            yield kind, url

    def _news_children(self) -> list[str]:
        """Sitemaps of the indexes that were found whose address says that they are of news."""
        children = (child.url for _, listing in self.survey.kept for child in listing.indexes)
        return [url for url in children if "news" in urlsplit(url).path.lower()][:MAX_SITEMAPS]

    def _sections(self) -> Iterator[tuple[SourceKind, str]]:
        survey = self.survey
        if (front := self._front_page) is not None:
            answer, listing = front
            self.tell(survey.add("section", survey.url, answer, listing, self.now()))
        for url in survey.front.sections:
            if sum(seen.kind == "section" for seen, _ in survey.kept) >= MAX_SECTIONS:
                return
            yield "section", url
