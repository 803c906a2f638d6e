"""Days: those that a backfill asks for, and those that an address says its list is of. Days are of UTC."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

from crawler.discovery.errors import SpanError
from crawler.discovery.urls import path_and_query

PLACEHOLDERS = ("{YYYY}", "{MM}", "{DD}")
"""What stands for a day in the address of a dated sitemap."""

_DATED = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:"
    r"(?P<compact>(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)(?!\d)"
    r"|(?:(?P<mark>[/_.-]|&(?:amp;)?mm?=)(?P<month>0[1-9]|1[0-2])(?:(?:(?P=mark)|&(?:amp;)?dd?=)(?P<day>\d\d))?)?(?!\d)"
    r")"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both inclusive."""

    first: date
    last: date

    def __contains__(self, moment: datetime | date) -> bool:
        day = moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
        return self.first <= day <= self.last

    def meets(self, other: Self) -> bool:
        return self.first <= other.last and other.first <= self.last

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=after) for after in range((self.last - self.first).days + 1))


def span_in_address(url: str) -> Span | None:
    """The year, month or day that the address of a list names, as in `/sitemap-2026-01.xml`, `/2026/01/15.xml` or
    `?yyyy=2026&mm=01`; None where it names none. The last one counts: folders may say when a site was made."""
    matches = list(_DATED.finditer(path_and_query(url)))
    if not matches:
        return None
    match = matches[-1]
    compact = match["compact"] or ""
    year, month, day = int(match["year"]), match["month"] or compact[:2], match["day"] or compact[2:]
    if not month:
        return Span(date(year, 1, 1), date(year, 12, 31))
    length = monthrange(year, int(month))[1]
    if not day or not 1 <= int(day) <= length:
        return Span(date(year, int(month), 1), date(year, int(month), length))
    return Span(date(year, int(month), int(day)), date(year, int(month), int(day)))


def span_of(since: str, until: str, today: date) -> Span | None:
    """The days of a backfill, out of what the operator wrote, such as 2026-01-31; without `until`, up to `today`.
    None where neither is given. Raises SpanError."""
    if not since:
        if until:
            raise SpanError("until", "names the last day of a backfill; name its first with --since")
        return None
    span = Span(_written("since", since), _written("until", until) if until else today)
    for option, day in (("since", span.first), ("until", span.last)):
        if day > today:
            raise SpanError(option, f"{day} is in the future; today is {today} (UTC)")
    if span.first > span.last:
        raise SpanError("since", f"{span.first} is after --until {span.last}; turn them round")
    return span


def _written(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SpanError(option, f'"{text}" is no day; write one such as 2026-01-31') from error


def is_template(url: str) -> bool:
    """Whether an address is that of a dated sitemap, such as `https://www.example.com/sitemap/{YYYY}/{MM}.xml`."""
    return any(placeholder in url for placeholder in PLACEHOLDERS)


def expanded(template: str, span: Span, most: int) -> tuple[dict[str, Span], Span | None]:
    """The addresses that a dated sitemap has on the days of `span`, oldest first, each with its days, and what is
    left of the span after `most` of them."""
    addresses: dict[str, Span] = {}
    for day in span.days():
        address = on_day(template, day)
        if address not in addresses and len(addresses) == most:
            return addresses, Span(day, span.last)
        addresses[address] = Span(addresses.get(address, Span(day, day)).first, day)
    return addresses, None


def on_day(template: str, day: date) -> str:
    values = (f"{day:%Y}", f"{day:%m}", f"{day:%d}")
    for placeholder, value in zip(PLACEHOLDERS, values, strict=True):
        template = template.replace(placeholder, value)
    return template
