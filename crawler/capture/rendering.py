"""Renders requests in place of the HTTP client, and archives what the browser fetched.

scrapy-playwright is not used. It hands on what Playwright says of responses, whose header fields are put together anew
and whose bodies are missing for redirects, for the favicon and for what workers fetch; it has no say in the addresses
that the browser connects to; and it would take the place of the handler that archives plain requests. Here a request
is an ordinary one until it is its turn, so the queue, robots.txt, the pace and retries are Scrapy's for both kinds.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Set
from time import monotonic
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response

from archive.errors import MessageError
from archive.rendered import RenderedPage
from archive.warc.http import Head, parse_head
from crawler.capture.address import address_rule
from crawler.capture.recorder import Recorder, Recording
from crawler.middlewares.robots import PatientRobots
from crawler.politeness.domains import domain_of
from crawler.politeness.downloader import PoliteDownloader, host_of
from crawler.rendering.browser import Browser
from crawler.rendering.errors import RenderError
from crawler.rendering.rendering import Rendering, RenderOptions
from crawler.rendering.shared import acquire, release
from crawler.rendering.wishes import RENDERED

logger = logging.getLogger(__name__)

_HEAD_LIMIT = 1 << 20


class PageRenderer:
    """Renders for one crawler. The browser is that of the process."""

    def __init__(self, crawler: Crawler, recorder: Recorder) -> None:
        """Raises NoBrowser where there is no Chromium."""
        self._crawler = crawler
        self._recorder = recorder
        settings = crawler.settings
        self._longest_pause = settings.getfloat("RENDER_PAUSE_LIMIT")
        self._browser: Browser = acquire(settings.getint("RENDER_PAGES"))

    async def render(
        self, request: Request, options: RenderOptions, named_hosts: Set[str]
    ) -> tuple[Response, Recording]:
        """The page as Scrapy's handlers hand one on, with the DOM for a body, and its recording.

        Raises RenderError, NoBrowser, and CollectionError where the page can't be archived.
        """
        if request.meta.get("proxy"):
            raise RenderError(
                request.url, "pages are rendered without a proxy alone; unset it, or use --render never"
            )
        begun = monotonic()

        def refuse(host: str, peer: str) -> str | None:
            return address_rule(host, named_hosts)(peer)

        rendering = await self._browser.render(urldefrag(request.url).url, options, refuse, self._admit)
        for note in rendering.notes:
            logger.info("%s: %s", request.url, note)
        page = RenderedPage(
            rendering.final_url, rendering.exchanges, rendering.dom, rendering.screenshot, rendering.pdf
        )
        self._count(page, begun)
        response = _response(request, rendering, page)
        recording = await asyncio.wrap_future(self._recorder.record_page(page, rendering.started))
        if recording is None or response is None or rendering.failure is not None:
            if recording is not None:
                recording.let_go()
            problem = rendering.failure or "; ".join(rendering.notes) or "no document came of it"
            raise RenderError(request.url, f"{problem}; what was fetched is archived")
        if rendering.final_url != urldefrag(request.url).url:
            request.meta["redirect_urls"] = [*request.meta.get("redirect_urls", ()), request.url]
        request.meta["dont_redirect"] = True  # the browser has followed what there was to follow
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value("rendering/pages")
        self._crawler.stats.inc_value("rendering/requests", len(rendering.exchanges))
        return response, recording

    async def close(self) -> None:
        await release()

    async def _admit(self, url: str, kind: str) -> bool:
        """Whether a page may load what it asks for. What it leads on to and what it frames are documents of their own,
        which robots.txt may close."""
        request = Request(url)
        host = host_of(request)
        if domain_of(host).left_alone(host) is not None:
            return False
        robots = self._crawler.get_downloader_middleware(PatientRobots) if kind == "document" else None
        return robots is None or await robots.allows(request)

    def _count(self, page: RenderedPage, begun: float) -> None:
        """Charge the domains for what was asked of them: each request costs the delay that a plain one would, so the
        mean pace is kept; and refusals count as those of plain requests do."""
        downloader = self._downloader()
        if downloader is None:
            return
        lead, spent = page.lead, defaultdict[str, float](float)
        for exchange in page.exchanges:
            asked = Request(exchange.url)
            spent[host_of(asked)] += downloader.delay_of(asked)
            head = _head(exchange.response.peek(_HEAD_LIMIT))
            if (
                exchange is not lead and head is not None
            ):  # the page's own answer is counted as that of the request
                downloader.answered(asked, head.status or 0, _as_response(exchange.url, head))
        for host, seconds in spent.items():
            domain_of(host).pause(min(seconds, self._longest_pause), begun)

    def _downloader(self) -> PoliteDownloader | None:
        engine = self._crawler.engine
        downloader = None if engine is None else engine.downloader
        return downloader if isinstance(downloader, PoliteDownloader) else None


def _response(request: Request, rendering: Rendering, page: RenderedPage) -> Response | None:
    """The response that stands for the page; None where there is no document."""
    lead = page.lead
    head = None if lead is None else _head(lead.response.peek(_HEAD_LIMIT))
    status = 200 if page.has_text else (rendering.status or (head.status if head else None))
    if status is None or 300 <= status < 400:
        return None
    headers = Headers({"Content-Type": "text/html; charset=utf-8"})
    if head is not None and (asked := head.get("Retry-After")):
        headers["Retry-After"] = asked
    response = make_response(rendering.final_url, status, headers, rendering.dom)
    response.flags.append(RENDERED)
    return response


def _as_response(url: str, head: Head) -> Response:
    asked = head.get("Retry-After")
    return Response(url, status=head.status or 0, headers={"Retry-After": asked} if asked else None)


def _head(data: bytes) -> Head | None:
    try:
        return parse_head(data)
    except MessageError:
        return None
