"""The values that go into the index of words and come out of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any, Literal

from archive.exports.selection import Selection
from archive.search.query import Query

Order = Literal["relevance", "newest", "oldest"]
PAGE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A text of the catalogue that the index lacks. `captured` is the WARC-Date of its first capture."""

    number: int
    hash: str
    url: str
    headline: str
    words: int
    outlet: str | None
    language: str | None
    published: str | None
    captured: str


@dataclass(frozen=True, slots=True)
class Words:
    """What a text is found by: terms with blanks between them, in their order."""

    headline: str
    body: str
    about: str
    variants: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text as the index has it.

    opening    how it begins, or its standfirst
    words      None where the text could not be read, and is found by its fields alone
    """

    listed: Listed
    kind: str = "article"
    opening: str = ""
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the best or newest texts, `limit` of them after the first `offset`."""

    query: Query = Query()  # noqa: RUF009 - a frozen value
    selection: Selection = Selection()  # noqa: RUF009 - a frozen value
    kind: str | None = None
    order: Order = "newest"
    offset: int = 0
    limit: int = PAGE

    @property
    def sorted_by(self) -> Order:
        """The order of what is found: without words to look for there is no relevance."""
        return "newest" if self.order == "relevance" and not self.query.wanted else self.order


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that was found.

    day      of publication as the page states it, or where it states none, of the first capture
    current  whether an address has this text now, not a later one
    """

    number: int
    hash: str
    url: str
    headline: str
    opening: str
    outlet: str | None
    language: str | None
    kind: str
    words: int
    published: str | None
    captured: str
    day: str
    current: bool


HIT_COLUMNS = tuple(field.name for field in fields(Hit))


@dataclass(frozen=True, slots=True)
class Found:
    """The texts asked for, and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles there are of each outlet, language and kind, the most first; None where none is known."""

    articles: int
    outlets: tuple[tuple[str | None, int], ...]
    languages: tuple[tuple[str | None, int], ...]
    kinds: tuple[tuple[str | None, int], ...]
    newest: str | None


def document_row(document: Document) -> dict[str, Any]:
    """A document as the values of its columns."""
    listed = document.listed
    row = {field.name: getattr(listed, field.name) for field in fields(Listed)}
    return (
        row
        | dated(listed.published, listed.captured)
        | {
            "kind": document.kind,
            "opening": document.opening,
            "whole": document.words is not None,
        }
    )


def dated(published: str | None, captured: str) -> dict[str, str]:
    """The day by which a text is filtered, and the moment (UTC) by which it is sorted."""
    stated = published or captured
    moment = (
        datetime.fromisoformat(stated)
        if "T" in stated
        else datetime.combine(date.fromisoformat(stated), datetime.min.time(), UTC)
    )
    return {"day": stated[:10], "moment": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
