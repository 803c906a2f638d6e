"""Dates as feeds and sitemaps write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_YEAR, LAST_YEAR = 1600, 2200
"""Newspapers begin in 1605; a listed date outside of these years is a slip of the publishing system."""

_PARTIAL = re.compile(r"\d{4}(-\d{2})?$")


def aware(moment: datetime) -> datetime | None:
    """The moment, in UTC if it names no zone; None where it can't be meant.

    The first second of 1970 is what publishing systems print for a date that they don't have.
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR or moment == datetime(1970, 1, 1, tzinfo=UTC):
        return None
    return moment


def parse_date(text: str | None) -> datetime | None:
    """A W3C date (`2026-01-02T03:04Z`, `2026-01-02`, `2026-01`) or an RFC 5322 one; None for anything else.

    A date without a time is its first moment, one without a zone is taken for UTC.
    """
    text = (text or "").strip()
    if _PARTIAL.match(text):
        text += "-01-01" if len(text) == 4 else "-01"
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return aware(read(text))
        except (ValueError, OverflowError):
            continue  # not in this notation; undated in the end if in neither
    return None
