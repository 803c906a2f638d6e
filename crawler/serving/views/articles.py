"""The articles of a collection: all of them, or those that a search finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from archive.catalogue.search_rows import PAGE, Hit
from archive.collection import Collection
from archive.errors import CollectionError
from archive.search.marking import Piece, marked, snippet
from archive.search.query import Query
from archive.text.names import TextName
from crawler.serving.asking import Asked
from crawler.serving.library import Library
from crawler.serving.rendering import page


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a text, its headline and the stretch of it that shows why it was found, in pieces."""

    hit: Hit
    headline: tuple[Piece, ...]
    snippet: tuple[Piece, ...]

    @property
    def stem(self) -> str:
        return TextName(self.hit.number, self.hit.hash).stem


def show(request: Request) -> Response:
    library: Library = request.app.state.library
    name = request.path_params["name"]
    asked = Asked.of(request.query_params)
    search = library.search(name)
    found = search.find(asked.wanted)
    with library.open(name) as collection:
        entries = list(_entries(collection, found.hits, asked.query))
    return page(
        "articles.html",
        name=name,
        asked=asked,
        facets=search.facets(),
        total=found.total,
        entries=entries,
        first=(asked.page - 1) * PAGE + 1,
        pages=max(1, -(-found.total // PAGE)),
        note=search.note,
        progress=search.progress,
        nothing_asked=bool(asked.q and not asked.query),
    )


def _entries(collection: Collection, hits: Iterable[Hit], query: Query) -> Iterable[Entry]:
    for hit in hits:
        shown: tuple[Piece, ...] = (Piece(hit.opening),)
        if query.wanted:
            try:
                content = collection.texts.read(TextName(hit.number, hit.hash)).decode(errors="replace")
                shown = snippet(content.partition("\n\n")[2], query)
            except CollectionError:
                shown = (Piece("The text can't be read; its page says why."),)
        yield Entry(hit, marked(hit.headline, query), shown)
