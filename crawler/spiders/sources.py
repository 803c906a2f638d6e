"""Fetches the sources of outlets to see whether they work."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from archive.errors import TearsheetError
from crawler.discovery.sources import Kind, Listing, read_source
from crawler.middlewares.robots import UNREACHABLE
from crawler.outlets.model import Outlet
from crawler.outlets.seen import Answer, SourceSeen, answered, unanswered
from crawler.signals import source_seen
from crawler.spiders.base import NewsSpider, sentence


def sources_of(outlet: Outlet) -> Iterator[tuple[Kind, str]]:
    """Every source of an outlet with its kind."""
    yield from (("feed", url) for url in outlet.feeds)
    yield from (("news sitemap", url) for url in outlet.news_sitemaps)
    yield from (("sitemap", url) for url in outlet.sitemaps)
    yield from (("section", url) for url in outlet.sections)


class SourcesSpider(NewsSpider):
    """A spider that asks for sources: an answer of any status is one, and what was seen is signalled."""

    # Redirects are not among them: they are followed.
    handle_httpstatus_list = (*range(100, 300), *range(400, 600))

    def now(self) -> datetime:
        moment: datetime = load_object(self.settings["CLOCK"])()
        return moment

    def tell(self, seen: SourceSeen) -> None:
        self.crawler.signals.send_catch_log(source_seen, seen=seen)


class CheckSpider(SourcesSpider):
    """Fetches each source of the outlets once, whatever hosts they are on side by side."""

    def __init__(self, outlets: Sequence[Outlet], **arguments: Any) -> None:
        super().__init__(name="check", **arguments)
        self.outlets = outlets
        hosts = {urlsplit(url).hostname or "" for outlet in outlets for _, url in sources_of(outlet)}
        named = {urlsplit(f"//{host}").hostname or "" for outlet in outlets for host in outlet.domains}
        self.named_hosts = frozenset(hosts | named)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: Any, outlets: Sequence[Outlet] = ()) -> Self:
        """Made for the outlets; those with a delay of their own get it for their hosts."""
        slots: dict[str, dict[str, float]] = {}
        for outlet in outlets:
            if outlet.delay is not None:
                hosts = {urlsplit(url).hostname or "" for _, url in sources_of(outlet)}
                slots |= {host: {"delay": outlet.delay, "jitter": 0} for host in hosts}
        crawler.settings.set("DOWNLOAD_SLOTS", slots, priority="spider")
        spider = cls(outlets)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for outlet in self.outlets:
            for kind, url in sources_of(outlet):
                yield Request(
                    url,
                    callback=self.look,
                    errback=self.unseen,
                    dont_filter=True,
                    meta={"autothrottle_dont_adjust_delay": outlet.delay is not None},
                    cb_kwargs={"outlet": outlet, "kind": kind, "url": url},
                )

    async def look(self, response: Response, outlet: Outlet, kind: Kind, url: str) -> None:
        answer = answer_of(response)
        listing = await listing_of(kind, answer, outlet.article_patterns)
        self.tell(answered(outlet.name, kind, url, answer, listing, self.now()))

    def unseen(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        source = request.cb_kwargs
        self.tell(not_seen(source["outlet"].name, source["kind"], source["url"], failure.value, self.now()))


def answer_of(response: Response) -> Answer:
    """A response as an answer, with the way that it took."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
    redirects = tuple(code for code in response.meta.get("redirect_reasons", ()) if isinstance(code, int))
    return Answer(response.url, response.status, response.body, content_type, redirects)


async def listing_of(
    kind: Kind, answer: Answer, patterns: Sequence[re.Pattern[str]] = ()
) -> Listing | TearsheetError:
    """What an answer lists, or why it can't be read; read in a thread, since a hostile one takes seconds."""
    if answer.status != 200:
        return Listing(())
    try:
        return await asyncio.to_thread(
            read_source, kind, answer.body, answer.url, answer.content_type, patterns
        )
    except TearsheetError as error:
        return error


def not_seen(outlet: str, kind: Kind, url: str, error: BaseException | None, now: datetime) -> SourceSeen:
    """What is told of a source for which no answer came, or one that HttpError stands for."""
    if isinstance(error, HttpError):
        return answered(outlet, kind, url, Answer(url, error.response.status, b""), Listing(()), now)
    refused = isinstance(error, IgnoreRequest) and str(error) != UNREACHABLE
    return unanswered(outlet, kind, url, sentence(error), refused=refused)
