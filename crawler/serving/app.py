"""The app that shows a folder of collections: pages for people, in HTML, on an origin of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from crawler.serving.archived import Archived
from crawler.serving.guard import Guard
from crawler.serving.library import Library
from crawler.serving.rendering import STATIC
from crawler.serving.views import article, articles, captures, changes, collections, failures


def app(
    collections_folder: Path,
    archived: Archived,
    *,
    names: Iterable[str] = (),
    further: Sequence[BaseRoute] = (),
) -> Starlette:
    """The app for the collections in a folder.

    archived  where the archived pages themselves are shown
    names     hosts that it answers to besides this machine's own
    further   routes beside the pages, such as those for machines
    """
    library = Library(collections_folder)

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        await to_thread.run_sync(library.refresh_all)
        try:
            yield
        finally:
            await to_thread.run_sync(library.close)

    text = "/collections/{name}/texts/{text}"
    capture = "/collections/{name}/captures/{number:int}"
    routes: list[BaseRoute] = [
        Route("/", collections.show),
        Route("/search", articles.show_all),
        Route("/collections/{name}", articles.show),
        Route(text, article.show),
        Route(f"{text}/changes", changes.show),
        Route(capture, captures.show),
        Route(f"{capture}/record", captures.record),
        Mount("/static", StaticFiles(directory=STATIC)),
        *further,
    ]
    made = Starlette(
        routes=routes,
        middleware=[
            Middleware(Guard, names=tuple(names), frames=archived.origin if archived.installed else None)
        ],
        exception_handlers=failures.HANDLERS,
        lifespan=running,
    )
    made.state.library = library
    made.state.archived = archived
    return made
