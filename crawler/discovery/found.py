"""What discovery finds: an address, and what the place that lists it says about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Origin = Literal["feed", "news-sitemap", "sitemap", "section"]


@dataclass(frozen=True, slots=True)
class Found:
    """One address that may be an article.

    url       absolute http or https URL, as listed (no parameters removed), without fragment
    date      when it was published or last changed, as listed; aware
    title     as listed, plain text on one line
    language  ISO 639-1
    """

    url: str
    date: datetime | None
    title: str | None
    language: str | None
    origin: Origin


def first_of_each(entries: Iterable[Found]) -> tuple[Found, ...]:
    """The entries without those whose URL, to the letter, was listed before."""
    seen: dict[str, Found] = {}
    for entry in entries:
        seen.setdefault(entry.url, entry)
    return tuple(seen.values())
