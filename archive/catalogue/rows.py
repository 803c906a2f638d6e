"""The values that go into the catalogue and come out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row

from archive.capture import Capture, warc_date
from archive.catalogue.tables import captures
from archive.text.names import TextName

AnyRow = Row[*tuple[Any, ...]]
State = Literal["no-page", "pending", "text", "no-article", "failed"]

CAPTURE_COLUMNS = tuple(captures.c[field.name] for field in fields(Capture))


@dataclass(frozen=True, slots=True)
class TextRow:
    """What the catalogue keeps of a text: enough to list and to find it; the JSON beside the text has all."""

    number: int
    hash: str
    url: str
    headline: str
    words: int
    canonical_url: str | None = None
    outlet: str | None = None
    date_published: str | None = None
    language: str | None = None

    @property
    def name(self) -> TextName:
        return TextName(self.number, self.hash)


@dataclass(frozen=True, slots=True)
class CaptureState:
    """What became of a capture: `text_number` where it has text, `note` where it has none and why."""

    number: int
    state: State
    text_number: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a collection holds."""

    captures: int
    texts: int
    states: dict[str, int]


def capture_row(capture: Capture, state: State) -> dict[str, Any]:
    """A new capture as the values of its columns."""
    row: dict[str, Any] = {column.name: getattr(capture, column.name) for column in CAPTURE_COLUMNS}
    return row | {"date": warc_date(capture.date), "state": state}


def capture_of(row: Sequence[Any]) -> Capture:
    """The capture that a row of CAPTURE_COLUMNS holds."""
    number, url, date, *rest = row
    return Capture(number, url, datetime.fromisoformat(date), *rest)


def text_of(row: AnyRow) -> TextRow:
    return TextRow(**row._asdict())
