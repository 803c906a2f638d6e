"""Errors as pages: one sentence that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.errors import CollectionError, RecordError, TearsheetError
from crawler.serving.rendering import page


def _told(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = HTTPStatus(status)
    detail = error.detail if isinstance(error, HTTPException) else str(error)
    plain = detail == known.phrase
    sentence = "There is no page at this address." if plain and status == 404 else detail
    response = page("failure.html", status, title=known.phrase, sentence=sentence)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _unforeseen(_: Request, error: Exception) -> Response:
    sentence = (
        f"Something went wrong that was not foreseen ({type(error).__name__}); the server's output says more."
    )
    return page("failure.html", 500, title="Internal Server Error", sentence=sentence)


HANDLERS: Mapping[Any, Callable[[Request, Exception], Response]] = {
    HTTPException: _told,
    CollectionError: _told,
    RecordError: _told,
    TearsheetError: _told,
    Exception: _unforeseen,
}
