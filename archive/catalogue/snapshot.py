"""The catalogue as it was at one moment, whatever a writer commits meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from archive.capture import Capture
from archive.catalogue.engines import reading_engine, unusable
from archive.catalogue.rows import CAPTURE_COLUMNS, AnyRow, TextRow, capture_of
from archive.catalogue.tables import captures, texts

_CAPTURES = select(*CAPTURE_COLUMNS).order_by(captures.c.number)
_ENDS = (
    select(captures.c.warc, func.max(captures.c.offset + captures.c.length))
    .group_by(captures.c.warc)
    .order_by(captures.c.warc)
)
_NEWEST = select(func.max(captures.c.date))
_FIRST_OF_EACH = (
    select(func.min(captures.c.number))
    .where(captures.c.text_number.is_not(None))
    .group_by(captures.c.url, captures.c.text_number)
)
_VERSIONS = (
    select(*CAPTURE_COLUMNS, *texts.c)
    .join(texts, texts.c.number == captures.c.text_number)
    .where(captures.c.number.in_(_FIRST_OF_EACH))
    .order_by(captures.c.number)
)


class Snapshot:
    """What was committed when it was opened: all of its answers fit each other. A context manager."""

    def __init__(self, path: Path) -> None:
        """Raises CollectionError where the file is no catalogue or out of reach, as every query does."""
        self._path = path
        try:
            self._connection = reading_engine(path).connect()
            self._connection.exec_driver_sql("BEGIN")
            self._connection.execute(_NEWEST)  # it is the first query that fixes the moment
        except DatabaseError as error:
            raise unusable(path, error) from error

    def captures(self) -> Iterator[Capture]:
        """All captures in the order in which they were written."""
        return map(capture_of, self._each(_CAPTURES))

    def ends(self) -> dict[str, int]:
        """WARC file -> where in it the last committed capture ends, in bytes; by name."""
        return {row[0]: row[1] for row in self._each(_ENDS)}

    def newest(self) -> datetime | None:
        """The latest WARC-Date of any capture, aware, UTC; None where there is no capture."""
        (date,) = next(self._each(_NEWEST))
        return datetime.fromisoformat(date) if date else None

    def versions(self) -> Iterator[tuple[Capture, TextRow]]:
        """Each text of each address with its first capture there, in the order of the captures."""
        columns = len(CAPTURE_COLUMNS)
        for row in self._each(_VERSIONS):
            yield capture_of(row[:columns]), TextRow(**dict(zip(texts.c.keys(), row[columns:], strict=True)))

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _each(self, statement: Any) -> Iterator[AnyRow]:
        try:
            yield from self._connection.execute(statement, execution_options={"yield_per": 1000})
        except DatabaseError as error:
            raise unusable(self._path, error) from error
