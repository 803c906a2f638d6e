"""robots.txt, obeyed by every request, the first ones of a host included, and as RFC 9309 wants where there is none."""

from __future__ import annotations

from http import HTTPStatus
from typing import Self
from urllib.parse import urljoin

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, ResponseDataLossError
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawler.politeness.domains import domain_of
from crawler.politeness.downloader import host_of
from crawler.signals import crawl_noted

UNREACHABLE = "robots.txt of the host can't be had now"
"""How the reason begins for which a request is ignored whose host has rules that nobody could read."""


class _Closed(RobotParser):
    """The rules of a host whose robots.txt can't be had: RFC 9309, 2.3.1.4."""

    @classmethod
    def from_crawler(cls, _crawler: Crawler, _robotstxt_body: bytes) -> Self:
        return cls()

    def allowed(self, _url: str | bytes, _user_agent: str | bytes) -> bool:
        return False


class PatientRobots(RobotsTxtMiddleware):
    """Scrapy's, with three things mended. In Scrapy 2.19 requests that come while a host's robots.txt is still being
    fetched all wait on one Deferred, of which only the first gets the rules; the others get None and are let
    through: here each has its own to wait on. A host that answers with a server error, or not in time, is closed for
    this run (RFC 9309, 2.3.1.4), and one that has no robots.txt is open, whatever its error page says (2.3.1.3).

    Where there is no connection to the host at all the request itself fails, with a better word for it.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._longest_delay = crawler.settings.getfloat("CRAWL_DELAY_LIMIT")

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if isinstance(rp, _Closed):
            raise IgnoreRequest(UNREACHABLE)
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._close(netloc)
            return
        if response.status >= HTTPStatus.BAD_REQUEST:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
        parser = self._parsers[netloc]
        if isinstance(parser, ProtegoRobotParser):
            self._slow_down(parser.rp, request)

    def _slow_down(self, rules: Protego, request: Request) -> None:
        """Heed what robots.txt says of the pace, which RFC 9309 leaves out and many outlets rely on: the longer one of
        Crawl-delay and Request-rate, whatever hours the latter is for."""
        agent = self._robotstxt_useragent or self._default_useragent
        rate = rules.request_rate(agent)
        wanted = max(rules.crawl_delay(agent) or 0.0, rate.seconds / rate.requests if rate else 0.0)
        domain = domain_of(host_of(request))
        domain.least_delay = max(domain.least_delay, min(wanted, self._longest_delay))
        if wanted > self._longest_delay:
            text = (
                f"robots.txt asks for {wanted:.0f} seconds between two requests; "
                f"{self._longest_delay:.0f} are kept (CRAWL_DELAY_LIMIT)"
            )
            url = urljoin(request.url, "/robots.txt")
            self.crawler.signals.send_catch_log(crawl_noted, url=url, note=text)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, DownloadTimeoutError | ResponseDataLossError):
            self._close(netloc)
        else:
            super()._robots_error(exc, netloc)

    def _close(self, netloc: str) -> None:
        waiting = self._parsers[netloc]
        assert isinstance(waiting, Deferred)
        self._parsers[netloc] = closed = _Closed()
        waiting.callback(closed)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        underway = self._parsers.get(urlparse_cached(request).netloc)
        if not isinstance(underway, Deferred):
            return await super().robot_parser(request)
        own: Deferred[RobotParser | None] = Deferred()

        def pass_on(parser: RobotParser | None) -> RobotParser | None:
            own.callback(parser)
            return parser

        underway.addCallback(pass_on)
        return await maybe_deferred_to_future(own)

    async def allows(self, request: Request) -> bool:
        """Whether robots.txt of its host lets a request through that is none of the crawler's own."""
        parser = await self.robot_parser(request)
        agent = self._robotstxt_useragent or self._default_useragent
        return parser is None or parser.allowed(request.url, agent)

    async def sitemaps(self, request: Request) -> tuple[str, ...]:
        """The sitemaps that robots.txt of the request's host names (sitemaps.org, "Informing search engine
        crawlers"), as written there. The file is fetched once for this and for its rules."""
        parser = await self.robot_parser(request)
        return tuple(parser.rp.sitemaps) if isinstance(parser, ProtegoRobotParser) else ()
