from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.digests import digest_of
from archive.errors import CollectionError, CollectionInUse, RecordError
from archive.extraction.article import NoArticle
from archive.lock import WriterLock
from archive.outcomes import Failure
from archive.warc.writer import Rotation
from tests.archive.sample_collections import (
    SMALL_FILES,
    article,
    exchange,
    fetch,
    findings,
    html,
    make,
    raw_response,
    reading,
    record,
    text_files,
    url,
)


def texts_by_url(collection: Collection) -> list[tuple[int, str]]:
    return [(row.number, row.url) for row in collection.text_rows()]


def test_captures_are_read_by_offset_and_equal_by_digest(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        written = [record(writer, exchange(name, second)) for second, name in enumerate("abc")]
    with reading(tmp_path) as collection:
        assert list(collection.captures()) == written
        for capture, name in zip(written, "abc", strict=True):
            with collection.read_response(capture) as response:
                assert response.getvalue() == raw_response(html(name))
                assert digest_of(response.pieces()) == capture.block_digest
    assert findings(tmp_path) == []


def test_an_entity_seen_before_becomes_a_revisit_that_reads_as_its_original(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        first = record(writer, exchange("a"))
        fresh = record(writer, exchange("a", 1))
        writer.commit()
        committed = record(writer, exchange("a", 2))
        other = record(writer, exchange("b", 3, body=html("a")))
    assert [c.record_type for c in (first, fresh, committed, other)] == [
        "response",
        "revisit",
        "revisit",
        "response",
    ]
    assert fresh.refers_to == committed.refers_to == first.record_id
    with reading(tmp_path) as collection, collection.read_response(committed) as response:
        assert response.getvalue() == raw_response(html("a"))
    assert findings(tmp_path) == []


def test_a_304_refers_to_the_capture_of_the_latest_date(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        record(writer, exchange("a", 1, body=b"one"))
        writer.commit()
        newest = record(writer, exchange("a", 9, body=b"two"))
        record(writer, exchange("a", 5, body=b"three"))
        unchanged = record(writer, exchange("a", 10, body=b"", status="304 Not Modified"))
        assert (unchanged.record_type, unchanged.refers_to) == ("revisit", newest.record_id)
        nothing_before = record(writer, exchange("b", 11, body=b"", status="304 Not Modified"))
        assert nothing_before.record_type == "response"
    assert findings(tmp_path) == []


@pytest.mark.parametrize("seed", range(5))
def test_texts_are_numbered_in_the_order_of_captures_whatever_the_order_of_outcomes(
    tmp_path: Path, seed: int
) -> None:
    shuffled = random.Random(seed)
    with CollectionWriter(tmp_path, "news") as writer:
        captures = [record(writer, exchange(name, second)) for second, name in enumerate("abcdefgh")]
        for capture in captures:
            writer.expect(capture)
        for capture in shuffled.sample(captures, len(captures)):
            writer.settle(capture.number, article(capture.url[-1]))
            if shuffled.random() < 0.5:
                writer.commit()
        writer.commit()
        assert writer.unsettled == 0
    with reading(tmp_path) as collection:
        assert texts_by_url(collection) == list(enumerate(map(url, "abcdefgh")))
    assert findings(tmp_path) == []


def test_the_same_text_from_another_page_is_one_file_with_one_capture_more(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        first, second = fetch(writer, "a"), fetch(writer, "b", 1, story="a")
        one_batch = writer.commit()
        third = fetch(writer, "c", 2, story="a")
        later = writer.commit()
        revisit = fetch(writer, "a", 3)
    assert [settled.new_text for settled in one_batch + later] == [True, False, False]
    name = Path(one_batch[0].record["text_file"]).name  # type: ignore[index]
    assert list(text_files(tmp_path)) == [name.replace(".txt", ".json"), name]
    stored = json.loads((tmp_path / "news/text" / name).with_suffix(".json").read_bytes())
    assert [c["record_id"] for c in stored["captures"]] == [
        c.record_id for c in (first, second, third, revisit)
    ]
    assert findings(tmp_path) == []


def test_a_second_run_adds_captures_and_no_text(tmp_path: Path) -> None:
    make(tmp_path, "abc")
    before = text_files(tmp_path)
    with CollectionWriter(tmp_path, "news") as writer:
        for second, name in enumerate("abc"):
            fetch(writer, name, 100 + second)
        assert [settled.new_text for settled in writer.commit()] == [False] * 3
    assert text_files(tmp_path).keys() == before.keys()
    with reading(tmp_path) as collection:
        counts = collection.counts()
        assert (counts.captures, counts.texts, counts.states) == (6, 3, {"text": 6})
    assert findings(tmp_path) == []


def test_settled_captures_say_what_became_of_them(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        none = record(writer, exchange("a"))
        failed = record(writer, exchange("b", 1))
        again = record(writer, exchange("a", 2))
        for capture in (none, failed, again):
            writer.expect(capture)
        writer.settle(none.number, NoArticle(url("a"), "section", "It lists links."))
        writer.settle(failed.number, Failure("b: it broke"))
        settled = writer.commit()
    assert [(s.capture, s.state, s.record, s.note) for s in settled] == [
        (none, "no-article", None, "It lists links."),
        (failed, "failed", None, "b: it broke"),
        (again, "no-article", None, "It lists links."),
    ]


def test_rotation_in_the_middle_of_a_run_keeps_everything_together(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news", rotation=SMALL_FILES) as writer:
        settled = []
        for second in range(40):
            fetch(writer, f"page-{second % 25}", second)
            if second % 7 == 0:
                settled += writer.commit()
        settled += writer.commit()
    assert [s.capture.number for s in settled] == list(range(1, 41))
    with reading(tmp_path) as collection:
        assert len(collection.places.warcs()) > 5
        assert collection.places.unfinished() == []
        assert collection.counts().texts == 25
        for capture in collection.captures():
            with collection.read_response(capture) as response:
                assert response.getvalue() == raw_response(html(capture.url.rpartition("/")[2]))
    assert findings(tmp_path) == []


def test_readers_beside_the_writer_see_what_was_committed(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        with reading(tmp_path) as one, reading(tmp_path) as other:
            for second, name in enumerate("abc"):
                capture = fetch(writer, name, second)
                assert [c.number for c in one.captures()] == list(range(1, second + 1))
                writer.commit()
                for reader in (one, other):
                    assert [c.number for c in reader.captures()] == list(range(1, second + 2))
                    (*_, row) = reader.text_rows()
                    text, stored = reader.read_text(row)
                    assert text.startswith(f"Headline of {name}\n\nA standfirst.\n\n")
                    assert stored["captures"][0]["record_id"] == capture.record_id
                    with reader.read_response(capture) as response:
                        assert response.getvalue() == raw_response(html(name))
        with pytest.raises(CollectionInUse):
            CollectionWriter(tmp_path, "news")
    assert findings(tmp_path) == []


def test_a_collection_of_an_older_tearsheet_is_read_once_its_catalogue_is_brought_up_to_date(
    tmp_path: Path,
) -> None:
    make(tmp_path, "ab")
    outdated = (
        "ALTER TABLE captures DROP COLUMN rendering",
        "UPDATE schema_version SET version = 3",
    )
    with closing(sqlite3.connect(tmp_path / "news/catalogue.sqlite")) as connection, connection:
        for statement in outdated:
            connection.execute(statement)
    lock = WriterLock(tmp_path / "news/.lock")
    with pytest.raises(CollectionInUse):
        Collection(tmp_path, "news")
    lock.release()
    with reading(tmp_path) as collection:
        assert len(list(collection.articles())) == 2
    assert findings(tmp_path) == []


def test_a_capture_extracted_again_with_another_result_leaves_its_old_text(tmp_path: Path) -> None:
    make(tmp_path, "ab")
    with CollectionWriter(tmp_path, "news") as writer:
        first, second = list(writer.captures())
        for capture in (first, second):
            writer.expect(capture)
        writer.settle(1, article("b"))
        writer.settle(2, article("b"))
        writer.commit()
        assert [c.number for c in writer.catalogue.captures_of(1)] == [1, 2]
        assert writer.catalogue.captures_of(0) == []
    assert findings(tmp_path) == []


def test_a_capture_expected_twice_in_one_batch_holds_nothing_up(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        first, second = record(writer, exchange("a")), record(writer, exchange("b", 1))
        for capture in (first, first, second):
            writer.expect(capture)
        for capture in (second, first, first):
            writer.settle(capture.number, article(capture.url[-1]))
        assert [s.capture.number for s in writer.commit()] == [1, 1, 2]
        assert writer.unsettled == 0
    assert findings(tmp_path) == []


def test_texts_of_an_earlier_run_are_numbered_before_those_of_captures_that_come_in_meanwhile(
    tmp_path: Path,
) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        for second, name in enumerate("abc"):
            record(writer, exchange(name, second))
    with CollectionWriter(tmp_path, "news") as writer:
        pending = writer.pending()
        first = next(pending)
        writer.expect(first)
        fetch(writer, "new", 9)
        writer.settle(first.number, article("a"))
        assert [s.capture.number for s in writer.commit()] == [1]
        for capture in pending:
            writer.expect(capture)
            writer.settle(capture.number, article(capture.url[-1]))
        assert [s.capture.number for s in writer.commit()] == [2, 3, 4]
    with reading(tmp_path) as collection:
        assert texts_by_url(collection) == list(enumerate(map(url, ["a", "b", "c", "new"])))
    assert findings(tmp_path) == []


def test_pending_captures_are_those_that_no_extraction_looked_at(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        fetch(writer, "a")
        waiting = record(writer, exchange("b", 1))
        record(writer, exchange("gone", 2, status="404 Not Found"))
        assert list(writer.pending()) == []
        writer.commit()
        assert list(writer.pending()) == [waiting]


def test_a_text_and_its_json_that_were_deleted_are_written_again(tmp_path: Path) -> None:
    make(tmp_path, "abc")
    with CollectionWriter(tmp_path, "news") as writer:
        fetch(writer, "d", 50, story="a")
    before = text_files(tmp_path)
    for path in (tmp_path / "news/text").iterdir():
        path.unlink()
    with CollectionWriter(tmp_path, "news") as writer:
        for capture in list(writer.captures()):
            writer.expect(capture)
            writer.settle(capture.number, article("a" if capture.url == url("d") else capture.url[-1]))
    assert text_files(tmp_path) == before
    assert findings(tmp_path) == []


def test_a_revisit_of_a_deleted_text_fails_with_a_sentence_and_the_rest_is_done(tmp_path: Path) -> None:
    make(tmp_path, "ab")
    for path in (tmp_path / "news/text").glob("000_*"):
        path.unlink()
    with CollectionWriter(tmp_path, "news") as writer:
        fetch(writer, "a", 60)
        fetch(writer, "b", 61)
        failed, done = writer.commit()
    assert failed.state == "failed"
    assert "can't be read (No such file or directory); replay the collection's WARC files" in (
        failed.note or ""
    )
    assert done.state == "text"


def test_what_extraction_knows_better_now_is_stored_with_the_same_text(tmp_path: Path) -> None:
    make(tmp_path, "a")
    with CollectionWriter(tmp_path, "news") as writer:
        (capture,) = writer.captures()
        writer.expect(capture)
        writer.settle(1, article("a", outlet="The Example"))
    with reading(tmp_path) as collection:
        (row,) = collection.text_rows()
        assert row.outlet == "The Example"
        assert collection.read_text(row)[1]["outlet"] == "The Example"
    assert findings(tmp_path) == []


def test_an_index_that_was_deleted_is_written_whole_by_the_next_run(tmp_path: Path) -> None:
    make(tmp_path, "abc")
    index = tmp_path / "news/indexes/index.cdxj"
    before = index.read_bytes()
    index.unlink()
    CollectionWriter(tmp_path, "news").close()
    assert index.read_bytes() == before


def test_a_catalogue_that_was_taken_away_is_made_again_from_the_warc_files(tmp_path: Path) -> None:
    make(tmp_path, "abcdef", rotation=SMALL_FILES)
    before = text_files(tmp_path)
    with reading(tmp_path) as collection:
        captures = list(collection.captures())
    (tmp_path / "news/catalogue.sqlite").unlink()
    with CollectionWriter(tmp_path, "news") as writer:
        *files, texts = writer.repairs
        assert len(files) == len(writer.places.warcs())
        assert all("captures taken into a new catalogue" in sentence for sentence in files)
        assert texts == "text: 6 texts taken into a new catalogue"
        assert list(writer.captures()) == captures
        assert list(writer.pending()) == []
    assert text_files(tmp_path) == before
    assert findings(tmp_path) == []


def test_a_record_that_is_not_what_the_catalogue_says_is_named(tmp_path: Path) -> None:
    make(tmp_path, "ab")
    with reading(tmp_path) as collection:
        first, second = collection.captures()
        moved = Capture(
            **{name: getattr(second, name) for name in Capture.__slots__} | {"offset": first.offset}
        )
        with pytest.raises(RecordError, match=f"it is {first.record_id}, not {second.record_id} as it was"):
            collection.read_response(moved)
        collection.places.warc(first.warc).unlink()
        with pytest.raises(RecordError, match=r"the file can't be read \(No such file or directory\)"):
            collection.read_response(first)


def test_a_revisit_whose_original_is_missing_can_not_be_read(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        record(writer, exchange("a"))
        revisit = record(writer, exchange("a", 1))
        lost = Capture(
            **{n: getattr(revisit, n) for n in Capture.__slots__} | {"refers_to": "<urn:uuid:none>"}
        )
        with pytest.raises(RecordError, match="what it refers to is not in the collection"):
            writer.read_response(lost)


def test_a_closed_collection_takes_nothing_more(tmp_path: Path) -> None:
    writer = CollectionWriter(tmp_path, "news")
    writer.close()
    writer.close()
    with exchange("a").response, pytest.raises(CollectionError, match="is closed; open the collection again"):
        writer.record(exchange("a"))
    with pytest.raises(CollectionError, match="is closed"):
        writer.commit()


def test_a_folder_without_catalogue_is_no_collection(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="is no collection; name one with -c"):
        Collection(tmp_path, "news")


def test_rotation_by_age_closes_a_file_between_exchanges(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news", rotation=Rotation(age=timedelta(0))) as writer:
        for second, name in enumerate("abc"):
            fetch(writer, name, second)
    assert len(list((tmp_path / "news/archive").glob("*.warc.gz"))) == 3
    assert findings(tmp_path) == []
