"""The articles of a collection or of all: each of them, or those that a search finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from archive.catalogue.search_rows import PAGE, Facets, Hit
from archive.collection import Collection
from archive.errors import CollectionError
from archive.search.across import DEEPEST, HitIn, facets_across, find_across
from archive.search.marking import Piece, marked, snippet
from archive.search.query import Query
from archive.search.searching import Progress
from archive.text.names import TextName
from crawler.serving.asking import Asked
from crawler.serving.library import Library
from crawler.serving.rendering import page


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a text, its headline and the stretch of it that shows why it was found, in pieces."""

    collection: str
    hit: Hit
    headline: tuple[Piece, ...]
    snippet: tuple[Piece, ...]

    @property
    def stem(self) -> str:
        return TextName(self.hit.number, self.hit.hash).stem


def show(request: Request) -> Response:
    """The articles of one collection."""
    library: Library = request.app.state.library
    name = request.path_params["name"]
    asked = Asked.of(request.query_params)
    search = library.search(name)
    found = search.find(asked.wanted)
    with library.open(name) as collection:
        entries = [_entry(collection, hit, asked.query) for hit in found.hits]
    notes = [search.note] if search.note else []
    return _page(
        name, asked, search.facets(), entries, total=found.total, notes=notes, progress=search.progress
    )


def show_all(request: Request) -> Response:
    """Those of all collections. One that can't be searched is told of above the others' articles."""
    library: Library = request.app.state.library
    asked = Asked.of(request.query_params, last_page=DEEPEST // PAGE)
    searches, failed = library.search_all()
    problems = {name: str(error) for name, error in failed.items()}

    def on_failure(name: str, error: CollectionError) -> None:
        problems[name] = str(error)

    found = find_across(searches, asked.wanted, on_failure)
    facets = facets_across((search for search in searches if search.name not in problems), on_failure)
    notes = [f"{name} is left out: {problem}" for name, problem in sorted(problems.items())]
    notes += dict.fromkeys(search.note for search in searches if search.note)
    entries = list(_entries(library, found.hits, asked.query))
    progress = _together([search.progress for search in searches])
    return _page(None, asked, facets, entries, total=found.total, notes=notes, progress=progress)


def _page(
    name: str | None,
    asked: Asked,
    facets: Facets,
    entries: list[Entry],
    *,
    total: int,
    notes: list[str],
    progress: Progress | None,
) -> Response:
    listed = total if name else min(total, DEEPEST)
    return page(
        "articles.html",
        name=name,
        asked=asked,
        facets=facets,
        total=total,
        listed=listed,
        entries=entries,
        first=(asked.page - 1) * PAGE + 1,
        pages=max(1, -(-listed // PAGE)),
        notes=notes,
        progress=progress,
        nothing_asked=bool(asked.q and not asked.query),
    )


def _entries(library: Library, hits: Iterable[HitIn], query: Query) -> Iterator[Entry]:
    with ExitStack() as opened:
        collections: dict[str, Collection] = {}
        for found in hits:
            if found.collection not in collections:
                collections[found.collection] = opened.enter_context(library.open(found.collection))
            yield _entry(collections[found.collection], found.hit, query)


def _entry(collection: Collection, hit: Hit, query: Query) -> Entry:
    shown: tuple[Piece, ...] = (Piece(hit.opening),)
    if query.wanted:
        try:
            content = collection.texts.read(TextName(hit.number, hit.hash)).decode(errors="replace")
            shown = snippet(content.partition("\n\n")[2], query)
        except CollectionError:
            shown = (Piece("The text can't be read; its page says why."),)
    return Entry(collection.name, hit, marked(hit.headline, query), shown)


def _together(progresses: Iterable[Progress | None]) -> Progress | None:
    running = list(filter(None, progresses))
    return (
        Progress(sum(each.done for each in running), sum(each.missing for each in running))
        if running
        else None
    )
