"""Moments as archives write them: 14-digit timestamps in addresses, HTTP dates in headers. All UTC, whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from archive.errors import QueryError

_DIGITS = re.compile(r"\d{4,14}", re.ASCII)
_EARLIEST = "00000101000000"
_LATEST = "99991231235959"


def timestamp(moment: datetime) -> str:
    """The 14 digits YYYYMMDDhhmmss."""
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}".rjust(14, "0")


def padded(parameter: str, digits: str, *, last: bool = False) -> str:
    """4 to 14 digits made 14: the first moment that they stand for, or the `last` one.

    Raises QueryError, which names `parameter`, where they are no date.
    """
    if not _DIGITS.fullmatch(digits):
        raise QueryError(parameter, f"{digits[:40]!r} is no date; give 4 to 14 digits, YYYYMMDDhhmmss")
    whole = digits + (_LATEST if last else _EARLIEST)[len(digits) :]
    while last and not _is_date(whole) and whole[6:8] > "28" and len(digits) < 8:
        whole = f"{whole[:6]}{int(whole[6:8]) - 1}{whole[8:]}"  # the month has fewer days
    if not _is_date(whole):
        raise QueryError(parameter, f"{digits!r} is no date that a calendar has")
    return whole


def moment_of(parameter: str, digits: str) -> datetime:
    """The last moment that 4 to 14 digits stand for, aware, UTC: where one is sought that is near to a year or a day,
    pywb takes its end. Raises QueryError as `padded` does."""
    return datetime.strptime(padded(parameter, digits, last=True), "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def http_date(moment: datetime) -> str:
    """As `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7), which Memento-Datetime takes too (RFC 7089, 2.1.1)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def parse_http_date(parameter: str, text: str) -> datetime:
    """An HTTP date as aware UTC, the obsolete forms as well. Raises QueryError, which names `parameter`."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        problem = f"{text[:60]!r} is no HTTP date; write it as `Sun, 06 Nov 1994 08:49:37 GMT`"
        raise QueryError(parameter, problem) from error


def _is_date(whole: str) -> bool:
    try:
        datetime.strptime(whole, "%Y%m%d%H%M%S")
    except ValueError:
        return False
    return True
