from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.archive.search.shelf import store, story
from tests.command import tearsheet

FOLDER = ("--collections", ".")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    fire = story("fire", "Harbour fire", "A ferry burned at night.", outlet="Courier", language="en")
    ferry = story("ferry", "Night ferries", "The harbour wants them.", outlet="Daily", language="en")
    store(tmp_path, fire, ferry)
    return tmp_path


def test_what_is_found_is_shown_with_a_snippet(shelf: Path) -> None:
    done = tearsheet("search", "harbour", *FOLDER, cwd=shelf)
    lines = done.out.splitlines()
    assert (done.status, done.err) == (0, "")
    assert lines[0] == "Harbour fire"
    assert lines[1].startswith("  Courier  2026-03-01  000_")
    assert lines[2] == "  A ferry burned at night."
    assert lines[3] == "Night ferries"
    assert lines[-1] == "2 articles"


def test_json_has_a_row_for_each(shelf: Path) -> None:
    rows = tearsheet("search", "harbour", "--outlet", "daily", "--json", *FOLDER, cwd=shelf).rows
    (text_file,) = (row.pop("text_file") for row in rows)
    assert text_file.startswith("news/text/001_")
    assert rows == [
        {
            "collection": "news",
            "headline": "Night ferries",
            "outlet": "Daily",
            "language": "en",
            "date_published": "2026-03-01",
            "url": "http://news.example/ferry",
            "words": 4,
            "current": True,
            "snippet": "The harbour wants them.",
        }
    ]


def test_nothing_found_is_no_failure(shelf: Path) -> None:
    done = tearsheet("search", "harbour", "--since", "2026-03-02", *FOLDER, cwd=shelf)
    assert (done.status, done.out) == (0, "nothing was found\n")


def test_only_so_many_are_shown_as_were_asked_for(shelf: Path) -> None:
    done = tearsheet("search", "harbour", "-n", 1, "--newest", *FOLDER, cwd=shelf)
    assert done.out.splitlines()[0] == "Night ferries"
    assert done.out.splitlines()[-1] == "2 articles, the first 1 of them"


def test_a_query_without_a_word_is_wrong_usage(shelf: Path) -> None:
    done = tearsheet("search", '"" *', *FOLDER, cwd=shelf)
    assert done.status == 2
    assert "no word in it" in done.err


def test_all_collections_are_searched_and_each_hit_names_its_own(shelf: Path) -> None:
    store(
        shelf, story("quay", "The harbour quay", "It is new.", date_published=date(2026, 3, 9)), name="other"
    )
    lines = tearsheet("search", "harbour", *FOLDER, cwd=shelf).out.splitlines()
    assert [line for line in lines if not line.startswith("  ")] == [
        "The harbour quay",
        "Harbour fire",
        "Night ferries",
        "3 articles",
    ]
    assert lines[1].startswith("  2026-03-09  other  000_")
    assert lines[4].startswith("  Courier  2026-03-01  news  000_")
    rows = tearsheet("search", "harbour", "--json", "-n", 2, *FOLDER, cwd=shelf).rows
    assert [(row["collection"], row["text_file"].partition("_")[0]) for row in rows] == [
        ("other", "other/text/000"),
        ("news", "news/text/000"),
    ]
    alone = tearsheet("search", "harbour", "-c", "other", "--json", *FOLDER, cwd=shelf).rows
    assert [row["headline"] for row in alone] == ["The harbour quay"]


def test_a_collection_that_can_not_be_searched_is_told_of_and_the_others_are(shelf: Path) -> None:
    store(shelf, story("quay", "The harbour quay"), name="broken")
    (shelf / "broken/catalogue.sqlite").write_bytes(b"no database" * 500)
    done = tearsheet("search", "harbour", *FOLDER, cwd=shelf)
    assert (done.status, done.out.splitlines()[-1]) == (1, "2 articles")
    assert done.err.startswith("broken is left out: broken/catalogue.sqlite can't be used as a catalogue")
    assert tearsheet("search", "harbour", "-c", "news", *FOLDER, cwd=shelf).status == 0


def test_a_folder_without_collections_is_an_error(tmp_path: Path) -> None:
    done = tearsheet("search", "fire", *FOLDER, cwd=tmp_path)
    assert (done.status, done.out) == (1, "")
    assert ". holds no collection yet" in done.err


def test_a_collection_that_is_not_there_is_an_error(shelf: Path) -> None:
    done = tearsheet("search", "fire", "-c", "other", *FOLDER, cwd=shelf)
    assert (done.status, done.out) == (1, "")
    assert "is no collection" in done.err
