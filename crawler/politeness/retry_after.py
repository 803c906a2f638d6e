"""The time that a server asks to be left in peace."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.http import Response


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
