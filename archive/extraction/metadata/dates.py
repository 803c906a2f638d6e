"""Dates as pages write them: ISO 8601, RFC 2822, and day, month and year in words of many languages.

A time without an offset can't be placed, so it gives a plain date: the page's own calendar day is right, a guessed
offset would not be. Arabic-Indic and Persian digits are read, and Persian dates in the Solar Hijri calendar.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from archive.extraction.folding import fold
from archive.extraction.lexicon import LEXICON

Moment = datetime | date

# News on the web begins in the early nineties; a date past this is a placeholder or an event.
_FIRST, _LAST = 1990, 2100

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T\s]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?(?!\d)",
    re.I,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?!\d)")
_IN_URL = re.compile(r"/((?:19|20)\d\d)(?:([/-])(\d\d?)\2(\d\d?)|(\d\d)(\d\d))(?=[/_.-]|$)")
_RFC2822 = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


def parse(text: str) -> Moment | None:
    """The moment or day that `text` names, or None. `text` is a machine's or a short visible one."""
    text = text.translate(_DIGITS).strip()[:200]
    if match := _ISO.search(text):
        return _iso(match)
    if _RFC2822.search(text):
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return moment if moment.tzinfo else _valid(moment.year, moment.month, moment.day)
    return in_words(text) or _in_numbers(text)


def _iso(match: re.Match[str]) -> Moment | None:
    day = _valid(int(match[1]), int(match[2]), int(match[3]))
    if day is None or match[4] is None or match[7] is None:
        return day
    try:
        clock = datetime(day.year, day.month, day.day, int(match[4]), int(match[5]), int(match[6] or 0))
        return clock.replace(tzinfo=_offset(match[7]))
    except ValueError:
        return day


def _offset(text: str) -> timezone:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _valid(year: int, month: int, day: int) -> date | None:
    if 1300 <= year <= 1500:
        return _from_solar_hijri(year, month, day)
    if not _FIRST <= year <= _LAST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_numbers(text: str) -> date | None:
    if match := _YEAR_FIRST.search(text):
        return _valid(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.search(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        # Day first, as most of the world writes; the other way round only where that alone is a date.
        return _valid(year, second, first) or _valid(year, first, second)
    return None


def in_words(text: str) -> date | None:
    """The day of `14 November 2023`, `November 14, 2023`, `14 نوفمبر/ تشرين الثاني 2023`, `۲۳ آبان ۱۴۰۲`."""
    tokens = _TOKEN.findall(fold(text.translate(_DIGITS)))[:40]
    for index, token in enumerate(tokens):
        month = LEXICON.months.get(token)
        if month is None:
            continue
        before = tokens[index - 1] if index else ""
        if before in ("de", "of") and index > 1:
            before = tokens[index - 2]
        after = tokens[index + 1 : index + 6]
        year = next((int(t) for t in after if t.isascii() and t.isdigit() and len(t) == 4), None)
        if year is None and index > 1 and len(tokens[index - 2]) == 4 and tokens[index - 2].isdigit():
            year = int(tokens[index - 2])
        day = _day(before) or (_day(after[0]) if after else None)
        if year is not None and day is not None and (found := _valid(year, month, day)):
            return found
    return None


def _day(token: str) -> int | None:
    digits = re.match(r"\d{1,2}(?!\d)", token)
    return int(digits[0]) if digits and 1 <= int(digits[0]) <= 31 else None


def from_url(url: str) -> date | None:
    """The day in an address such as `/2023/11/14/`."""
    match = _IN_URL.search(url)
    return _valid(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6])) if match else None


def _from_solar_hijri(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Solar Hijri date; leap years by the 33-year cycle, exact from 1206 to 1498."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    days = (
        365 * year + (8 * year + 29) // 33 + day + (31 * (month - 1) if month < 7 else 30 * (month - 1) + 6)
    )
    return date.fromordinal(days + _SOLAR_HIJRI_EPOCH)


# So that 1 Farvardin 1400 is 21 March 2021.
_SOLAR_HIJRI_EPOCH = date(2021, 3, 21).toordinal() - (365 * 1400 + (8 * 1400 + 29) // 33 + 1)
