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


def reading_engine(path: Path, *, writable: bool) -> Engine:
    """Every statement sees what was committed last: no transaction stays open between two of them."""
    return _engine(path, "mode=rwc" if writable else _read_only(path), isolation_level="AUTOCOMMIT")


def writing_engine(path: Path) -> Engine:
    """Transactions, the making of tables among them, are all or nothing."""
    engine = _engine(path, "mode=rwc")

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # else the driver would begin none before it makes a table
        # Readers go on while the writer commits; FULL syncs each commit, which is what a commit promises.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


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
    return create_engine(
        f"sqlite:///file:{quote(str(path))}?{mode}&uri=true",
        poolclass=NullPool,
        connect_args={"timeout": 30.0, "check_same_thread": False},
        **options,
    )


def _read_only(path: Path) -> str:
    """How to open the file for reading alone.

    SQLite keeps files beside it that all its users share, and makes them if need be. Where it can't, as on a
    read-only disk, and no writer has left them there, the file holds all and is read as it is.
    """
    journal = path.with_name(path.name + "-wal")
    alone = not os.access(path.parent, os.W_OK) and not journal.exists()
    return "mode=ro&immutable=1" if alone else "mode=ro"
