"""Brings a catalogue to the schema of this version. Each step is one list of statements, never changed once out."""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select, text, update

from archive.catalogue.tables import SCHEMA_VERSION, metadata, schema
from archive.errors import CollectionError

STEPS: dict[int, tuple[str, ...]] = {
    1: ("CREATE INDEX texts_by_canonical_url ON texts (canonical_url)",),
    2: (
        "CREATE TABLE files_read (warc TEXT NOT NULL, selection TEXT NOT NULL, offset INTEGER NOT NULL, size INTEGER, "
        "PRIMARY KEY (warc, selection))",
        "CREATE TABLE files_taken_in (source TEXT NOT NULL, place INTEGER NOT NULL, size INTEGER NOT NULL, "
        "modified INTEGER NOT NULL, warc TEXT NOT NULL, PRIMARY KEY (source, place))",
    ),
    3: (
        "ALTER TABLE captures ADD COLUMN rendering TEXT",
        # Of files of other tools: what they call the DOM of a page is that page's.
        "UPDATE captures SET rendering = 'dom', url = substr(url, 9) WHERE record_type = 'resource' "
        "AND (url LIKE 'urn:dom:http:%' OR url LIKE 'urn:dom:https:%')",
    ),
}
"""Schema version -> the statements that lead from it to the next one."""


def migrate(connection: Connection, where: str) -> None:
    """Make the tables, or bring those that are there up to date. `where` names the catalogue in an error."""
    if not inspect(connection).has_table(schema.name):
        metadata.create_all(connection)
        connection.execute(insert(schema).values(version=SCHEMA_VERSION))
        return
    version = check_schema(connection, where)
    for step in range(version, SCHEMA_VERSION):
        for statement in STEPS[step]:
            connection.execute(text(statement))
    connection.execute(update(schema).values(version=SCHEMA_VERSION))


def check_schema(connection: Connection, where: str) -> int:
    """The schema version that is there. Raises CollectionError where there is none, or that of a newer tearsheet."""
    versions: list[int] = list(connection.execute(select(schema.c.version)).scalars())
    if len(versions) != 1:
        raise CollectionError(
            f"{where} does not say of which schema it is; move it away and run the command again: it is built anew "
            "from the WARC files"
        )
    if versions[0] > SCHEMA_VERSION:
        raise CollectionError(
            f"{where} was made by a newer tearsheet (schema {versions[0]}, this one knows {SCHEMA_VERSION}); "
            "update tearsheet, or use another collection"
        )
    return versions[0]
