"""From the state of an earlier version to this one's, in place."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, insert, select, text, update

from crawler.state.errors import StateError
from crawler.state.tables import SCHEMA_VERSION, metadata, schema

_STEPS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE sources ADD COLUMN newest TEXT",
        "ALTER TABLE sources ADD COLUMN digest TEXT",
        "ALTER TABLE sources ADD COLUMN changed TEXT",
        # How new what they list is can only be learned from a whole answer: the next request has no condition.
        "UPDATE sources SET changed = fetched, etag = NULL, last_modified = NULL",
    ),
    2: (),  # a table more, which is made beforehand
}
"""Version -> what makes the next one of it."""


def make(connection: Connection, path: Path) -> None:
    """See that the tables are there, as this version has them; to be called inside a transaction.

    Raises StateError for those of a later version.
    """
    metadata.create_all(connection)
    versions = list(connection.execute(select(schema.c.version)).scalars())
    if not versions:
        connection.execute(insert(schema).values(version=SCHEMA_VERSION))
        return
    version = versions[0]
    while version in _STEPS:
        for statement in _STEPS[version]:
            connection.execute(text(statement))
        version += 1
        connection.execute(update(schema).values(version=version))
    if version != SCHEMA_VERSION:
        raise StateError(
            f"{path} was made by another version of tearsheet (schema {version}, this one knows {SCHEMA_VERSION}); "
            "update tearsheet, or delete the file: pages are then asked for once more"
        )
