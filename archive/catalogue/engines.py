"""Connections to a catalogue's SQLite file."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from archive.errors import CollectionError

_BROKEN = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR})


def reading_engine(path: Path) -> Engine:
    """Every statement sees what was committed last: no transaction stays open between two of them."""
    engine = _engine(path, _reading_mode(path), isolation_level="AUTOCOMMIT")

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    return engine


def writing_engine(path: Path, *, durable: bool = True) -> Engine:
    """Transactions, the making of tables among them, are all or nothing; a power cut may undo the last ones of an
    engine that is not `durable`."""
    engine = _engine(path, "mode=rwc")

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # else the driver would begin none before it makes a table
        # Readers go on while the writer commits; FULL syncs each commit, which is what a commit promises.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def attached_as(name: str, connection: Any, path: Path) -> None:
    """Let the statements of a connection see another SQLite file as well, under `name`, for reading."""
    connection.execute(f"ATTACH ? AS {name}", (_address(path, _reading_mode(path)),))


def copy_to(target: Path, path: Path) -> None:
    """Write the catalogue at `path` as it is at this moment to a file that is not there yet. Raises CollectionError."""
    try:
        with reading_engine(path).connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only=OFF")  # which would keep it from writing the copy
            connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
    except DatabaseError as error:
        raise unusable(path, error) from error


def unusable(path: Path, error: DatabaseError) -> CollectionError:
    """What a database error means for the one who asked for the catalogue at `path`."""
    reason = str(error.orig) if error.orig is not None else str(error)
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code & 0xFF in _BROKEN:
        return CollectionError(
            f"{path} can't be used as a catalogue ({reason}); move it away and run the command again: it is built "
            "anew from the WARC files"
        )
    return CollectionError(
        f"{path}: can't be read or written ({reason}); see that you may write to its folder and that the disk has "
        "room, and run the command again"
    )


def _engine(path: Path, mode: str, **options: Any) -> Engine:
    address = _address(path, mode)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=30.0, check_same_thread=False)

    # Not by a URL of SQLAlchemy's, which would read signs such as # and ? in the path in its own way.
    return create_engine("sqlite://", creator=connect, poolclass=NullPool, **options)


def _address(path: Path, mode: str) -> str:
    return f"file:{quote(str(path))}?{mode}"


def _reading_mode(path: Path) -> str:
    """How to open the file for reading.

    SQLite keeps files beside it that all its users share, makes them if need be, and the last one removes them.
    Where it can't, as on a read-only disk, and no writer has left them there, the file holds all and is read as it is.
    """
    journal = path.with_name(path.name + "-wal")
    alone = not (journal.exists() and journal.stat().st_size)
    return "mode=ro&immutable=1" if alone and not os.access(path.parent, os.W_OK) else "mode=rw"
