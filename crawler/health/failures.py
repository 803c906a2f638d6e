"""Why an article could not be fetched, in a word that can be counted."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.capture.address import RefusedAddress
from crawler.middlewares.robots import UNREACHABLE

ROBOTS = "robots.txt"
OTHER = "no connection"
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (RefusedAddress, "private address"),
    (CannotResolveHostError, "unknown host"),
    (DownloadConnectionRefusedError, "connection refused"),
    (DownloadTimeoutError, "timeout"),
    (DownloadCancelledError, "too large"),
    (ResponseDataLossError, "cut short"),
)
REFUSED = frozenset(["401", "403", "407", "429", "451", ROBOTS])
"""The server does not give it to this crawler."""
PAID = frozenset(["402"])
GONE = frozenset(["404", "410"])
OF_THE_PAGE = frozenset(["private address", "too large", "left out"])
"""It says nothing of how the outlet's server is."""


def failure_word(error: BaseException | None) -> str:
    """An HTTP status, or a word for why there was none."""
    if isinstance(error, HttpError):
        return str(error.response.status)
    for kind, word in _WORDS:
        if isinstance(error, kind):
            return word
    if isinstance(error, IgnoreRequest):
        if str(error) == UNREACHABLE:
            return "no robots.txt"
        return ROBOTS if "robots.txt" in str(error) else "left out"
    return OTHER


def unreachable(word: str) -> bool:
    """Whether it means that the server can't be had now: no connection, or a server error (5xx)."""
    if word.isdecimal():
        return word.startswith("5")
    return word not in OF_THE_PAGE and word != ROBOTS
