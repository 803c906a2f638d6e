"""Dates as pages write them: ISO 8601, RFC 2822, and day, month and year in words of many languages.

A time without an offset can't be placed, so it gives a plain date: the page's own calendar day is right, a guessed
offset would not be. Digits of other scripts are read, Persian dates in the Solar Hijri calendar, Japanese and
Taiwanese ones by their eras. Nothing here looks at a clock: a date without its year is no date.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from archive.extraction.wording import vocabulary
from archive.extraction.wording.folding import fold
from archive.extraction.wording.lexicon import LEXICON

Moment = datetime | date

# News on the web begins in the early nineties; a date past this is a placeholder or an event.
_FIRST, _LAST = 1990, 2100
# Solar Hijri years of that time. Lunar Hijri years after 1429 (2008) are no such year: that calendar is not read.
_SOLAR = range(1369, 1430)

_ZEROS = "٠۰०০๐０"
_DIGITS = str.maketrans({chr(ord(zero) + n): str(n) for zero in _ZEROS for n in range(10)})
_ISO = re.compile(
    r"(?<!\d)(\d{4})(-?)(\d\d)\2(\d\d)"
    r"(?:[T\s]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?(?!\d)",
    re.I,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d\d)(?![\d.])")
_ERA = re.compile(r"(令和|平成|民國|民国)\s*(\d{1,3}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_ERA_BEGINS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
_IN_URL = re.compile(r"/((?:19|20)\d\d)(?:([/-])(\d\d?)\2(\d\d?)|(\d\d)(\d\d))(?=[/_.-]|$)")
# An article's number that begins with day and time, to the minute at least.
_NUMBER_IN_URL = re.compile(
    r"(?<!/web)/[A-Z]{0,3}(20\d\d)([01]\d)([0-3]\d)(?:[01]\d|2[0-3])[0-5]\d\d*(?=[/.?]|$)"
)
_RFC2822 = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
# Vowel signs of Indic and Southeast Asian scripts belong to their word and are no letters to `re`.
_TOKEN = re.compile(r"\d+|(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f])+")
_YEAR = re.compile("[0-9]{4}")
_BETWEEN = vocabulary.folded("dates.between")
_BEFORE_MONTH = vocabulary.folded("dates.month")
# The clock time of a visible stamp: `9:40`, `21.40 Uhr`, `9:40 p.m.`.
_CLOCK = re.compile(r"(?<![\d:./-])(\d{1,2})(?::|\.|h)(\d\d)(?::\d\d)?\s*([ap]\.?\s?m\b)?(?![\d.:]\d)", re.I)


def parse(text: str, month_first: bool = False) -> Moment | None:
    """The moment or day that `text` names, or None. `text` is a machine's or a short visible one.

    `month_first` reads `3/4/2024` as the fourth of March, the custom of the United States.
    """
    text = text.translate(_DIGITS).strip()[:200]
    for stamp in _ISO.finditer(text):
        if found := _iso(stamp):
            return found
    if _RFC2822.search(text):
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return moment if moment.tzinfo else _valid(moment.year, moment.month, moment.day)
    if match := _EPOCH.fullmatch(text):
        moment = datetime.fromtimestamp(int(match[1]), UTC)
        return moment if _valid(moment.year, moment.month, moment.day) else None
    return in_words(text) or _in_numbers(text, month_first)


def _iso(match: re.Match[str]) -> Moment | None:
    day = _valid(int(match[1]), int(match[3]), int(match[4]))
    if day is None or match[5] is None or match[8] is None:
        return day
    try:
        clock = datetime(day.year, day.month, day.day, int(match[5]), int(match[6]), int(match[7] or 0))
        return clock.replace(tzinfo=_offset(match[8]))
    except ValueError:
        return day


def _offset(text: str) -> timezone:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _valid(year: int, month: int, day: int) -> date | None:
    if year in _SOLAR:
        return _from_solar_hijri(year, month, day)
    if not _FIRST <= year <= _LAST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_numbers(text: str, month_first: bool) -> date | None:
    if match := _ERA.search(text):
        years = 1 if match[2] == "元" else int(match[2])
        return _valid(_ERA_BEGINS[match[1]] + years, int(match[3]), int(match[4]))
    if match := _YEAR_FIRST.search(text):
        return _valid(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.search(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        # Day first, as most of the world writes; the other way round where the page says so or that alone is a date.
        if month_first and "." not in match[0]:
            first, second = second, first
        return _valid(year, second, first) or _valid(year, first, second)
    if match := _SHORT_YEAR.search(text):
        return _valid(2000 + int(match[3]), int(match[2]), int(match[1]))
    return None


def in_words(text: str) -> date | None:
    """The day of `14 November 2023`, `November 14, 2023`, `14 نوفمبر/ تشرين الثاني 2023`, `۲۳ آبان ۱۴۰۲`."""
    # Told from ASCII as it is; folding makes digits of other signs.
    if text.isascii() and not _YEAR.search(text):
        return None
    folded = fold(text.translate(_DIGITS))
    if not _YEAR.search(folded):
        return None
    tokens = [token for token in _TOKEN.findall(folded)[:40] if token not in _BETWEEN]
    for index, token in enumerate(tokens):
        month = _month(token, tokens[index + 1] if index + 1 < len(tokens) else "")
        if month is None:
            continue
        before = tokens[max(index - 2, 0) : index]
        after = tokens[index + 1 : index + 8]
        years = [int(t) for t in [*after, *reversed(before)] if len(t) == 4 and t.isascii() and t.isdigit()]
        days = [day for t in [*reversed(before), *after[:1]] if (day := _day(t))]
        for year in years:
            if days and (found := _valid(year, month, days[0])):
                return found
    return None


def _month(token: str, following: str) -> int | None:
    """The month that a word names, alone or with the word or number after it."""
    if token in _BEFORE_MONTH:
        return int(following) if following in _MONTHS else None
    return LEXICON.months.get(f"{token} {following}") or LEXICON.months.get(token)


_MONTHS = frozenset(map(str, range(1, 13)))


def _day(token: str) -> int | None:
    return (
        int(token)
        if token.isascii() and token.isdigit() and 0 < len(token) < 3 and 1 <= int(token) <= 31
        else None
    )


def day_of(moment: Moment) -> date:
    """The calendar day of a moment, in the offset in which it is told."""
    return moment.date() if isinstance(moment, datetime) else moment


def in_offset_of(moment: datetime, day: date, text: str) -> datetime | None:
    """`moment` in the offset that makes it the day and the clock time of `text`, or None where none does."""
    for match in _CLOCK.finditer(text.translate(_DIGITS)):
        hour, minute = int(match[1]), int(match[2])
        if match[3]:
            hour = hour % 12 + (12 if match[3][0] in "pP" else 0)
        if hour > 23 or minute > 59:
            continue
        shown = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
        quarters = round((shown - moment.replace(second=0, microsecond=0)) / _QUARTER)
        offset = quarters * _QUARTER
        if abs(offset) <= _FARTHEST and moment.replace(second=0, microsecond=0) + offset == shown:
            return moment.astimezone(timezone(offset))
    return None


_QUARTER, _FARTHEST = timedelta(minutes=15), timedelta(hours=14)


def from_url(url: str) -> date | None:
    """The day in an address such as `/2023/11/14/`, or at the head of an article's number."""
    if match := _IN_URL.search(url):
        return _valid(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6]))
    numbered = _NUMBER_IN_URL.search(url)
    return _valid(int(numbered[1]), int(numbered[2]), int(numbered[3])) if numbered else None


def _from_solar_hijri(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Solar Hijri date; leap years by the 33-year cycle, exact from 1206 to 1498."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    before = 31 * (month - 1) if month < 7 else 30 * (month - 1) + 6
    return date.fromordinal(_SOLAR_HIJRI_EPOCH + 365 * year + _leap_years(year) + before + day)


def _leap_years(year: int) -> int:
    """Leap years before `year`: those that leave 1, 5, 9, 13, 17, 22, 26 or 30 when divided by 33."""
    return (8 * year + 21) // 33


# So that 1 Farvardin 1400 is 21 March 2021.
_SOLAR_HIJRI_EPOCH = date(2021, 3, 21).toordinal() - (365 * 1400 + _leap_years(1400) + 1)
