"""How far discovery goes: which further lists are read, which of the listed pages are wanted, and what is left out.

One `Reach` serves one outlet for one run. Whatever it leaves out it can tell in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from crawler.discovery.found import Found
from crawler.discovery.judgement import date_in_path
from crawler.discovery.sitemaps import ChildSitemap
from crawler.discovery.sources import ListBounds, Listing
from crawler.discovery.spans import Span, expanded, span_in_address
from crawler.outlets.model import Outlet, SourceKind

_AHEAD = timedelta(days=2)
"""What a page of news may be dated ahead; calendars go on for ever."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The settings of discovery, by their names in crawler/settings.py."""

    lists: ListBounds = field(default_factory=ListBounds)
    depth: int = 2
    sitemaps: int = 50
    pages: int = 20
    url_length: int = 4_000


@dataclass(frozen=True, slots=True)
class Place:
    """A list to read.

    source  the address in the outlet's file that it was come by, or the sitemap's own
    depth   indexes above it
    page    pages of the same list before it
    days    the days that its address, or that of an index above it, names
    may_be_missing  it is no news that such an address is not there
    """

    kind: SourceKind
    url: str
    depth: int = 0
    page: int = 0
    days: Span | None = None
    may_be_missing: bool = False


class Reach:
    """What one run reads. `span` are the days of a backfill; None for a crawl of what is new. `today` is in UTC."""

    def __init__(self, bounds: Bounds, today: date, span: Span | None = None) -> None:
        self.span = span
        self._bounds = bounds
        self._today = today
        self._sitemaps_left = bounds.sitemaps
        self._counts: dict[str, int] = {}

    def sources(self, outlet: Outlet) -> tuple[list[Place], list[tuple[str, str]]]:
        """The lists to begin with, and notes: address and sentence.

        A general sitemap lists all that was ever published; it is only read where nothing lists what is new, or in a
        backfill. Of dated ones those of today and yesterday tell what is new.
        """
        kinds = {kind for kind, _ in outlet.sources()}
        everything = self.span is not None or kinds == {"sitemap"}
        places = [Place(kind, url) for kind, url in outlet.sources() if kind != "sitemap" or everything]
        notes = []
        span = self.span or Span(self._today - timedelta(days=1), self._today)
        for kind, template in outlet.dated_sources():
            addresses, rest = expanded(template, span, self._sitemaps_left)
            self._sitemaps_left -= len(addresses)
            places += [Place(kind, url, days=days, may_be_missing=True) for url, days in addresses.items()]
            if rest is not None:
                notes.append((template, _go_on("not all of its sitemaps were read", rest)))
        return places, notes

    def further(self, place: Place, listing: Listing) -> tuple[list[Place], list[str]]:
        """The lists to read after one, and notes about those that are not."""
        notes = [listing.cut] if listing.cut else []
        places: list[Place] = []
        if listing.indexes:
            places, left = self._children(place, listing.indexes)
            notes += left
        if self.span is not None and listing.next_url and not self._is_past(listing.entries):
            if place.page + 1 < self._bounds.pages:
                places.append(Place(place.kind, listing.next_url, place.depth, place.page + 1, place.days))
            else:
                notes.append(
                    f"it has more than {self._bounds.pages} pages; the others were not read (LIST_PAGES)"
                )
        return places, notes

    def wanted(self, place: Place, entries: Iterable[Found]) -> Iterator[Found]:
        """The entries to go after. What is left out is counted, for `left_out`."""
        for entry in entries:
            if len(entry.url) > self._bounds.url_length:
                self._count(
                    f"have an address of more than {self._bounds.url_length} characters (URLLENGTH_LIMIT)"
                )
            elif (named := date_in_path(entry.url)) and entry.origin == "section" and self._is_ahead(named):
                self._count("are of days to come, as in a calendar")
            elif self.span is None or self._is_of_span(place, entry, named, self.span):
                yield entry

    def left_out(self) -> Iterator[str]:
        """What was left out of all lists, in a sentence each."""
        for reason, number in self._counts.items():
            yield f"{number} of the addresses that its lists name {reason}; they were left out"

    def _children(self, place: Place, indexes: tuple[ChildSitemap, ...]) -> tuple[list[Place], list[str]]:
        if place.depth >= self._bounds.depth:
            return [], [f"its {len(indexes)} sitemaps lie too deep and were not read (SITEMAP_DEPTH)"]
        children = [(child, span_in_address(child.url) or place.days) for child in indexes]
        if self.span is not None:
            children = [each for each in children if self._may_hold(*each, self.span)]
            children.sort(key=lambda each: (each[1] is None, each[1].first if each[1] else date.min))
        else:
            children.sort(key=lambda each: _changed(*each), reverse=True)
        taken, left = children[: self._sitemaps_left], children[self._sitemaps_left :]
        self._sitemaps_left -= len(taken)
        places = [Place(place.kind, child.url, place.depth + 1, days=days) for child, days in taken]
        return places, [self._not_read([days for _, days in left])] if left else []

    def _not_read(self, left: list[Span | None]) -> str:
        text = f"{len(left)} of its sitemaps were not read"
        dated = [days for days in left if days is not None]
        if self.span is None or not dated:
            return f"{text} (SITEMAPS_A_RUN)"
        first = max(self.span.first, min(days.first for days in dated))
        last = min(self.span.last, max(days.last for days in dated))
        return _go_on(text, Span(first, last))

    def _may_hold(self, child: ChildSitemap, days: Span | None, span: Span) -> bool:
        """Whether a sitemap may list pages of the span: by its address, else since it changed after the first day."""
        if days is not None:
            return days.meets(span)
        return child.date is None or child.date.date() >= span.first

    def _is_of_span(self, place: Place, entry: Found, named: date | None, span: Span) -> bool:
        if named is not None:
            return named in span
        within = place.days is not None and span.first <= place.days.first and place.days.last <= span.last
        if entry.date is None:
            if not within:
                self._count("came without a day")
            return within
        # A general sitemap says when a page was last changed: one of the span may have been since.
        return entry.date in span or (within and entry.origin == "sitemap")

    def _is_past(self, entries: tuple[Found, ...]) -> bool:
        """Whether all that is dated on a page of a list is older than the span, as are the pages after it."""
        assert self.span is not None
        days = [date_in_path(entry.url) or (entry.date.date() if entry.date else None) for entry in entries]
        dated = [day for day in days if day is not None]
        return bool(dated) and max(dated) < self.span.first

    def _is_ahead(self, day: date) -> bool:
        return day > self._today + _AHEAD

    def _count(self, reason: str) -> None:
        self._counts[reason] = self._counts.get(reason, 0) + 1


def _changed(child: ChildSitemap, days: Span | None) -> date:
    """By what the newest sitemaps of an index come first; those that tell nothing keep their order behind them."""
    if isinstance(child.date, datetime):
        return child.date.date()
    return days.last if days is not None else date.min


def _go_on(text: str, span: Span) -> str:
    return f"{text} (SITEMAPS_A_RUN); go on with --since {span.first} --until {span.last}"
