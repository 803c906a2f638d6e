"""The second origin: it replays archived pages, and gives machines what is in the collections.

    /view?collection=NAME&time=20260301120000&url=URL   the document that the app shows in a frame
    /replay/sw.js                                        replayweb.page's service worker, unmodified
    /source/KEY/NAME/20260301120000id_/URL               what the worker asks for: one capture
    /NAME/20260301120000mp_/URL                          the capture as pywb rewrites it, in the worker's place
    /NAME/cdx, /NAME/timemap/..., ...                    see crawler.serving.machine.routes

The worker is given no WARC file to read. It asks for each address that the page wants when the page wants it, and the
reader of the collection answers: so it makes no difference how large the collection is, files that are being written
count as well, revisits are resolved by the code that resolves them elsewhere, and nothing is derived or kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from archive.access.index import Index
from archive.access.memento import Addresses, choose, mementos
from archive.access.moments import moment_of, padded, timestamp
from archive.access.payload import captured
from archive.collection import Collection
from archive.errors import QueryError, TearsheetError
from crawler.serving.machine.answers import failure, said
from crawler.serving.machine.asked import asked_url
from crawler.serving.machine.payloads import Wanted, answer
from crawler.serving.machine.routes import routes
from crawler.serving.replay.address import VIEW
from crawler.serving.replay.documents import SCRIPT, STYLE, Shown, explanation, frame
from crawler.serving.replay.guard import WORKER, Guard
from crawler.serving.replay.package import Files, find
from crawler.serving.replay.pywb import Pywb, PywbError, find_wayback, running

SOURCE = "/source"
_REWRITTEN = re.compile(r"\d{14}[a-z]{2}_", re.ASCII)


def replay_app(collections: Path, app_origin: str, *, names: Iterable[str] = ()) -> Starlette:
    """The app of the replay origin for the collections in a folder.

    app_origin  scheme, host and port of the app, in whose frames alone archived pages are shown
    names       hosts that it answers to besides this machine's own
    """
    files = find()
    beside = _Beside(None if files else find_wayback(), collections)
    replay = _Replay(collections, app_origin, files, beside)
    made = Starlette(
        routes=[
            Route(VIEW, replay.view, methods=["GET"]),
            Route(WORKER, replay.worker, methods=["GET"]),
            Route("/view.js", lambda _: Response(SCRIPT, media_type="text/javascript"), methods=["GET"]),
            Route("/view.css", lambda _: Response(STYLE, media_type="text/css"), methods=["GET"]),
            Route(SOURCE + "/{key}/{collection}/{time}id_/{url:path}", replay.source, methods=["GET"]),
            *routes(collections),
            Route("/static/{path:path}", replay.rewritten, methods=["GET"]),
            Route("/{collection}/{time}/{url:path}", replay.rewritten, methods=["GET"]),
        ],
        middleware=[Middleware(Guard, names=tuple(names))],
        exception_handlers={TearsheetError: failure},
        lifespan=beside.lifespan,
    )
    made.router.redirect_slashes = False  # an archived address without a slash at its end is another one
    return made


def can_replay() -> bool:
    """Whether anything is there by which archived pages are replayed."""
    return bool(find() or find_wayback())


@dataclass(slots=True)
class _Beside:
    """pywb, as long as the server runs, where it is there and needed; or the sentence why it does not run."""

    program: Path | None
    collections: Path
    pywb: Pywb | None = None
    problem: str | None = None

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        with ExitStack() as stack:
            if self.program is not None:
                started = running(self.program, self.collections)
                try:
                    self.pywb = await to_thread.run_sync(stack.enter_context, started)
                except PywbError as error:
                    self.problem = str(error)
            yield
            await to_thread.run_sync(stack.close)


@dataclass(frozen=True, slots=True)
class _Replay:
    collections: Path
    app_origin: str
    files: Files | None
    beside: _Beside
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def view(self, request: Request) -> Response:
        # A page that is replayed may not open another one: it would learn the key of another collection from it.
        if request.headers.get("Sec-Fetch-Site") == "same-origin":
            return said("Sec-Fetch-Site: archived pages are shown by the app alone", 403)
        asked = {name: request.query_params.get(name) or "" for name in ("collection", "time", "url")}
        for name, value in asked.items():
            if not value:
                raise QueryError(name, "it is missing; open the page from the app")
        name, time = asked["collection"], padded("time", asked["time"])
        with Collection(self.collections, name) as collection:
            if self.beside.pywb is not None:
                time = _modified(collection, asked["url"], time)
        if self.files is not None:
            key = self._key(name)
            shown = Shown(asked["url"], time, f"{name}-{key[:12]}", f"{SOURCE}/{key}/{name}/")
        elif self.beside.pywb is not None:
            shown = Shown(asked["url"], time, name)
        else:
            return explanation(self.app_origin, self.beside.problem)
        return frame(shown, self.app_origin)

    def rewritten(self, request: Request) -> Response:
        """What pywb makes of a capture, and its own files."""
        time = request.path_params.get("time")
        if self.beside.pywb is None or not (time is None or _REWRITTEN.fullmatch(time)):
            return said("Not Found", 404)
        return self.beside.pywb.answer(request)

    def worker(self, _: Request) -> Response:
        if self.files is None:
            return said("replayweb.page is not installed; `tearsheet serve --get-replay` gets it", 404)
        # The worker's policy holds for all that it asks for: it never leaves this origin.
        headers = {"Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-eval'"}
        return Response(self.files.read("sw.js"), media_type="text/javascript", headers=headers)

    def source(self, request: Request) -> Response:
        name = request.path_params["collection"]
        if not hmac.compare_digest(request.path_params["key"].encode(), self._key(name).encode()):
            return said("key: it is not that of this collection; open the page from the app", 403)
        url, time = asked_url(request, 4), request.path_params["time"]
        base = f"{SOURCE}/{request.path_params['key']}/{name}"
        return answer(request, Collection(self.collections, name), Wanted(url, time, Addresses(base, base)))

    def _key(self, collection: str) -> str:
        """What opens one collection to the pages that are replayed from it, as long as the server runs."""
        return hmac.new(self._secret, collection.encode(), hashlib.sha256).hexdigest()[:32]


def _modified(collection: Collection, url: str, time: str) -> str:
    """The time of the capture that pywb is to be asked for: of one that was found not modified, it shows nothing."""
    chosen = choose(mementos(Index(collection), url), moment_of("time", time))
    if chosen is None or chosen.line.get("status") != "304":
        return time
    capture = captured(collection, chosen.line)
    return timestamp(collection.original(capture).date) if capture else time
