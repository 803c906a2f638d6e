"""The catalogue's tables. Dates are stored as WARC-Date strings (UTC, microseconds): sortable, exact, readable."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Table, Text

SCHEMA_VERSION = 4

STATES = ("no-page", "pending", "text", "no-article", "failed")
"""What became of a capture: not a page, not extracted yet, has text, holds no article, could not be extracted."""

metadata = MetaData()

schema = Table("schema_version", metadata, Column("version", Integer, nullable=False))

captures = Table(
    "captures",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("record_id", Text, nullable=False, unique=True),
    Column("record_type", Text, nullable=False),
    Column("warc", Text, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("entity_digest", Text, nullable=False),
    Column("block_digest", Text),
    Column("method", Text, nullable=False),
    Column("status", Integer),
    Column("mime", Text),
    Column("peer", Text),
    Column("truncated", Text),
    Column("refers_to", Text),
    Column("rendering", Text),
    Column("state", Text, CheckConstraint(f"state IN {STATES}"), nullable=False),
    Column("text_number", Integer, ForeignKey("texts.number")),
    Column("note", Text),
    Index("captures_by_url", "url", "entity_digest"),
    Index("captures_by_url_and_date", "url", "date"),
    Index("captures_by_place", "warc", "offset"),
    Index("captures_by_state", "state"),
    Index("captures_by_text", "text_number"),
)

texts = Table(
    "texts",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text),
    Column("outlet", Text),
    Column("headline", Text, nullable=False),
    Column("date_published", Text),
    Column("language", Text),
    Column("words", Integer, nullable=False),
    Index("texts_by_outlet", "outlet", "date_published"),
    Index("texts_by_canonical_url", "canonical_url"),
)

files_read = Table(
    "files_read",
    metadata,
    Column("warc", Text, primary_key=True),
    Column("selection", Text, primary_key=True),
    Column("offset", Integer, nullable=False),
    Column("size", Integer),
)
"""How far a replay has read each file of the archive folder, so that the next one goes on from there."""

files_taken_in = Table(
    "files_taken_in",
    metadata,
    Column("source", Text, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("modified", Integer, nullable=False),
    Column("warc", Text, nullable=False),
)
"""Which files of the archive folder hold what a file elsewhere does, as long as that has this size and time."""
