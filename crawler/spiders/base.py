"""What all spiders of news share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any

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
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from archive.errors import TearsheetError
from archive.extraction.pagination import continued_at, may_be_continued
from archive.outcomes import Settled
from crawler.capture.address import RefusedAddress
from crawler.capture.archive_handler import NotInArchive
from crawler.capture.handler import RECORDING
from crawler.items import Page
from crawler.middlewares.robots import UNREACHABLE
from crawler.politeness.domains import domain_of
from crawler.politeness.downloader import LeftAlone, Stopped, host_of
from crawler.rendering.errors import NoBrowser
from crawler.rendering.wishes import AGAIN, RENDERED, WISH, Wish, Wishes
from crawler.signals import crawl_noted, page_failed, page_settled
from crawler.spiders.rendering import once_more, wishes_of

logger = logging.getLogger(__name__)

_PAGES_FIRST = 5
_TOO_MANY_REDIRECTS = "max redirections reached"  # what Scrapy says of a request that it gives up


class NewsSpider(Spider):
    """A spider whose responses all become archived pages and whose failures all get one clear sentence.

    `named_hosts` are the hosts that the operator named, with the ports that are not their scheme's default (without:
    every port): they may lie in a private network, others may not.
    """

    named_hosts: frozenset[str] = frozenset()
    strict = True
    """Whether each page was asked for by name, so that one which is gone, closed to robots or no article is a failure.
    For what lists name it is a note."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._told: set[str] = set()

    def now(self) -> datetime:
        """What time it is, aware."""
        return clock(self.settings)

    def note(self, url: str, note: str) -> None:
        """Tell something of the crawl that is no page's."""
        self.crawler.signals.send_catch_log(crawl_noted, url=url, note=note)

    def page(self, response: Response, *, wanted: bool = True) -> Page:
        return Page(response.url, response.meta[RECORDING], wanted, self.strict)

    @cached_property
    def wishes(self) -> Wishes:
        """What is to be rendered."""
        return wishes_of(self.settings)

    async def story(self, response: Response) -> AsyncIterator[Request | Page]:
        """Callback for stories. Gives the page once all pages of its article are captured, and until then a request
        for the next one, or for the same one by the browser. A run that extracts nothing waits for nothing, so it gives
        no page."""
        page = self.page(response)
        first = response.meta.get("first_page", page)
        is_rendered = RENDERED in response.flags
        if self.settings.getbool("EXTRACT"):
            address = await asyncio.wrap_future(page.recording.continued)
            if address is None:
                wish = await self._after(page, is_rendered=is_rendered) if first is page else None
                if wish is not None:
                    again = once_more(response, wish, page)
                    yield again.replace(errback=self.not_rendered, priority=_PAGES_FIRST)
                    return
                yield first
        else:
            self._archived(page)
            address = await _continued_at(response)
        if address is not None:
            yield Request(
                address,
                callback=self.story,
                errback=self.not_continued,
                dont_filter=True,
                priority=_PAGES_FIRST,
                meta={"first_page": first, "page_before": page}
                | ({WISH: Wish(self.wishes.options)} if is_rendered else {}),
            )

    async def _after(self, page: Page, *, is_rendered: bool) -> Wish | None:
        """How to ask for a page once more after what was made of it; None if that is all there is to it."""
        if self.wishes.mode != "auto":
            return None
        settled = await asyncio.wrap_future(page.recording.settled)
        if not is_rendered:
            return self.wishes.after(settled)
        self.wishes.rendered(settled)
        return None

    def not_rendered(self, failure: Failure) -> Iterator[Page]:
        """Errback for a page that is asked for once more, by the browser: it is what it was without."""
        error = failure.value
        if isinstance(error, NoBrowser):
            self.wishes.give_up(error)
        elif not isinstance(error, Stopped):
            self.wishes.failed()
            self.note(failure.request.url, sentence(error))  # type: ignore[attr-defined]
        yield failure.request.meta[AGAIN]  # type: ignore[attr-defined]

    def not_continued(self, failure: Failure) -> Iterator[Page]:
        """Errback for the further pages of an article: it is kept as far as it goes."""
        self.failed(failure)
        meta = failure.request.meta  # type: ignore[attr-defined]
        if self.settings.getbool("EXTRACT"):
            if not isinstance(
                failure.value, HttpError
            ):  # whose answer is a capture, by which the archive knows
                meta["page_before"].recording.let_go()
            yield meta["first_page"]

    def _archived(self, page: Page) -> None:
        """Tell of a page that nothing more will be done with: its record is written, and that is all there is to
        wait for. An item for each would cost a fast archive-only run a tenth of its time."""
        capture = page.recording.capture
        settled = Settled(capture, "pending" if capture.wants_text else "no-page")
        self.crawler.signals.send_catch_log(page_settled, page=page, settled=settled)

    def failed(self, failure: Failure) -> None:
        """Errback of every request."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, Stopped):
            return
        if isinstance(failure.value, LeftAlone):
            self._left_alone(failure.value, request.url)
            return
        self.crawler.signals.send_catch_log(
            page_failed,
            url=request.url,
            error=sentence(failure.value),
            harmless=not self.strict and request.meta.get("wanted", True) and _is_harmless(failure.value),
        )

    def is_left_alone(self, request: Request) -> bool:
        """Whether nothing more is asked of the request's host in this run."""
        host = host_of(request)
        return domain_of(host).left_alone(host) is not None

    def _left_alone(self, error: LeftAlone, url: str) -> None:
        """Tell of each page that was asked for by name; of a host whose pages lists name only once."""
        if self.strict or error.host not in self._told:
            self._told.add(error.host)
            told = sentence(error.failure) if self.strict and error.failure else sentence(error)
            self.crawler.signals.send_catch_log(page_failed, url=url, error=told, harmless=False)


def clock(settings: BaseSettings) -> datetime:
    """What time the settings' clock says it is, aware and in UTC."""
    moment: datetime = load_object(settings["CLOCK"])()
    return moment.astimezone(UTC)


def is_gone(error: BaseException | None) -> bool:
    """Whether the server says that what was asked for is not there (any more)."""
    return isinstance(error, HttpError) and error.response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def field(response: Response, name: str) -> str | None:
    """A header field of a response, None where there is none or an empty one (RFC 9110, 5.5: any byte is a letter)."""
    return (response.headers.get(name) or b"").decode("latin-1") or None


def is_disallowed(error: BaseException | None) -> bool:
    """Whether robots.txt closes the page. Scrapy ignores requests for other reasons too, such as redirects without
    end."""
    return isinstance(error, IgnoreRequest) and "robots.txt" in str(error) and str(error) != UNREACHABLE


def is_refused(error: BaseException | None) -> bool:
    """Whether robots.txt or the address rule forbade a request."""
    return is_disallowed(error) or isinstance(error, RefusedAddress)


def _is_harmless(error: BaseException | None) -> bool:
    """Whether an outlet said of its own page that it is gone, or not for robots."""
    return is_gone(error) or is_disallowed(error)


async def _continued_at(response: Response) -> str | None:
    """Where the article of a page goes on that nobody extracts."""
    if not may_be_continued(response.body, response.url):
        return None
    try:
        return await asyncio.to_thread(continued_at, response.body, response.url)
    except TearsheetError as error:
        logger.warning("%s; further pages of its article, if there are any, are not fetched", error)
        return None


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
    if isinstance(error, LeftAlone) and error.failure:
        return f"{sentence(error.failure)} ({error.host} is left alone for the rest of this run)"
    if isinstance(error, RefusedAddress | NotInArchive | LeftAlone | TearsheetError):
        return str(error)
    if isinstance(error, IgnoreRequest) and str(error) == UNREACHABLE:
        return f"{UNREACHABLE}, so no page of it is fetched in this run (RFC 9309, 2.3.1.4); try again later"
    if is_disallowed(error):
        return "robots.txt of the host disallows it"
    if isinstance(error, IgnoreRequest) and str(error) == _TOO_MANY_REDIRECTS:
        return "redirected again and again (REDIRECT_MAX_TIMES); the answers until then are archived"
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
