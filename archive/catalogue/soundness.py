"""Whether a catalogue's file is sound in itself."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from archive.catalogue.engines import reading_engine
from archive.catalogue.tables import schema

_NAMED = 20  # faults that are told of; a damaged page can have thousands


def faults(path: Path) -> list[str]:
    """What SQLite finds wrong with the file: damaged pages, rows that point at rows which are not there."""
    try:
        with reading_engine(path).connect() as connection:
            said = connection.exec_driver_sql(f"PRAGMA quick_check({_NAMED})")
            found = [line for (line,) in said if line != "ok"]
            if len(connection.execute(select(schema.c.version)).all()) != 1:
                found.append("it does not say of which schema it is")
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_NAMED)
    except DatabaseError as error:
        return [str(error.orig)]
    return found + [
        f"row {row} of {table} points at a row of {other} that is not there" for table, row, other, _ in lost
    ]
