from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from archive.catalogue.snapshot import Snapshot
from archive.collection_writer import CollectionWriter
from archive.errors import CollectionError
from tests.archive.sample_collections import START, fetch


def test_what_is_committed_later_is_not_seen(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        first = fetch(writer, "a", 0)
        writer.commit()
        with Snapshot(writer.places.catalogue) as snapshot:
            fetch(writer, "b", 1)
            writer.commit()
            assert [capture.record_id for capture in snapshot.captures()] == [first.record_id]
            assert snapshot.newest() == START
            assert snapshot.ends() == {first.warc: first.offset + first.length}
        with Snapshot(writer.places.catalogue) as snapshot:
            assert len(list(snapshot.captures())) == 2
            assert snapshot.newest() == START + timedelta(seconds=1)


def test_each_text_of_each_address_comes_with_its_first_capture(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        for second, (name, story) in enumerate([("a", "a"), ("b", "a"), ("a", "a"), ("c", "c")]):
            fetch(writer, name, second, story=story)
    with Snapshot(tmp_path / "news/catalogue.sqlite") as snapshot:
        found = [(capture.number, capture.url[-1], row.headline) for capture, row in snapshot.versions()]
    assert found == [(1, "a", "Headline of a"), (2, "b", "Headline of a"), (4, "c", "Headline of c")]


def test_a_catalogue_without_captures_has_no_newest(tmp_path: Path) -> None:
    CollectionWriter(tmp_path, "news").close()
    with Snapshot(tmp_path / "news/catalogue.sqlite") as snapshot:
        assert (snapshot.newest(), snapshot.ends(), list(snapshot.versions())) == (None, {}, [])


def test_a_file_that_is_no_catalogue_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(CollectionError, match="can't be used as a catalogue"):
        Snapshot(path)
