"""The tables of a crawl's state. Times are ISO 8601 in UTC to the second: sortable and readable."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, Text

SCHEMA_VERSION = 3

STATES = ("listed", "fetched", "gone", "given-up")
"""A page: seen in a list and not fetched yet, fetched, answered with 404 or 410, could not be fetched."""

metadata = MetaData()

schema = Table("schema_version", metadata, Column("version", Integer, nullable=False))

sources = Table(
    "sources",
    metadata,
    Column("url", Text, primary_key=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fetched", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    # Since version 2: the newest date that it listed, a digest of what it listed, and when that last was another one.
    Column("newest", Text),
    Column("digest", Text),
    Column("changed", Text),
)

pages = Table(
    "pages",
    metadata,
    Column("key", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("state", Text, CheckConstraint(f"state IN {STATES}"), nullable=False),
    Column("due", Text),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("fetched", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("moved_to", Text),
    Index("pages_due", "outlet", "due"),
)

habits = Table(
    "habits",
    metadata,
    Column("outlet", Text, primary_key=True),
    Column("streak", Integer, nullable=False),
)
"""Since version 3: how many pages of an outlet in a row had an article only when they were rendered."""


def iso(moment: datetime) -> str:
    """An aware time as it is stored."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
