"""The catalogue of one collection: which captures and texts there are. The only place with SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, insert
from sqlalchemy.exc import DatabaseError

from archive.capture import Capture
from archive.catalogue.engines import reading_engine, unusable, writing_engine
from archive.catalogue.migrations import check_schema, migrate
from archive.catalogue.progress import (
    FORGET_TAKEN_IN,
    SET_READ,
    TAKE_IN,
    FileRead,
    TakenIn,
    taken_in_rows,
)
from archive.catalogue.queries import Queries
from archive.catalogue.rows import (
    CaptureState,
    State,
    TextRow,
    capture_row,
)
from archive.catalogue.statements import (
    CORRECT,
    REFRESH_TEXT,
    SET_STATE,
    change_row,
    correct_row,
    refreshed_row,
)
from archive.catalogue.tables import SCHEMA_VERSION, captures, texts
from archive.errors import CatalogueOutdated


class Catalogue(Queries):
    """Queries and changes. One writer at a time (the collection's lock sees to it), any number of readers."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        """One that is `writable` is brought up to date. Raises CatalogueOutdated where another one is of an older
        tearsheet, CollectionError where the file is no catalogue, of a newer tearsheet, or out of reach."""
        self._path = path
        self._writing: Connection | None = None
        self._reading: Connection | None = None
        try:
            if writable:
                self._writing = writing_engine(path).connect()
                with self._writing.begin():
                    migrate(self._writing, str(path))
            self._engine = reading_engine(path)
            self._reading = self._engine.connect()
            if check_schema(self._reading, str(path)) < SCHEMA_VERSION:
                raise CatalogueOutdated(
                    f"{path} was made by an older tearsheet; the first command that may write to its folder brings it "
                    "up to date"
                )
        except BaseException as error:
            self.close()
            if isinstance(error, DatabaseError):
                raise unusable(path, error) from error
            raise

    def close(self) -> None:
        for connection in (self._reading, self._writing):
            if connection is not None:
                connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def commit(
        self,
        new_captures: Iterable[tuple[Capture, State]],
        new_texts: Iterable[TextRow],
        changes: Iterable[CaptureState],
        refreshed_texts: Iterable[TextRow] = (),
        files_read: Iterable[FileRead] = (),
        files_taken_in: Iterable[TakenIn] = (),
    ) -> None:
        """Add captures and texts, set states, what is known of texts and how far files were read: together or not at
        all.

        Raises CollectionError.
        """
        assert self._writing is not None, "the catalogue was opened for reading"
        taken_in = list(files_taken_in)
        steps: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
            (insert(texts), [asdict(row) for row in new_texts]),
            (insert(captures), [capture_row(capture, state) for capture, state in new_captures]),
            (SET_STATE, [change_row(change) for change in changes]),
            (REFRESH_TEXT, [refreshed_row(row) for row in refreshed_texts]),
            (SET_READ, [asdict(row) for row in files_read]),
            (FORGET_TAKEN_IN, [{"named": taken.source} for taken in taken_in]),
            (TAKE_IN, [row for taken in taken_in for row in taken_in_rows(taken)]),
        )
        if not any(rows for _, rows in steps):
            return
        try:
            with self._writing.begin():
                for statement, rows in steps:
                    if rows:
                        self._writing.execute(statement, rows)
        except DatabaseError as error:
            raise unusable(self._path, error) from error

    def correct(self, known: Iterable[Capture]) -> None:
        """Let the rows of captures say what is given; what became of the captures stays. Raises CollectionError."""
        assert self._writing is not None, "the catalogue was opened for reading"
        rows = [correct_row(capture, "no-page") for capture in known]
        try:
            with self._writing.begin():
                if rows:
                    self._writing.execute(CORRECT, rows)
        except DatabaseError as error:
            raise unusable(self._path, error) from error
