from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.history import history
from tests.archive.sample_collections import article, exchange, fetch, record, url


def edited(folder: Path) -> None:
    """A page that is captured five times: unchanged, changed, gone, and there again as at first."""
    with CollectionWriter(folder, "news") as writer:
        fetch(writer, "a", 0)
        fetch(writer, "a", 60)
        changed = record(writer, exchange("a", 120, body=b"<p>Other bytes.</p>"))
        writer.expect(changed)
        writer.settle(changed.number, replace(article("a"), paragraphs=("Another paragraph.",)))
        record(writer, exchange("a", 180, body=b"", status="410 Gone"))
        fetch(writer, "a", 240)
        fetch(writer, "b", 300)


def test_versions_follow_one_another_as_they_were_captured(tmp_path: Path) -> None:
    edited(tmp_path)
    with Collection(tmp_path, "news") as collection:
        found = [
            (len(version.captures), version.text and version.text.number, version.note)
            for version in history(collection, url("a"))
        ]
        assert list(history(collection, url("c"))) == []
    assert found == [(2, 0, None), (1, 1, None), (1, None, "gone: HTTP 410"), (1, 0, None)]


def test_a_new_text_names_those_that_its_address_had_before(tmp_path: Path) -> None:
    edited(tmp_path)
    records = [json.loads(path.read_text()) for path in sorted((tmp_path / "news/text").glob("*.json"))]
    names = sorted(path.name for path in (tmp_path / "news/text").glob("*.txt"))
    assert [record["versions"] for record in records] == [[], [names[0]], []]


def test_the_canonical_address_has_the_history_of_the_captured_one(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        capture = record(writer, exchange("a?from=feed"))
        writer.expect(capture)
        writer.settle(capture.number, replace(article("a"), canonical_url=url("a")))
    with Collection(tmp_path, "news") as collection:
        (version,) = history(collection, url("a"))
        assert [capture.url for capture in version.captures] == [url("a?from=feed")]


def test_faults_of_the_server_are_no_versions_unless_there_is_nothing_else(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        fetch(writer, "a", 0)
        for seconds, status in enumerate(("429 Too Many Requests", "503 Service Unavailable"), 60):
            record(writer, exchange("a", seconds, body=b"", status=status))
        fetch(writer, "a", 120)
        record(writer, exchange("b", 180, body=b"", status="503 Service Unavailable"))
    with Collection(tmp_path, "news") as collection:
        (version,) = history(collection, url("a"))
        assert (len(version.captures), version.text is not None) == (2, True)
        assert [version.note for version in history(collection, url("b"))] == ["HTTP 503"]
