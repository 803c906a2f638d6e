from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import CaptureState, Counts, TextRow
from archive.catalogue.tables import SCHEMA_VERSION
from archive.errors import CollectionError
from tests.archive.sample_collections import START

REPOSITORY = Path(__file__).parents[3]
TEXT = TextRow(
    0, "0123456789abcdef", "http://a.example/1", "عنوان", 12, outlet="A", date_published="2026-03-01"
)


def capture(number: int, page: str = "1", **fields: object) -> Capture:
    value = Capture(
        number=number,
        url=f"http://a.example/{page}",
        date=START + timedelta(seconds=number),
        record_id=f"<urn:uuid:{number}>",
        record_type="response",
        warc="a.warc.gz",
        offset=number * 100,
        length=90,
        entity_digest="sha256:E",
        status=200,
        mime="text/html",
    )
    return replace(value, **fields)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


@pytest.fixture
def catalogue(path: Path) -> Iterator[Catalogue]:
    with Catalogue(path, writable=True) as opened:
        yield opened


def test_captures_and_texts_come_back_as_they_were_given(catalogue: Catalogue) -> None:
    full = capture(
        1,
        block_digest="sha256:B",
        method="POST",
        peer="192.0.2.1",
        truncated="time",
        refers_to="<urn:uuid:0>",
    )
    bare = capture(2, status=None, mime=None)
    catalogue.commit([(full, "no-page"), (bare, "pending")], [TEXT], [CaptureState(2, "text", 0)])
    assert list(catalogue.captures()) == [full, bare]
    assert list(catalogue.captures(since=2)) == list(catalogue.captures_in("a.warc.gz"))[1:] == [bare]
    assert list(catalogue.texts()) == [TEXT]
    assert (catalogue.text(0), catalogue.text(1)) == (TEXT, None)
    assert (catalogue.text_by_hash(TEXT.hash), catalogue.text_by_hash("none")) == (TEXT, None)
    assert (catalogue.state(1), catalogue.state(2)) == (
        CaptureState(1, "no-page"),
        CaptureState(2, "text", 0),
    )
    assert catalogue.captures_of(0) == [bare]
    assert catalogue.counts() == Counts(2, 1, {"no-page": 1, "text": 1})
    assert catalogue.next_numbers() == (3, 1)
    assert catalogue.warcs() == {"a.warc.gz"}
    assert (catalogue.end_of("a.warc.gz"), catalogue.end_of("none")) == (290, 0)
    assert (catalogue.at("a.warc.gz", 200), catalogue.at("a.warc.gz", 201)) == (bare, None)


def test_an_empty_catalogue_answers(catalogue: Catalogue) -> None:
    assert catalogue.next_numbers() == (1, 0)
    assert catalogue.counts() == Counts(0, 0, {})
    assert list(catalogue.pending()) == list(catalogue.captures()) == []
    assert catalogue.latest("http://a.example/1") is None


def test_the_same_entity_is_looked_for_among_whole_responses_of_the_url(catalogue: Catalogue) -> None:
    captures = [
        capture(1, truncated="length"),
        capture(2, record_type="revisit"),
        capture(3, page="2"),
        capture(4, entity_digest="sha256:F"),
        capture(5),
        capture(6),
    ]
    catalogue.commit([(value, "no-page") for value in captures], (), ())
    assert catalogue.same("http://a.example/1", "sha256:E", 200) == captures[4]
    assert catalogue.same("http://a.example/1", "sha256:G", 200) is None


def test_the_latest_entity_is_that_of_the_latest_date(catalogue: Catalogue) -> None:
    captures = [
        capture(1, date=START + timedelta(hours=2)),
        capture(2, date=START + timedelta(hours=1)),
        capture(3, date=START + timedelta(hours=3), status=404),
        capture(4, date=START + timedelta(hours=3), truncated="time"),
        capture(5, date=START + timedelta(hours=3), record_type="revisit"),
    ]
    catalogue.commit([(value, "no-page") for value in captures], (), ())
    assert catalogue.latest("http://a.example/1") == captures[0]


def test_a_capture_is_found_by_its_second(catalogue: Catalogue) -> None:
    first = capture(1, date=START)
    catalogue.commit([(first, "no-page"), (capture(2, date=START, record_type="revisit"), "no-page")], (), ())
    second = START.replace(microsecond=0)
    assert catalogue.find("http://a.example/1", second) == first
    assert catalogue.find("http://a.example/1", second + timedelta(seconds=1)) is None
    assert catalogue.by_record_id("<urn:uuid:1>") == first


def test_pending_captures_come_in_order_while_they_are_being_settled(catalogue: Catalogue) -> None:
    captures = [capture(number) for number in range(1, 1203)]
    catalogue.commit([(value, "pending") for value in captures], (), ())
    assert list(catalogue.pending_numbers()) == list(range(1, 1203))
    seen = []
    for value in catalogue.pending():
        seen.append(value)
        catalogue.commit(
            [(capture(2000 + value.number), "pending")], (), [CaptureState(value.number, "failed")]
        )
        if len(seen) == 600:
            catalogue.commit((), (), [CaptureState(number, "failed") for number in range(1001, 1203)])
    assert seen == captures[:1000]
    assert len(list(catalogue.pending())) == 1000


@pytest.mark.parametrize(
    "second",
    [
        capture(2, record_id="<urn:uuid:1>"),
        capture(1, record_id="<urn:uuid:2>"),
    ],
)
def test_a_commit_is_done_whole_or_not_at_all(catalogue: Catalogue, second: Capture) -> None:
    catalogue.commit([(capture(1), "pending")], (), ())
    with pytest.raises(CollectionError, match="UNIQUE constraint failed"):
        catalogue.commit([(capture(3), "pending"), (second, "pending")], [TEXT], [CaptureState(1, "failed")])
    assert list(catalogue.captures()) == [capture(1)]
    assert list(catalogue.texts()) == []
    assert catalogue.state(1) == CaptureState(1, "pending")


def test_a_capture_can_not_have_a_text_that_is_not_there(catalogue: Catalogue) -> None:
    with pytest.raises(CollectionError, match="FOREIGN KEY constraint failed"):
        catalogue.commit([(capture(1), "pending")], (), [CaptureState(1, "text", 7)])
    assert catalogue.counts().captures == 0


def test_what_is_known_of_a_text_can_change(catalogue: Catalogue) -> None:
    catalogue.commit((), [TEXT], ())
    better = replace(TEXT, outlet=None, language="ar", canonical_url="http://a.example/")
    catalogue.commit((), (), (), [better])
    assert list(catalogue.texts()) == [better]


def test_a_reader_sees_each_commit_and_hinders_none(catalogue: Catalogue, path: Path) -> None:
    catalogue.commit([(capture(number), "pending") for number in range(1, 10)], (), ())
    with Catalogue(path, writable=False) as reader:
        half_read = reader.captures()
        for number in range(10, 13):
            catalogue.commit([(capture(number), "pending")], (), ())
            assert reader.counts().captures == number
            assert reader.by_record_id(f"<urn:uuid:{number}>") == capture(number)
            next(half_read)


def test_a_catalogue_of_a_newer_tearsheet_is_refused(path: Path) -> None:
    Catalogue(path, writable=True).close()
    _execute(path, "UPDATE schema_version SET version = 99")
    for writable in (True, False):
        with pytest.raises(
            CollectionError, match=r"made by a newer tearsheet \(schema 99, this one knows 4\); update"
        ):
            Catalogue(path, writable=writable)


@pytest.mark.parametrize("statement", ["DELETE FROM schema_version", "DROP TABLE schema_version"])
def test_a_catalogue_without_a_schema_version_is_refused(path: Path, statement: str) -> None:
    Catalogue(path, writable=True).close()
    _execute(path, statement)
    with pytest.raises(CollectionError, match=r"move it away and run the command again: it is built anew"):
        Catalogue(path, writable=False)


@pytest.mark.parametrize("writable", [True, False])
def test_a_file_that_is_no_database_is_refused(path: Path, writable: bool) -> None:
    path.write_bytes(b"no database, but long enough to be looked at as one" * 100)
    with pytest.raises(
        CollectionError, match=r"can't be used as a catalogue \(file is not a database\); move it away"
    ):
        Catalogue(path, writable=writable)


def test_a_damaged_page_is_told_when_it_is_read(path: Path) -> None:
    with Catalogue(path, writable=True) as catalogue:
        catalogue.commit([(capture(number), "pending") for number in range(1, 500)], (), ())
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with (
        pytest.raises(CollectionError, match="can't be used as a catalogue"),
        Catalogue(path, writable=False) as reader,
    ):
        list(reader.captures())


def test_a_kill_while_the_tables_are_made_leaves_none(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE half (made INTEGER)")
    connection.close()
    with Catalogue(path, writable=True) as catalogue:
        assert catalogue.next_numbers() == (1, 0)


@pytest.mark.parametrize("folder", ["with space", "per%20cent", "what?mode=ro", "hash#tag", "أخبار"])
def test_a_folder_may_have_any_name(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "catalogue.sqlite"
    path.parent.mkdir()
    Catalogue(path, writable=True).close()
    Catalogue(path, writable=False).close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["catalogue.sqlite"]


READ_AS_NOBODY = """
import os, sys
from pathlib import Path
from archive.catalogue.catalogue import Catalogue
from archive.errors import CollectionError
if os.getuid() == 0:
    os.setuid(65534)
try:
    with Catalogue(Path(sys.argv[1]), writable=len(sys.argv) > 2) as catalogue:
        print(catalogue.counts().captures)
except CollectionError as error:
    print(error)
"""


def test_a_read_only_folder_is_read_and_not_written(tmp_path: Path) -> None:
    for parent in (
        tmp_path,
        *tmp_path.parents,
    ):  # made for their owner alone; the reader below is another user
        if parent.owner() == Path.home().owner() and os.access(parent, os.W_OK) and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o755)
    folder = tmp_path / "read-only"
    folder.mkdir()
    path = folder / "catalogue.sqlite"
    with Catalogue(path, writable=True) as catalogue:
        catalogue.commit([(capture(1), "pending")], (), ())
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        said = [
            subprocess.run(
                [sys.executable, "-c", READ_AS_NOBODY, str(path), *more],
                cwd=REPOSITORY,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for more in ((), ("writable",))
        ]
    finally:
        folder.chmod(0o755)
    assert said[0] == "1\n"
    assert "see that you may write to its folder" in said[1]


def _execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_catalogue_of_an_older_tearsheet_is_brought_up_to_date(path: Path) -> None:
    Catalogue(path, writable=True).close()
    _execute(path, "DROP INDEX texts_by_canonical_url")
    for table in ("files_read", "files_taken_in"):
        _execute(path, f"DROP TABLE {table}")
    _execute(path, "ALTER TABLE captures DROP COLUMN rendering")
    _execute(path, "UPDATE schema_version SET version = 1")
    Catalogue(path, writable=True).close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version FROM schema_version").fetchall() == [(SCHEMA_VERSION,)]
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT number FROM texts WHERE canonical_url = 'a'"
        ).fetchall()
    connection.close()
    assert "texts_by_canonical_url" in plan[0][3]


def test_what_an_older_tearsheet_took_of_other_tools_as_a_dom_is_its_page_s(path: Path) -> None:
    dom = replace(capture(1, url="urn:dom:https://a.example/1"), record_type="resource")
    picture = replace(capture(2, url="urn:view:https://a.example/1"), record_type="resource")
    with Catalogue(path, writable=True) as catalogue:
        catalogue.commit([(dom, "text"), (picture, "no-page")], [], [])
    _execute(path, "ALTER TABLE captures DROP COLUMN rendering")
    _execute(path, "UPDATE schema_version SET version = 3")
    with Catalogue(path, writable=True) as catalogue:
        first, second = catalogue.captures()
    assert (first.url, first.rendering) == ("https://a.example/1", "dom")
    assert (second.url, second.rendering) == ("urn:view:https://a.example/1", None)
