"""The tables of the log of runs. Times are ISO 8601 in UTC to the second: sortable and readable."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

SCHEMA_VERSION = 1

metadata = MetaData()

schema = Table("schema_version", metadata, Column("version", Integer, nullable=False))

COUNTS = (
    "listed", "new", "asked", "fetched", "unchanged", "read", "texts", "texts_read", "new_texts", "complete",
    "failed",
)  # fmt: skip

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("outlet", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("finished", Text),
    *(Column(name, Integer, nullable=False, server_default="0") for name in COUNTS),
    Column("median_length", Integer),
    Column("verdict", Text),
    Column("severity", Text),
    Column("since", Text),
    Column("retry_after", Text),
    # What has parts: sources, counters by name, verdicts; a JSON object. Old runs have none.
    Column("details", Text),
    # Whether its texts say what is usual for the outlet.
    Column("usual", Integer, nullable=False, server_default="0"),
)
Index("runs_by_outlet", runs.c.outlet, runs.c.started)
Index("runs_that_found", runs.c.outlet, runs.c.started, sqlite_where=runs.c.new > 0)
Index("runs_that_are_usual", runs.c.outlet, runs.c.started, sqlite_where=runs.c.usual > 0)
Index("runs_with_details", runs.c.outlet, runs.c.started, sqlite_where=runs.c.details.is_not(None))

notices = Table(
    "notices",
    metadata,
    Column("outlet", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
)
