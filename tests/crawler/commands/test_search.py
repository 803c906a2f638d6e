from __future__ import annotations

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


def test_a_collection_that_is_not_there_is_an_error(shelf: Path) -> None:
    done = tearsheet("search", "fire", "-c", "other", *FOLDER, cwd=shelf)
    assert (done.status, done.out) == (1, "")
    assert "is no collection" in done.err
