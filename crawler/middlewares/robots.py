"""robots.txt, obeyed by every request, the first ones of a host included."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.robotstxt import RobotParser
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred


class PatientRobots(RobotsTxtMiddleware):
    """Scrapy's, with one mistake of Scrapy 2.19 mended: requests that come while a host's robots.txt is still being
    fetched all wait on one Deferred, of which only the first gets the rules; the others get None and are let
    through. Here each has its own to wait on."""

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
