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
from crawler.politeness.downloader import LeftAlone

ROBOTS = "robots.txt"
OTHER = "no connection"
LOOP = "redirect loop"
_TOO_LARGE = "too large"
_LEFT_ALONE = "left alone"
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (RefusedAddress, "private address"),
    (LeftAlone, _LEFT_ALONE),
    (CannotResolveHostError, "unknown host"),
    (DownloadConnectionRefusedError, "connection refused"),
    (DownloadTimeoutError, "timeout"),
    (DownloadCancelledError, _TOO_LARGE),
    (ResponseDataLossError, "cut short"),
)
REFUSED = frozenset(["401", "403", "407", "429", "451", ROBOTS])
"""The server does not give it to this crawler."""
PAID = frozenset(["402"])
BAD_LINKS = frozenset(["404", "410", LOOP])
"""The address that was listed leads nowhere."""
NOT_ASKED = frozenset(["private address", _LEFT_ALONE, "left out"])
"""No request was made: by the address rule, or since the host had refused others before."""
_NO_END = "max redirections reached"  # as Scrapy has it


def failure_word(error: BaseException | None) -> str:
    """An HTTP status, or a word for why there was none."""
    if isinstance(error, HttpError):
        return str(error.response.status)
    for kind, word in _WORDS:
        if isinstance(error, kind):
            return word
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    return OTHER


def _ignored(reason: str) -> str:
    """Scrapy and our middlewares have one exception for all that is not fetched, and tell it apart by its text."""
    if reason == UNREACHABLE:
        return "no robots.txt"
    known = {_NO_END: LOOP, "robots.txt": ROBOTS}
    return next((word for part, word in known.items() if part in reason), "left out")


def unreachable(word: str) -> bool:
    """Whether it means that the server can't be had now: no connection, or a server error (5xx)."""
    if word.isdecimal():
        return word.startswith("5")
    return word not in (*NOT_ASKED, _TOO_LARGE, LOOP, ROBOTS)
