"""The values that go into extraction and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Kind = Literal[
    "article", "section", "search", "video", "gallery", "consent", "paywall", "login", "newsletter", "bot-wall",
    "not-found", "unavailable", "redirect", "shell", "empty",
]  # fmt: skip
"""What a page is. Only an `article` has text that is kept.

section      a front, or the list of a topic, a tag or an author; `search` is the list of what was searched for
video        a player, live or not; `gallery` pictures: both without text beside them
consent      asks for consent to cookies and tracking; `paywall` for money where the rest of a text is not on the page;
             `login` for an account; `newsletter` for an address; `bot-wall` for proof that no robot reads it
not-found    there is no such page, or no longer; `unavailable` not now or not here (fault, maintenance, other country)
redirect     sends the reader on; `shell` is built by scripts that did not run; `empty` has no text for any other reason
"""


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a page says of rights to mine its text and data (W3C's TDM Reservation Protocol, sections on the header
    field and on HTML): kept, not judged.

    where            `header` or `meta`
    tdm_reservation  whether the rights are reserved; None where the value is neither 0 nor 1
    tdm_policy       the URL of the terms, as written
    """

    where: Literal["header", "meta"]
    tdm_reservation: bool | None
    tdm_policy: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page, ready to be extracted.

    url           absolute URL that it was fetched from; that of a file (`file:`) where nobody knows: then what the page
                  calls its own address takes its place
    body          the entity: transfer and content codings already undone, bytes still undecoded
    content_type  value of the Content-Type header, or None
    captured      when it was fetched, aware; None where nobody knows
    reservation   what the response's header says of text and data mining, or None
    """

    url: str
    body: bytes
    content_type: str | None = None
    captured: datetime | None = None
    reservation: Reservation | None = None


@dataclass(frozen=True, slots=True)
class OutletRules:
    """What extraction is told about the pages that one outlet published within some days; selectors are CSS.

    valid_from, valid_until  the first and the last day, in UTC, of the captures that it holds for; None: no limit
    keep                     the elements inside of which the body is sought
    drop                     elements that are no part of it
    title_suffixes           what the outlet puts behind its headlines
    authors, dates           the elements that name the authors and the day of publication
    """

    valid_from: date | None = None
    valid_until: date | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    title_suffixes: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What extraction is told from outside, the same for a live page and for a replayed one.

    outlets  maps a host (`www.example.com`, `example.com`, or with a port `127.0.0.1:8001`) to the name of
             the outlet that publishes there; a host matches itself and its subdomains
    pages    maps the host of an outlet to what is known about its pages; those of its subdomains are meant too, but
             for those that are another outlet's
    """

    outlets: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, tuple[OutletRules, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a page says that its text comes from, and the wording that said so."""

    name: str | None = None
    url: str | None = None
    wording: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A block that stood on the page and is not part of the article.

    rule     dotted name of the rule that dropped it, such as `related.marker`
    text     its text, paragraphs joined by a line feed
    heading  the marker or heading that opened it, if there was one
    """

    rule: str
    text: str
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One page of an article that was cut into several: how many of its paragraphs and removed blocks are there."""

    url: str
    paragraphs: int
    removed: int


@dataclass(frozen=True, slots=True)
class Article:
    """The article of one page. All text is NFC, without leading or trailing space, one line a paragraph.

    Dates are aware datetimes in the offset that the page gave, or a plain date where the page gives no time.
    `language` is a lower-case ISO 639-1 code where there is one. Field names follow schema.org's NewsArticle.

    continued_at  absolute URL of the page on which the article goes on and which is not in it
    parts         the pages that were joined, in their order; none for an article of one page
    rights        what the page says of text and data mining: by its header, then by its own markup
    frame         absolute URL of the framed document that holds the text; None where the page itself does
    """

    url: str
    headline: str
    paragraphs: tuple[str, ...]
    standfirst: str | None = None
    canonical_url: str | None = None
    outlet: str | None = None
    kind: Kind = "article"
    authors: tuple[str, ...] = ()
    date_published: datetime | date | None = None
    date_modified: datetime | date | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    image: str | None = None
    source: Source | None = None
    removed: tuple[Removed, ...] = ()
    continued_at: str | None = None
    parts: tuple[Part, ...] = ()
    rights: tuple[Reservation, ...] = ()
    frame: str | None = None

    @property
    def body(self) -> str:
        """The paragraphs alone, a blank line between them."""
        return "\n\n".join(self.paragraphs)

    @property
    def words(self) -> int:
        """Whitespace-separated words of the body."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class NoArticle:
    """A page that holds no article: what it is instead, and a sentence that says how that was seen."""

    url: str
    kind: Kind
    reason: str


Outcome = Article | NoArticle
