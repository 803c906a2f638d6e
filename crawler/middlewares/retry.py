"""Retries that wait: longer each time, and as long as the server asks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings


class PatientRetry(RetryMiddleware):
    """Scrapy's retries with back-off: RETRY_BACKOFF seconds, doubled for each further try, or the server's
    Retry-After (RFC 9110 10.2.3) up to RETRY_AFTER_LIMIT seconds. One that asks for more is not retried."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._backoff = settings.getfloat("RETRY_BACKOFF")
        self._limit = settings.getfloat("RETRY_AFTER_LIMIT")

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        asked = retry_after(response) if response.status in self.retry_http_codes else None
        if asked is not None and asked > self._limit:
            return response
        result = super().process_response(request, response)
        if isinstance(result, Request):
            await asyncio.sleep(asked if asked is not None else self._wait(result))
        return result

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:  # type: ignore[override]
        result = super().process_exception(request, exception)
        if isinstance(result, Request):
            await asyncio.sleep(self._wait(result))
            return result
        return None

    def _wait(self, retry: Request) -> float:
        return float(self._backoff * 2 ** (retry.meta["retry_times"] - 1))


def retry_after(response: Response) -> float | None:
    """Seconds that a Retry-After header asks for, given as a number or as a date; None where there is none."""
    raw = response.headers.get("Retry-After")
    if raw is None:
        return None
    value = raw.decode("latin-1").strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
