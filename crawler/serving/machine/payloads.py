"""Answers that hold what was archived."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from starlette.requests import Request
from starlette.responses import Response

from archive.access.index import Index
from archive.access.memento import Addresses, Chosen, choose, in_header, links, mementos
from archive.access.moments import http_date, moment_of
from archive.access.payload import Payload, captured, open_payload
from archive.collection import Collection
from crawler.serving.machine.answers import said, streamed
from crawler.serving.machine.ranges import parse_range

_WEB = re.compile(r"https?://", re.IGNORECASE)
_REFUSED = re.compile(r"q=0(?:\.0*)?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the capture of `url` nearest to 4 to 14 digits, the newest for none.

    addresses  where the other resources of its collection are
    """

    url: str
    digits: str
    addresses: Addresses


def answer(request: Request, collection: Collection, wanted: Wanted) -> Response:
    """The entity as it was archived, under its status. The collection is closed.

    A redirect leads to the capture of its target at the same time. Raises QueryError, and RecordError where the
    capture can't be read.
    """
    with collection:
        moment = moment_of("time", wanted.digits) if wanted.digits else None
        chosen = choose(mementos(Index(collection), wanted.url), moment)
        capture = captured(collection, chosen.line) if chosen else None
        if chosen is None or capture is None:
            sentence = f"{in_header(wanted.url)} is not in the collection {collection.name}"
            return said(sentence, 404, {"Link": links(wanted.url, wanted.addresses)})
        payload = open_payload(collection, capture)
    return _sent(request, payload, _headers(payload, chosen, wanted))


def _headers(payload: Payload, chosen: Chosen, wanted: Wanted) -> dict[str, str]:
    line = chosen.line
    headers = {
        "Memento-Datetime": http_date(moment_of("timestamp", line.timestamp)),
        "Link": links(line.url, wanted.addresses, chosen),
        "Content-Location": wanted.addresses.memento(line.timestamp, in_header(line.url)),
    }
    for name in ("Content-Type", "Content-Language"):
        if name in payload.described:
            headers[name] = payload.described[name]
    headers.setdefault("Content-Type", "application/octet-stream")
    if 300 <= payload.status < 400 and "Location" in payload.described:
        target = _target(line.url, payload.described["Location"])
        if target is not None:
            headers["Location"] = wanted.addresses.memento(line.timestamp, in_header(target))
    return headers


def _target(base: str, location: str) -> str | None:
    """Where a redirect leads, if it leads on the web."""
    try:
        target = urljoin(base, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError:
        return None
    return target if _WEB.match(target) else None


def _sent(request: Request, payload: Payload, headers: dict[str, str]) -> Response:
    status = payload.status
    try:
        pieces = payload.pieces()
        size = payload.size
        if payload.codings and not _accepted(request, payload.codings):
            body = payload.decoded()
            pieces, size = iter((body,)), len(body)
        elif payload.codings:
            headers["Content-Encoding"] = ", ".join(payload.codings)
        headers["Vary"] = "Accept-Encoding"
        if size is not None:
            headers["Accept-Ranges"] = "bytes"
            asked = (
                request.headers.get("Range") if status == 200 and "If-Range" not in request.headers else None
            )
            stretch = parse_range(asked, size)
            if stretch is not None:
                status, size, pieces = 206, stretch.length, stretch.of(pieces)
                headers["Content-Range"] = stretch.content_range
            headers["Content-Length"] = str(size)
    except IndexError as unsatisfiable:
        payload.close()
        return said("Range: not one of its bytes is there", 416, {"Content-Range": str(unsatisfiable)})
    except BaseException:
        payload.close()
        raise
    if status in (204, 304):
        headers.pop("Content-Length", None)
    return streamed(request, pieces, headers, status, payload.close)


def _accepted(request: Request, codings: tuple[str, ...]) -> bool:
    """Whether the client says that it undoes all of these content codings (RFC 9110, 12.5.3)."""
    accepted = set()
    for item in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, quality = item.partition(";")
        if not _REFUSED.fullmatch(quality.strip()):
            accepted.add(name.strip())
    return all(coding in accepted for coding in codings)
