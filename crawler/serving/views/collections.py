"""The first page: which collections there are."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.catalogue.search_rows import Facets
from archive.errors import TearsheetError
from crawler.serving.library import Library
from crawler.serving.rendering import page


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the first page says of a collection; `problem` where it can't be read."""

    name: str
    facets: Facets | None = None
    captures: int = 0
    problem: str | None = None


def show(request: Request) -> Response:
    library: Library = request.app.state.library
    shelves = [_shelf(library, name) for name in library.names()]
    return page("collections.html", folder=str(library.folder), shelves=shelves)


def _shelf(library: Library, name: str) -> Shelf:
    try:
        with library.open(name) as collection:
            counts = collection.counts()
        return Shelf(name, library.search(name).facets(), counts.captures)
    except HTTPException as error:
        return Shelf(name, problem=error.detail)
    except TearsheetError as error:
        return Shelf(name, problem=str(error))
