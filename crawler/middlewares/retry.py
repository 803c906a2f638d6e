"""Retries that wait: longer each time, and as long as the server asks."""

from __future__ import annotations

from time import monotonic

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.politeness.domains import domain_of
from crawler.politeness.downloader import host_of
from crawler.politeness.retry_after import retry_after


class PatientRetry(RetryMiddleware):
    """Scrapy's retries with back-off: RETRY_BACKOFF seconds, doubled for each further try of a page, in which nothing
    of the registered domain is asked for. The downloader sees to refusals, for which the server may name the time.

    What is of a host that is left alone by now, or that wants to be for longer than RETRY_AFTER_LIMIT, is not retried.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._backoff = settings.getfloat("RETRY_BACKOFF")
        self._limit = settings.getfloat("RETRY_AFTER_LIMIT")

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        asked = retry_after(response) if response.status in self.retry_http_codes else None
        if _left_alone(request) or (asked is not None and asked > self._limit):
            return response
        result = super().process_response(request, response)
        if isinstance(result, Request) and asked is None:
            self._pause(result)
        return result

    def process_exception(self, request: Request, exception: Exception) -> Request | None:  # type: ignore[override]
        if _left_alone(request):
            return None
        result = super().process_exception(request, exception)
        if not isinstance(result, Request):
            return None
        self._pause(result)
        return result

    def _pause(self, retry: Request) -> None:
        wait = self._backoff * 2 ** (retry.meta["retry_times"] - 1)
        domain_of(host_of(retry)).pause(wait, monotonic())


def _left_alone(request: Request) -> bool:
    host = host_of(request)
    return domain_of(host).left_alone(host) is not None
