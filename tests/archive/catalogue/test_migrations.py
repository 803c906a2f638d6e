from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, select

from archive.catalogue import migrations
from archive.catalogue.migrations import check_schema, migrate
from archive.catalogue.tables import SCHEMA_VERSION, metadata, schema


def test_there_is_a_step_from_every_version_to_the_next() -> None:
    assert sorted(migrations.STEPS) == list(range(1, SCHEMA_VERSION))


def test_new_tables_are_of_this_version_and_stay_so(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    with engine.begin() as connection:
        for _ in range(2):
            migrate(connection, "here")
            assert check_schema(connection, "here") == SCHEMA_VERSION
    engine.dispose()


def test_an_older_catalogue_goes_through_the_steps_that_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", 3)
    monkeypatch.setattr(
        migrations,
        "STEPS",
        {
            1: ("CREATE TABLE added (x INTEGER)",),
            2: ("INSERT INTO added VALUES (7)", "ALTER TABLE added RENAME TO kept"),
        },
    )
    engine = create_engine(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(insert(schema).values(version=1))
        migrate(connection, "here")
        assert connection.execute(select(schema.c.version)).scalars().all() == [3]
        assert connection.exec_driver_sql("SELECT x FROM kept").scalars().all() == [7]
    engine.dispose()
