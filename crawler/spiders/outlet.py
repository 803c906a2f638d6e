"""The outlet spider: finds what an outlet publishes, by its feeds, news sitemaps and section pages."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import TearsheetError
from archive.outcomes import Settled
from crawler.capture.handler import RECORDING
from crawler.discovery.found import Found
from crawler.discovery.reach import Bounds, Place, Reach
from crawler.discovery.scope import identity_in
from crawler.discovery.sources import Listing
from crawler.discovery.spans import span_of
from crawler.discovery.twins import Twins, twins_of
from crawler.discovery.urls import identity, safe_http_url
from crawler.items import Page
from crawler.outlets.loader import load_outlets
from crawler.outlets.model import Outlet, SourceKind
from crawler.outlets.seen import Answer, answered, unchanged
from crawler.politeness.domains import own_delays
from crawler.politeness.downloader import Stopped
from crawler.rendering.errors import NoBrowser
from crawler.rendering.wishes import AGAIN, RENDERED, Habit, Wish, Wishes
from crawler.signals import article_failed, articles_listed, page_failed, page_settled, source_seen
from crawler.spiders.allowance import Allowance
from crawler.spiders.base import NewsSpider, clock, is_disallowed, is_gone
from crawler.spiders.lists import answer_of, bounds_of, listing_of, not_seen, validators_of
from crawler.spiders.rendering import once_more, wished, wishes_of
from crawler.state.known import KnownPage, Validators
from crawler.state.shared import acquire, release
from crawler.state.store import FILE, CrawlState

logger = logging.getLogger(__name__)

_LISTS_FIRST = 10


class OutletSpider(NewsSpider):
    """`scrapy crawl outlet -a name=al-monitor -a max_pages=100`.

    Lists are fetched before articles. `max_pages` bounds the articles asked for; 0 means all. With `since` and `until`
    (days in UTC, inclusive) it goes after what was published then, through dated sitemaps and older pages of lists.
    """

    name = "outlet"
    strict = False
    handle_httpstatus_list = [HTTPStatus.NOT_MODIFIED]  # noqa: RUF012 - Scrapy's way to let a spider see a status

    def __init__(
        self, outlet: Outlet, state: CrawlState, reach: Reach, bounds: Bounds, max_pages: int = 0
    ) -> None:
        super().__init__()
        self.outlet = outlet
        self._state = state
        self._reach = reach
        self._bounds = bounds
        self._captured: dict[int, _Captured] = {}
        self._allowance = Allowance(max_pages or None)
        self._lists: set[str] = set()
        self.named_hosts = outlet.hosts_and_ports()

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *_: Any,
        name: str = "",
        max_pages: int | str = 0,
        since: str = "",
        until: str = "",
        outlet: Outlet | None = None,
    ) -> Self:
        """Made for `outlet`, or for the one called `name`. Raises OutletError for a name that no outlet has, SpanError
        for days that are none."""
        if outlet is None:
            folders = [Path(folder) for folder in crawler.settings.getlist("OUTLET_FOLDERS")]
            outlet = load_outlets(folders).get(name)
        if outlet.delay is not None:
            crawler.settings.set("DOWNLOAD_DELAY", outlet.delay, priority="spider")
            if not outlet.delay:
                crawler.settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
            slots = own_delays(outlet.hosts_and_ports(), crawler.settings.getfloat("DOWNLOAD_DELAY"))
            crawler.settings.set("DOWNLOAD_SLOTS", slots, priority="spider")
        path = Path(crawler.settings["COLLECTIONS"]) / crawler.settings["COLLECTION"] / FILE
        bounds, today = bounds_of(crawler.settings), clock(crawler.settings).date()
        reach = Reach(bounds, today, span_of(since, until, today))
        spider = cls(outlet, acquire(path), reach, bounds, int(max_pages))
        spider._set_crawler(crawler)
        crawler.signals.connect(spider._remember, page_settled)
        crawler.signals.connect(spider._tell_what_was_left_out, signals.spider_closed)
        crawler.signals.connect(lambda: release(path), signals.spider_closed, weak=False)
        return spider

    @cached_property
    def wishes(self) -> Wishes:
        name = self.outlet.name
        habit = Habit(self._state.streak(name), lambda streak: self._state.set_streak(name, streak))
        return wishes_of(self.settings, self.outlet, habit)

    @property
    def backfills(self) -> bool:
        """Whether this run goes back by date."""
        return self._reach.span is not None

    async def start(self) -> AsyncIterator[Request]:
        places, notes = self._reach.sources(self.outlet)
        for address, note in notes:
            self.note(address, note)
        for place in places:
            yield self._list(place)
        for address in self.outlet.tdm_files() if self.settings.getbool("TDM_FILES") else ():
            yield Request(address, callback=self.archive_file, errback=self.no_file, priority=_LISTS_FIRST)
        known = self._state.all if self.settings.getbool("RECHECK") else self._state.due
        for page in known(self.outlet.name, self.now()):
            if self._allowance.take(page.key):
                yield self._article(page)

    async def parse_list(
        self, response: Response, kind: SourceKind, source: str, place: Place
    ) -> AsyncIterator[Request | Page]:
        """Callback for feeds, sitemaps and section pages."""
        yield self.page(response, wanted=False)
        answer = answer_of(response)
        if response.status == HTTPStatus.NOT_MODIFIED:
            self._unchanged(kind, source, answer)
            return
        listing = await listing_of(kind, answer, self.outlet.article_patterns, self._bounds.lists)
        if wish := self._list_wish(response, kind, listing):
            yield once_more(response, wish)
            return
        seen = answered(self.outlet.name, kind, source, answer, listing, self.now())
        self.crawler.signals.send_catch_log(source_seen, seen=seen)
        if isinstance(listing, TearsheetError) or answer.status != HTTPStatus.OK:
            self.crawler.signals.send_catch_log(
                page_failed, url=response.url, error=seen.reason, harmless=False
            )
            return
        # After a backfill a source is asked for whole once more: what it lists besides was passed over.
        validators = Validators() if self._reach.span else validators_of(response)
        entries = self._reach.wanted(place, listing.entries)
        for request in self._articles(source, validators, entries, seen.newest):
            yield request
        places, notes = self._reach.further(place, listing)
        for note in notes:
            self.note(response.url, note)
        for further in places:
            if further.url not in self._lists:
                yield self._list(further)

    def _list_wish(
        self, response: Response, kind: SourceKind, listing: Listing | TearsheetError
    ) -> Wish | None:
        """How to ask once more for a section page that scripts fill; None for what names articles as it is."""
        plain = kind == "section" and response.status == HTTPStatus.OK and RENDERED not in response.flags
        return (
            self.wishes.after_list()
            if plain and isinstance(listing, Listing) and not listing.entries
            else None
        )

    def archive_file(self, response: Response) -> Iterator[Page]:
        """Callback for what is fetched to be archived and for nothing else."""
        yield self.page(response, wanted=False)

    def no_file(self, failure: Failure) -> None:
        """Errback for what most hosts don't have."""
        if not is_gone(failure.value):
            self.failed(failure)

    async def parse_article(self, response: Response) -> AsyncIterator[Request | Page]:
        moved_to = response.url if "redirect_urls" in response.meta else None
        if moved_to is not None:
            # Where a redirect led is not fetched again if a later list names it.
            self._allowance.is_seen(identity(moved_to))
        twins = twins_of(response.body, response.url) if response.status == HTTPStatus.OK else Twins()
        captured = _Captured(response.meta["key"], validators_of(response), moved_to, twins)
        if before := response.meta.get(AGAIN):
            self._captured.pop(before.recording.capture.number, None)
        self._captured[response.meta[RECORDING].capture.number] = captured
        async for found in self.story(response):
            yield found

    def failed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, Stopped):
            return
        if key := request.meta.get("key"):
            self.crawler.signals.send_catch_log(article_failed, error=failure.value)
            if is_gone(failure.value):
                self._state.gone(key, self.now())
            # Else it is tried again in the next run, and this was no try.
            elif not (self.is_left_alone(request) or isinstance(failure.value, NoBrowser)):
                self._state.failed(key, self.now(), closed=is_disallowed(failure.value))
        elif (source := request.cb_kwargs) and not (
            source["place"].may_be_missing and is_gone(failure.value)
        ):
            seen = not_seen(self.outlet.name, source["kind"], source["source"], failure.value, self.now())
            self.crawler.signals.send_catch_log(source_seen, seen=seen)
        super().failed(failure)

    def _remember(self, page: Page, settled: Settled) -> None:
        """A page is on the disk: from now on it counts as fetched."""
        captured = self._captured.pop(settled.capture.number, None)
        if captured is not None:
            validators = captured.validators
            self._state.fetched(captured.key, validators, self.now(), moved_to=captured.moved_to)
            self._remember_twin(captured.key, captured.twins)

    def _remember_twin(self, key: str, twins: Twins) -> None:
        """The same article under its other address is known from now on; it is the canonical one that is looked at for
        edits."""
        address = twins.canonical or twins.amp
        twin = identity_in(address, self.outlet) if address else None
        if address is not None and twin is not None and twin != key:
            self._allowance.is_seen(twin)
            named, canonical = self.outlet.name, twins.canonical is not None
            self._state.twin(twin, address, named, self.now(), of=key, looked_at=canonical)

    def _unchanged(self, kind: SourceKind, source: str, answer: Answer) -> None:
        """Tell of a source that lists what it listed when it was last sent."""
        known = self._state.known_source(source)
        if known is not None:
            seen = unchanged(self.outlet.name, kind, source, answer, known, self.now())
            self.crawler.signals.send_catch_log(source_seen, seen=seen)

    def _articles(
        self, source: str, validators: Validators, entries: Iterable[Found], newest: datetime | None
    ) -> Iterator[Request]:
        """Requests for what a list names and no run knew before."""
        listed: dict[str, str] = {}
        for entry in entries:
            if key := identity_in(entry.url, self.outlet):
                listed.setdefault(key, safe_http_url(entry.url))
        new = self._state.listed(source, validators, self.outlet.name, listed, self.now(), newest)
        self.crawler.signals.send_catch_log(articles_listed, keys=listed.keys(), new=len(new))
        for key in new:
            if self._allowance.take(key):
                yield self._article(KnownPage(key, listed[key], Validators()))

    def _article(self, page: KnownPage) -> Request:
        request = Request(
            page.url,
            callback=self.parse_article,
            errback=self.failed,
            headers=page.validators.headers(),
            dont_filter=True,
            meta={"key": page.key},
        )
        return wished(request, self.wishes.first())

    def _list(self, place: Place) -> Request:
        self._lists.add(place.url)
        validators = Validators() if self._reach.span else self._state.source(place.url)
        request = Request(
            place.url,
            callback=self.parse_list,
            errback=self.failed,
            headers=validators.headers(),
            priority=_LISTS_FIRST,
            # Scrapy's filter would swallow a redirect to where it came from, and nobody would be told of the source.
            dont_filter=True,
            # What is wanted and gone is a note.
            meta={"wanted": place.may_be_missing},
            cb_kwargs={"kind": place.kind, "source": place.url, "place": place},
        )
        return wished(request, self.wishes.list()) if place.kind == "section" else request

    def _tell_what_was_left_out(self) -> None:
        for sentence in self._reach.left_out():
            self.note(self.outlet.name, sentence)
        if passed_over := self._allowance.passed_over:
            rest = f"{passed_over} more articles are known and left for the next crawl (--max-pages)"
            self.note(self.outlet.name, rest)


@dataclass(frozen=True, slots=True)
class _Captured:
    """What is to be remembered of a page once it is on the disk."""

    key: str
    validators: Validators
    moved_to: str | None
    twins: Twins
