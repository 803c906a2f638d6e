"""The download handler for http and https: Scrapy's own, tapped, with each exchange archived before it is used."""

from __future__ import annotations

import asyncio
from collections.abc import Set
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from OpenSSL.SSL import Error as TlsError
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, NotConfigured
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import ConnectionClosed
from twisted.web.client import Agent, ResponseFailed

from archive.errors import CollectionError
from archive.exchange import Truncation
from crawler.capture.address import address_rule
from crawler.capture.recorder import Recorder
from crawler.capture.wire import Tap, TappedFactory, TappedHeaders
from crawler.extensions.archive import Archive
from crawler.politeness.downloader import host_of
from crawler.rendering.wishes import WISH, Wish

if TYPE_CHECKING:
    from crawler.capture.rendering import PageRenderer

RECORDING = "recording"
"""Key in a request's meta under which the response's Recording lies."""


class _TappedAgent(_ScrapyAgent):
    """Scrapy's agent for one request, with the request's headers carrying its tap."""

    def __init__(self, tap: Tap, handler: CaptureHandler) -> None:
        super().__init__(
            contextFactory=handler._contextFactory,
            bindAddress=handler._bind_address,
            pool=handler._pool,
            maxsize=handler._default_maxsize,
            warnsize=handler._default_warnsize,
            fail_on_dataloss=handler._fail_on_dataloss,
            crawler=handler._crawler,
            tls_verbose_logging=handler._tls_verbose_logging,
        )
        self._tap = tap

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent = super()._get_agent(request, timeout)
        send = agent.request

        def tapped(method, uri, headers=None, bodyProducer=None):  # type: ignore[no-untyped-def] # noqa: N803
            carrier = TappedHeaders(dict(headers.getAllRawHeaders()))
            carrier.tap = self._tap
            return send(method, uri, carrier, bodyProducer)

        agent.request = tapped  # type: ignore[method-assign]
        return agent


class CaptureHandler(HTTP11DownloadHandler):
    """Archives every exchange: robots.txt, redirects, retries, errors and what was cut short.

    A response goes on only when its record is in the WARC; `request.meta["recording"]` then says where.
    Where the collection can't be written, the crawl is stopped. A request with a Wish that holds goes to the browser.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        archive = crawler.get_extension(Archive)
        if archive is None:
            raise NotConfigured("the capture handler needs the extension crawler.extensions.archive.Archive")
        self._recorder: Recorder = archive.recorder
        self._pool._factory = TappedFactory
        self._stopping: asyncio.Task[None] | None = None
        self._renderer: PageRenderer | None = None

    async def download_request(self, request: Request) -> Response:
        wish: Wish | None = request.meta.get(WISH)
        if wish is not None and wish.holds():
            return await self._render(request, wish)
        tap = Tap(address_rule(host_of(request), self._named_hosts(request)))
        try:
            with wrap_twisted_exceptions():
                agent = _TappedAgent(tap, self)
                response = await maybe_deferred_to_future(agent.download_request(request))
        except Exception as error:
            await self._record(request, tap, _truncation(error))
            raise
        # Scrapy takes a body for whole that had no length and broke off; it flags those that it stopped itself.
        stopped = "download_stopped" in response.flags
        await self._record(request, tap, "unspecified" if stopped else "disconnect")
        return response

    async def close(self) -> None:
        """Let go of idle connections."""
        # Scrapy's own gives up after a second by calling back a Deferred that connections may have called back by then:
        # on a busy machine they do both at once, which Twisted reports as a critical error.
        closing = maybe_deferred_to_future(self._pool.closeCachedConnections())  # type: ignore[no-untyped-call]
        await asyncio.wait([asyncio.ensure_future(closing)], timeout=self._disconnect_timeout)
        if self._renderer is not None:
            await self._renderer.close()

    async def _render(self, request: Request, wish: Wish) -> Response:
        if self._renderer is None:
            from crawler.capture.rendering import PageRenderer  # most crawls render nothing

            self._renderer = PageRenderer(self._crawler, self._recorder)
        try:
            response, recording = await self._renderer.render(
                request, wish.options, self._named_hosts(request)
            )
        except CollectionError:
            self._stop_crawl()
            raise
        request.meta[RECORDING] = recording
        return response

    async def _record(self, request: Request, tap: Tap, truncated: Truncation) -> None:
        try:
            exchange = tap.close(urldefrag(request.url).url, truncated)
            if exchange is not None:
                request.meta[RECORDING] = await asyncio.wrap_future(self._recorder.record(exchange))
        except CollectionError:
            self._stop_crawl()
            raise

    def _stop_crawl(self) -> None:
        # Not awaited: the engine waits for its downloads, and this is one of them.
        if self._stopping is None:
            assert self._crawler.engine is not None
            closing = self._crawler.engine.close_spider_async(reason="the collection can't be written")
            self._stopping = asyncio.create_task(closing)

    def _named_hosts(self, request: Request) -> Set[str]:
        if request.meta.get("proxy"):
            # The peer is the proxy then, which the operator named.
            return {host_of(request)}
        return getattr(self._crawler.spider, "named_hosts", frozenset())


def _truncation(error: Exception) -> Truncation:
    """The reason of WARC-Truncated (ISO 28500:2017, 5.13) that an error stands for."""
    if isinstance(error, DownloadTimeoutError):
        return "time"
    if isinstance(error, DownloadCancelledError):
        return "length"  # Scrapy cancels a download for nothing but DOWNLOAD_MAXSIZE
    cause = error.__cause__
    if isinstance(cause, ResponseFailed) and any(r.check(ConnectionClosed, TlsError) for r in cause.reasons):
        return "disconnect"
    return "unspecified"  # what came could not be understood, and Twisted hung up
