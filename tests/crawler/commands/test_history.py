from __future__ import annotations

from pathlib import Path

from tests.archive.sample_collections import url
from tests.archive.test_history import edited
from tests.command import tearsheet

FOLDER = ("--collections", ".")


def test_versions_are_shown_with_the_words_that_changed(tmp_path: Path) -> None:
    edited(tmp_path)
    done = tearsheet("history", url("a"), *FOLDER, cwd=tmp_path)
    lines = done.out.splitlines()
    assert done.status == 0
    assert lines[0].startswith("2026-03-01 12:00 UTC to 2026-03-01 12:01 UTC  2 captures  000_")
    assert lines[1].startswith("2026-03-01 12:02 UTC  1 capture  001_")
    assert lines[1].endswith("(+1 -5)")
    assert lines[2:4] == [
        "  [-First-]{+Another+} paragraph[- of a-].",
        "  [-Second paragraph.-]",
    ]
    assert lines[4] == "2026-03-01 12:03 UTC  1 capture  gone: HTTP 410"
    assert "{+Second paragraph.+}" in done.out


def test_json_has_a_row_for_each_version(tmp_path: Path) -> None:
    edited(tmp_path)
    rows = tearsheet("history", url("a"), "--json", *FOLDER, cwd=tmp_path).rows
    assert [row["note"] for row in rows] == [None, None, "gone: HTTP 410", None]
    assert [len(row["captures"]) for row in rows] == [2, 1, 1, 1]
    assert rows[0]["first_seen"] == "2026-03-01T12:00:00.250000Z"
    assert rows[0]["changes"] == rows[2]["changes"] == []
    assert {"kind": "removed", "text": "Second paragraph."} in rows[1]["changes"][1]


def test_an_address_that_was_never_captured_is_an_error(tmp_path: Path) -> None:
    edited(tmp_path)
    done = tearsheet("history", url("c"), *FOLDER, cwd=tmp_path)
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "tearsheet: http://news.example/c was never captured in the collection news; check the address, or name "
        "another collection with -c\n"
    )
