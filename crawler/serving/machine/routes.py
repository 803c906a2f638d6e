"""CDX and Memento for machines: a collection's index, TimeMaps, TimeGate and mementos, at the addresses of pywb.

    /NAME/cdx?url=URL             the index, with the parameters of pywb's CDX server
    /NAME/timemap/link/URL        TimeMap (RFC 7089, 5); `json` and `cdxj` in place of `link` give the index's lines
    /NAME/timegate/URL            302 to the memento nearest to Accept-Datetime (RFC 7089, 4.1)
    /NAME/20260301120000id_/URL   the memento nearest to a time: the entity as it was archived

An address is that of the archived page as it is, its query included; nothing in it needs to be escaped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from archive.access.index import Index
from archive.access.line import IndexLine
from archive.access.memento import LINK_FORMAT, Addresses, choose, in_header, links, mementos, timemap
from archive.access.moments import parse_http_date
from archive.access.query import parse_query
from archive.collection import Collection
from archive.errors import QueryError, TearsheetError
from crawler.serving.machine.answers import failure, packed, said, streamed
from crawler.serving.machine.asked import asked_url
from crawler.serving.machine.payloads import Wanted, answer

_FORMS = {"json": ("text/x-ndjson", IndexLine.as_json), "cdxj": ("text/x-cdxj", IndexLine.as_cdxj)}


def routes(collections: Path, *, mementos_at: str | None = None) -> list[BaseRoute]:
    """The routes for the collections in a folder.

    mementos_at  the origin that gives mementos, such as `http://127.0.0.1:8401`; None for the one that these routes
                 are part of. What is archived is hostile: where pages for people are served, name another one.
    """
    machine = _Machine(collections, mementos_at)
    made: list[BaseRoute] = [
        _route("/{collection}/cdx", machine.cdx),
        _route("/{collection}/timemap/{form}/{url:path}", machine.timemap),
        _route("/{collection}/timegate/{url:path}", machine.timegate),
    ]
    if mementos_at is None:
        made.append(_route("/{collection}/{time}id_/{url:path}", machine.memento))
    return made


def _route(path: str, endpoint: Callable[[Request], Response]) -> Route:
    def answered(request: Request) -> Response:
        if refusal := _refusal(request):
            return refusal
        try:
            return endpoint(request)
        except TearsheetError as error:
            return failure(request, error)

    return Route(path, answered, methods=["GET"])


def _refusal(request: Request) -> Response | None:
    """Fetch Metadata: no script reads this, be it of another site or of an archived page; people and programs do."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site != "none" and request.headers.get("Sec-Fetch-Mode") != "navigate":
        return said("Sec-Fetch-Site: scripts of web pages get nothing from here", 403)
    return None


@dataclass(frozen=True, slots=True)
class _Machine:
    collections: Path
    mementos_at: str | None

    def cdx(self, request: Request) -> Response:
        query = parse_query(request.query_params.multi_items())
        collection = self._open(request)
        lines = packed(query.answer(Index(collection)))
        return streamed(
            request, lines, {"Content-Type": f"{query.media_type}; charset=utf-8"}, done=collection.close
        )

    def timemap(self, request: Request) -> Response:
        form = request.path_params["form"]
        if form != "link" and form not in _FORMS:
            raise QueryError("timemap", f"{form[:40]!r} is none of link, {', '.join(_FORMS)}")
        url = asked_url(request, 3)
        collection = self._open(request)
        addresses = self._addresses(request, collection.name)
        lines = mementos(Index(collection), url)
        if form == "link":
            media_type, written = LINK_FORMAT, timemap(lines, url, addresses)
        else:
            media_type, write = _FORMS[form]
            written = (write(line, None) for line in lines)
        pieces = packed(written)
        headers = {"Content-Type": f"{media_type}; charset=utf-8", "Link": links(url, addresses)}
        nothing = said(f"{in_header(url)} is not in the collection {collection.name}", 404)
        return streamed(request, pieces, headers, done=collection.close, nothing=nothing)

    def timegate(self, request: Request) -> Response:
        url = asked_url(request, 2)
        wanted = request.headers.get("Accept-Datetime")
        moment = parse_http_date("Accept-Datetime", wanted) if wanted else None
        with self._open(request) as collection:
            addresses = self._addresses(request, collection.name)
            chosen = choose(mementos(Index(collection), url), moment)
        headers = {"Vary": "accept-datetime", "Link": links(url, addresses, chosen)}
        if chosen is None:
            return said(f"{in_header(url)} is not in the collection {collection.name}", 404, headers)
        target = addresses.memento(chosen.line.timestamp, in_header(chosen.line.url))
        return said(f"The capture nearest to that time is at {target}", 302, {**headers, "Location": target})

    def memento(self, request: Request) -> Response:
        url = asked_url(request, 2)
        digits = request.path_params["time"]
        collection = self._open(request)
        return answer(request, collection, Wanted(url, digits, self._addresses(request, collection.name)))

    def _open(self, request: Request) -> Collection:
        return Collection(self.collections, request.path_params["collection"])

    def _addresses(self, request: Request, collection: str) -> Addresses:
        here = f"{request.url.scheme}://{request.headers.get('Host', '')}{request.scope.get('root_path', '')}"
        return Addresses(f"{here}/{collection}", f"{self.mementos_at or here}/{collection}")
