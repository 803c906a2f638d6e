"""Fetches the sources of outlets to see whether they work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery.spans import on_day
from crawler.outlets.model import Outlet, SourceKind
from crawler.outlets.seen import SourceSeen, answered
from crawler.politeness.domains import own_delays
from crawler.signals import source_seen
from crawler.spiders.base import NewsSpider
from crawler.spiders.lists import answer_of, listing_of, not_seen


class SourcesSpider(NewsSpider):
    """A spider that asks for sources: an answer of any status is one, and what was seen is signalled."""

    # Redirects are not among them: they are followed.
    handle_httpstatus_list = (*range(100, 300), *range(400, 600))

    def tell(self, seen: SourceSeen) -> None:
        self.crawler.signals.send_catch_log(source_seen, seen=seen)


class CheckSpider(SourcesSpider):
    """Fetches each source of the outlets once, whatever hosts they are on side by side."""

    def __init__(self, outlets: Sequence[Outlet], **arguments: Any) -> None:
        super().__init__(name="check", **arguments)
        self.outlets = outlets
        self.named_hosts = frozenset[str]().union(*(outlet.hosts_and_ports() for outlet in outlets))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_: Any, outlets: Sequence[Outlet] = ()) -> Self:
        """Made for the outlets; those with a delay of their own get it for their hosts."""
        slots: dict[str, dict[str, float]] = {}
        for outlet in outlets:
            if outlet.delay is not None:
                slots |= own_delays(outlet.hosts_and_ports(), outlet.delay, jitter=0)
        crawler.settings.set("DOWNLOAD_SLOTS", slots, priority="spider")
        spider = cls(outlets)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for outlet in self.outlets:
            yesterday = self.now().date() - timedelta(days=1)  # today's may not be there yet
            dated = ((kind, on_day(template, yesterday)) for kind, template in outlet.dated_sources())
            for kind, url in (*outlet.sources(), *dated):
                yield Request(
                    url,
                    callback=self.look,
                    errback=self.unseen,
                    dont_filter=True,
                    meta={"autothrottle_dont_adjust_delay": outlet.delay is not None},
                    cb_kwargs={"outlet": outlet, "kind": kind, "url": url},
                )

    async def look(self, response: Response, outlet: Outlet, kind: SourceKind, url: str) -> None:
        answer = answer_of(response)
        listing = await listing_of(kind, answer, outlet.article_patterns)
        self.tell(answered(outlet.name, kind, url, answer, listing, self.now()))

    def unseen(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        source = request.cb_kwargs
        self.tell(not_seen(source["outlet"].name, source["kind"], source["url"], failure.value, self.now()))
