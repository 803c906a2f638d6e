"""What leaves the server: headers that no archived byte can break out of, and bodies in pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from archive.errors import CollectionError, DecodeError, QueryError, RecordError, TearsheetError

INERT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
"""The policy of what is given as it was archived: it runs nothing, loads nothing, and is of no origin."""
_PIECE = 1 << 16
_NO_BODY = frozenset({204, 304})  # RFC 9110, 15.3.5 and 15.4.5
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{0,8000}")  # RFC 9110, 5.5, without what is obsolete
_STATUS = ((QueryError, 400), (CollectionError, 404), (RecordError, 500), (DecodeError, 500))

Headers = Mapping[str, str]


def failure(request: Request, error: Exception) -> Response:
    """The sentence of an error of ours, as text."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return said(str(error), status)


ERRORS: dict[type[Exception], Callable[[Request, Exception], Response]] = {TearsheetError: failure}


def said(sentence: str, status: int, headers: Headers | None = None) -> Response:
    return PlainTextResponse(sentence + "\n", status, {**safe(headers or {}), **guarded()})


def guarded() -> dict[str, str]:
    """Headers of every answer for machines."""
    return {
        "Content-Security-Policy": INERT,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }


def safe(headers: Headers) -> dict[str, str]:
    """The headers whose values can stand in a header; those that can't are left out."""
    return {name: value for name, value in headers.items() if _HEADER_VALUE.fullmatch(value)}


class Streamed(StreamingResponse):
    """Pieces as they come; `done` is called when they were sent and when the client has gone before that."""

    def __init__(
        self, pieces: Generator[bytes, None, None], status: int, headers: Headers, done: Callable[[], None]
    ) -> None:
        super().__init__(pieces, status, headers)
        self._pieces = pieces
        self._done = done

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._pieces.close()
            self._done()


def streamed(
    request: Request,
    pieces: Iterator[bytes],
    headers: Headers,
    status: int = 200,
    done: Callable[[], None] = lambda: None,
    nothing: Response | None = None,
) -> Response:
    """An answer with the pieces as its body, or `nothing` where there are none.

    What the first one raises is raised here; `done` is called whatever happens.
    """
    headers = {**safe(headers), **guarded()}
    if request.method == "HEAD" or status in _NO_BODY:
        done()
        return Response(status_code=status, headers=headers)
    try:
        first = next(pieces, None)
    except BaseException:
        done()
        raise
    if first is None and nothing is not None:
        done()
        return nothing
    return Streamed(_again(first or b"", pieces), status, headers, done)


def _again(first: bytes, pieces: Iterator[bytes]) -> Generator[bytes, None, None]:
    yield first
    yield from pieces


def packed(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines, many in a piece."""
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    if held:
        yield "".join(held).encode()
