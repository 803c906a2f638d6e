from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.collection_writer import CollectionWriter
from archive.errors import CollectionError, ExportError
from archive.exports.selection import Selection, articles
from tests.archive.sample_collections import article, exchange, make, reading, record

DAYS = {
    "a": datetime(2026, 2, 27, 23, 30, tzinfo=UTC),
    "b": date(2026, 3, 1),
    "c": None,  # captured on 1 March
}
LANGUAGES = {"a": "en", "b": "ar", "c": None}
OUTLETS = {"a": "The Daily", "b": "صحيفة", "c": "The Daily"}


@pytest.fixture
def collections(tmp_path: Path) -> Path:
    with CollectionWriter(tmp_path, "news") as writer:
        for name, day in DAYS.items():
            capture = record(writer, exchange(name))
            writer.expect(capture)
            story = replace(article(name, outlet=OUTLETS[name]), date_published=day, language=LANGUAGES[name])
            writer.settle(capture.number, story)
    return tmp_path


def selected(collections: Path, selection: Selection) -> tuple[str, list[str]]:
    damages: list[CollectionError] = []
    with reading(collections) as collection:
        rows = list(articles(collection, selection, damages.append))
    return "".join(row["url"][-1] for row in rows), [str(damage) for damage in damages]


@pytest.mark.parametrize(
    ("selection", "names"),
    [
        (Selection(), "abc"),
        (Selection(outlets=frozenset({"the daily"})), "ac"),
        (Selection(outlets=frozenset({"The Daily", "صحيفة"})), "abc"),
        (Selection(languages=frozenset({"ar"})), "b"),
        (Selection(since=date(2026, 2, 28)), "bc"),
        (Selection(since=date(2026, 3, 1), until=date(2026, 3, 1)), "bc"),
        (Selection(until=date(2026, 2, 27)), "a"),
        (Selection(outlets=frozenset({"The Daily"}), since=date(2026, 3, 1)), "c"),
    ],
)
def test_what_is_wanted_is_taken(collections: Path, selection: Selection, names: str) -> None:
    assert selected(collections, selection) == (names, [])


@pytest.mark.parametrize("selection", [Selection(), Selection(since=date(2026, 1, 1))])
def test_a_text_that_newer_rules_replaced_is_left_out(collections: Path, selection: Selection) -> None:
    with CollectionWriter(collections, "news") as writer:
        second = list(writer.captures())[1]
        writer.expect(second)
        writer.settle(second.number, replace(article("b"), headline="Another headline"))
    with reading(collections) as collection:
        assert [row.name.number for row in collection.text_rows()] == [0, 1, 2, 3]
        rows = list(articles(collection, selection, pytest.fail))
    assert [row["text_file"][:3] for row in rows] == ["000", "002", "003"]


def test_a_row_is_the_json_of_the_text_with_its_body(collections: Path) -> None:
    with reading(collections) as collection:
        (first, *_) = articles(collection, Selection(), pytest.fail)
        (row, *_) = collection.text_rows()
        content, stored = collection.read_text(row)
    assert first == stored | {
        "words": row.words,
        "body": "First paragraph of a.\n\nSecond paragraph.",
        "text_file": f"000_{row.hash}.txt",
    }
    assert content.endswith(first["body"] + "\n")


def test_a_text_that_is_damaged_is_named_and_the_others_are_taken(collections: Path) -> None:
    first, second, _ = sorted((collections / "news/text").glob("*.txt"))
    first.write_bytes(first.read_bytes() + b"\xff")
    second.with_suffix(".json").write_text("{}")
    names, damages = selected(collections, Selection())
    assert names == "c"
    assert damages[0].startswith(f"{first}: its bytes do not have the hash in its name; ")
    assert damages[1].startswith(
        f"{second.with_suffix('.json')}: can't be read (it is not the JSON of a text)"
    )


def test_where_the_filters_leave_nothing_it_is_said_what_there_is(collections: Path) -> None:
    with pytest.raises(ExportError) as raised:
        selected(collections, Selection(languages=frozenset({"fr"})))
    assert str(raised.value) == (
        f"{collections}/news: the filters leave none of its 3 texts; they are of the outlets The Daily, صحيفة, in the "
        "languages ar, en"
    )


def test_a_collection_without_texts_or_with_none_that_can_be_read_is_an_error(tmp_path: Path) -> None:
    CollectionWriter(tmp_path, "news").close()
    with pytest.raises(ExportError, match="holds no text yet"):
        selected(tmp_path, Selection())
    make(tmp_path, "a")
    for path in (tmp_path / "news/text").glob("*.txt"):
        path.unlink()
    with pytest.raises(ExportError, match="none of its 1 texts can be read"):
        selected(tmp_path, Selection())
