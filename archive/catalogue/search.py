"""The index of words of one collection: SQLite's FTS5 over terms that are cut and folded before they come here.

It is made from the catalogue and the texts, can be deleted at any time, and holds no text: only terms, and of each
text what a list of results shows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import DatabaseError

from archive.catalogue.engines import attached_as, reading_engine, writing_engine
from archive.catalogue.search_rows import (
    HIT_COLUMNS,
    Document,
    Facets,
    Found,
    Hit,
    Listed,
    Wanted,
    dated,
    document_row,
)
from archive.catalogue.search_statements import (
    ADD_DOCUMENT,
    ADD_WORDS,
    CHANGED,
    FORGET_GONE,
    MAKE,
    MISSING,
    SET_CHANGED,
    SET_CURRENT,
    TABLES,
    facet,
    selecting,
)
from archive.errors import CollectionError
from archive.search.terms import VERSION

_VERSION = f"1.{VERSION}"
_BROKEN = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR})


class IndexDamaged(CollectionError):  # noqa: N818 - a state of the file, told as such
    """The file is no index of words, or is damaged; it is to be made anew."""


class SearchIndex:
    """Any number of processes and threads may search, and one at a time may add: the others wait for it."""

    def __init__(self, path: Path, catalogue: Path) -> None:
        """Open the index at `path` of the collection with that catalogue; makes it where it is missing or was made by
        another version.

        Raises IndexDamaged, and CollectionError where it can't be written.
        """
        self.path = path
        self._writing = writing_engine(path, durable=False)
        event.listen(
            self._writing, "connect", lambda connection, _: attached_as("held", connection, catalogue)
        )
        with self._told(), self._writing.begin() as connection:
            if self._version(connection) != _VERSION:
                for statement in MAKE:
                    connection.exec_driver_sql(statement, (_VERSION,) if "?" in statement else ())
        self._reading = reading_engine(path)

    def compare(self) -> list[Listed]:
        """Forget what the catalogue no longer has, take over what it says anew, and give the texts to be added."""
        with self._told(), self._writing.begin() as connection:
            connection.exec_driver_sql(FORGET_GONE)
            for row in connection.exec_driver_sql(CHANGED).mappings().all():
                connection.exec_driver_sql(SET_CHANGED, {**row, **dated(row["published"], row["captured"])})
            connection.exec_driver_sql(SET_CURRENT)
            return [Listed(**row) for row in connection.exec_driver_sql(MISSING).mappings()]

    def add(self, documents: Iterable[Document]) -> None:
        """Add texts, all or none; those that another process has added meanwhile are passed over."""
        with self._told(), self._writing.begin() as connection:
            for document in documents:
                added = connection.exec_driver_sql(ADD_DOCUMENT, document_row(document))
                if added.rowcount and document.words:
                    connection.exec_driver_sql(ADD_WORDS, asdict(document.words))

    def settle(self) -> None:
        """Say which of the texts that were added an address has now."""
        with self._told(), self._writing.begin() as connection:
            connection.exec_driver_sql(SET_CURRENT)

    def find(self, wanted: Wanted) -> Found:
        """Of several versions of an article that have what is wanted, the newest is found; without a query, those that
        addresses have now."""
        with self._told(), self._reading.connect() as connection:
            outlets = self._outlets(connection, wanted.selection.outlets)
            rows, counting, values = selecting(wanted, outlets)
            total = connection.exec_driver_sql(counting, values).scalar_one()
            paged = {**values, "limit": wanted.limit, "offset": wanted.offset}
            hits = tuple(_hit(row) for row in connection.exec_driver_sql(rows, paged).mappings())
        return Found(total, hits)

    def facets(self) -> Facets:
        with self._told(), self._reading.connect() as connection:
            outlets, languages, kinds = (
                tuple((row[0], row[1]) for row in connection.exec_driver_sql(facet(column)))
                for column in ("outlet", "language", "kind")
            )
            newest = connection.exec_driver_sql(
                "SELECT max(moment) FROM documents WHERE current"
            ).scalar_one()
        return Facets(sum(count for _, count in kinds), outlets, languages, kinds, newest)

    def check(self) -> None:
        """Read the whole index. Raises IndexDamaged where it is not what was written."""
        with self._told(), self._writing.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA main.quick_check(1)").scalar_one()
            if found != "ok":
                raise IndexDamaged(
                    f"{self.path} is damaged ({found}); delete it: it is made anew from the texts"
                )

    def _outlets(self, connection: Connection, named: frozenset[str]) -> list[str]:
        folded = {name.casefold() for name in named}
        known = connection.exec_driver_sql("SELECT DISTINCT outlet FROM documents WHERE outlet IS NOT NULL")
        return [row[0] for row in known if row[0].casefold() in folded] if folded else []

    def _version(self, connection: Connection) -> str | None:
        if not connection.exec_driver_sql(TABLES).first():
            return None
        found: str | None = connection.exec_driver_sql("SELECT version FROM made_by").scalar()
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if "fts5" in str(error.orig) and "no such module" in str(error.orig):
                raise CollectionError(
                    "the SQLite of this Python has no FTS5, which search needs; use another build of Python"
                ) from error
            broken = code & 0xFF in _BROKEN or not self.path.exists()
            kind = IndexDamaged if broken else CollectionError
            raise kind(
                f"{self.path} can't be used as an index of words ({error.orig}); delete it: it is made anew from the "
                "texts"
            ) from error


def _hit(row: Any) -> Hit:
    return Hit(**{name: row[name] for name in HIT_COLUMNS} | {"current": bool(row["current"])})
