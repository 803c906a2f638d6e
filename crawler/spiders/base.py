"""What all spiders of news share."""

from __future__ import annotations

from http import HTTPStatus

from OpenSSL.SSL import Error as TlsError
from scrapy import Request, Spider
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from archive.errors import TearsheetError
from archive.settling import Settled
from crawler.capture.address import RefusedAddress
from crawler.capture.handler import RECORDING
from crawler.items import Page
from crawler.signals import page_failed, page_settled


class NewsSpider(Spider):
    """A spider whose responses all become archived pages and whose failures all get one clear sentence.

    `named_hosts` are the hosts that the operator named: they may lie in a private network, others may not.
    """

    named_hosts: frozenset[str] = frozenset()

    def page(self, response: Response, *, wanted: bool = True) -> Page:
        return Page(response.url, response.meta[RECORDING], wanted)

    def archived(self, response: Response) -> None:
        """Tell of a page that nothing more will be done with: its record is written, and that is all there is to
        wait for. An item for each would cost a fast archive-only run a tenth of its time."""
        page = self.page(response)
        capture = page.recording.capture
        settled = Settled(capture, "pending" if capture.wants_text else "no-page")
        self.crawler.signals.send_catch_log(page_settled, page=page, settled=settled)

    def failed(self, failure: Failure) -> None:
        """Errback of every request."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.crawler.signals.send_catch_log(
            page_failed,
            url=request.url,
            error=sentence(failure.value),
            wanted=request.meta.get("wanted", True),
        )


_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "the host's name can't be resolved; check its spelling and your connection"),
    (DownloadConnectionRefusedError, "the server refuses connections; try again later"),
    (DownloadTimeoutError, "the server did not answer in time; try again later"),
    (DownloadCancelledError, "larger than DOWNLOAD_MAXSIZE; what came until then is archived as cut short"),
    (ResponseDataLossError, "the connection broke off; what came until then is archived as cut short"),
)


def sentence(error: BaseException | None) -> str:
    """What went wrong with a request, for a person."""
    if isinstance(error, HttpError):
        status = error.response.status
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "unknown status"
        return f"HTTP {status} {phrase}; the answer is archived"
    if isinstance(error, RefusedAddress | TearsheetError):
        return str(error)
    if isinstance(error, IgnoreRequest) and "robots.txt" in str(error):
        return "robots.txt of the host disallows it"
    for kind, text in _SENTENCES:
        if isinstance(error, kind):
            return text
    cause = _cause(error)
    if isinstance(cause, TlsError):
        return f"no secure connection ({_tls_reason(cause)}); if the page has an http address, give that"
    return f"could not be fetched: {str(cause) or type(cause).__name__}"


def _cause(error: BaseException | None) -> BaseException | None:
    """What Twisted's errors about errors are about."""
    while error is not None:
        reasons = getattr(error, "reasons", None)
        inner = reasons[0].value if reasons else error.__cause__
        if inner is None:
            break
        error = inner
    return error


def _tls_reason(error: TlsError) -> str:
    """The last words of OpenSSL's error queue, which are the plainest."""
    (queue,) = error.args or ((),)
    return str(queue[-1][-1]) if queue else "the other side broke off"
