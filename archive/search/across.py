"""Search of several collections at once: what each of them finds, as one list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from archive.catalogue.search_rows import Facets, Hit, Order, Wanted, dated
from archive.errors import CollectionError
from archive.search.searching import Searching

DEEPEST = 1_000
"""How far to lead people in a list of several collections: each of them is asked for as many hits as lie before the end
of what is shown, which bounds what a page costs."""

Failed = Callable[[str, CollectionError], None]
"""Takes the name of a collection that can't be searched, and why."""


@dataclass(frozen=True, slots=True)
class HitIn:
    """A text that was found, and the collection that has it."""

    collection: str
    hit: Hit


@dataclass(frozen=True, slots=True)
class FoundAcross:
    """The texts asked for, and how many there are in all collections."""

    total: int
    hits: tuple[HitIn, ...]


def find_across(searches: Iterable[Searching], wanted: Wanted, on_failure: Failed) -> FoundAcross:
    """The hits of all collections by their dates; by relevance, the best of each, then the second of each, of those in
    the same place the newest first: how rare a word is, by which hits are ranked, is another thing in each collection.

    A collection that can't be searched goes to `on_failure`, and the others are searched.
    """
    reach = wanted.offset + wanted.limit
    total = 0
    placed: list[tuple[int, HitIn]] = []
    for search in searches:
        try:
            found = search.find(replace(wanted, offset=0, limit=reach))
        except CollectionError as error:
            on_failure(search.name, error)
            continue
        total += found.total
        placed += [(place, HitIn(search.name, hit)) for place, hit in enumerate(found.hits)]
    _sort(placed, wanted.sorted_by)
    return FoundAcross(total, tuple(hit for _, hit in islice(placed, wanted.offset, reach)))


def facets_across(searches: Iterable[Searching], on_failure: Failed) -> Facets:
    """How many articles all collections have of each outlet, language and kind; failures as in `find_across`."""
    articles = 0
    newest: str | None = None
    outlets, languages, kinds = Counter[str | None](), Counter[str | None](), Counter[str | None]()
    for search in searches:
        try:
            facets = search.facets()
        except CollectionError as error:
            on_failure(search.name, error)
            continue
        articles += facets.articles
        newest = max(filter(None, (newest, facets.newest)), default=None)
        for counter, counts in (
            (outlets, facets.outlets),
            (languages, facets.languages),
            (kinds, facets.kinds),
        ):
            counter.update(dict(counts))
    counted = [tuple(each.most_common()) for each in (outlets, languages, kinds)]
    return Facets(articles, counted[0], counted[1], counted[2], newest)


def _sort(placed: list[tuple[int, HitIn]], order: Order) -> None:
    placed.sort(key=lambda each: _moment(each[1].hit), reverse=order != "oldest")
    if order == "relevance":
        placed.sort(key=lambda each: each[0])


def _moment(hit: Hit) -> str:
    return dated(hit.published, hit.captured)["moment"]
