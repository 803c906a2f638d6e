"""What the address of a page asks for: filters, order and page of a list. What makes no sense is passed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import get_args

from starlette.datastructures import QueryParams

from archive.catalogue.search_rows import PAGE, Order, Wanted
from archive.exports.selection import Selection
from archive.search.query import LONGEST, Query, parse

_NAME = 200
_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The values of the form, as they go back into it, and what they mean."""

    q: str
    outlet: str
    language: str
    kind: str
    since: str
    until: str
    sort: Order
    page: int
    query: Query

    @classmethod
    def of(cls, given: QueryParams, *, last_page: int = _PAGES) -> Asked:
        q = given.get("q", "").replace("\x00", " ").strip()[:LONGEST]
        query = parse(q)
        sort = given.get("sort")
        order: Order = next(
            (each for each in get_args(Order) if each == sort), "relevance" if query else "newest"
        )
        number = given.get("page", "1")
        return cls(
            q=q,
            outlet=given.get("outlet", "")[:_NAME],
            language=given.get("language", "")[:_NAME],
            kind=given.get("kind", "")[:_NAME],
            since=_day(given.get("since")),
            until=_day(given.get("until")),
            sort=order,
            page=min(max(int(number), 1), last_page)
            if number.isascii() and number.isdigit() and len(number) < 9
            else 1,
            query=query,
        )

    @property
    def wanted(self) -> Wanted:
        selection = Selection(
            outlets=frozenset(filter(None, [self.outlet])),
            languages=frozenset(filter(None, [self.language])),
            since=date.fromisoformat(self.since) if self.since else None,
            until=date.fromisoformat(self.until) if self.until else None,
        )
        return Wanted(self.query, selection, self.kind or None, self.sort, (self.page - 1) * PAGE)

    @property
    def values(self) -> dict[str, object]:
        """What a link to another page of the same list repeats."""
        names = ("q", "outlet", "language", "kind", "since", "until", "sort")
        return {name: getattr(self, name) for name in names}

    @property
    def filtered(self) -> bool:
        return bool(self.q or self.outlet or self.language or self.kind or self.since or self.until)


def _day(given: str | None) -> str:
    try:
        return date.fromisoformat(given or "").isoformat()
    except ValueError:
        return ""
