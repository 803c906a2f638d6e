from __future__ import annotations

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.capture.address import RefusedAddress
from crawler.health.failures import failure_word, unreachable
from crawler.middlewares.robots import UNREACHABLE
from crawler.politeness.downloader import LeftAlone


@pytest.mark.parametrize(
    ("error", "word", "is_out"),
    [
        (HttpError(Response("http://a.example/", status=403)), "403", False),
        (HttpError(Response("http://a.example/", status=503)), "503", True),
        (DownloadTimeoutError(), "timeout", True),
        (CannotResolveHostError(), "unknown host", True),
        (ResponseDataLossError(), "cut short", True),
        (OSError("no route"), "no connection", True),
        (None, "no connection", True),
        (RefusedAddress("10.0.0.1 is private"), "private address", False),
        (IgnoreRequest("Forbidden by robots.txt"), "robots.txt", False),
        (IgnoreRequest(UNREACHABLE), "no robots.txt", True),
        (IgnoreRequest("max redirections reached"), "redirect loop", False),
        (LeftAlone("a.example", "it answered 429 twice", None), "left alone", False),
        (IgnoreRequest("for another reason"), "left out", False),
    ],
)
def test_a_failure_is_told_in_a_word(error: Exception | None, word: str, is_out: bool) -> None:
    assert (failure_word(error), unreachable(word)) == (word, is_out)
