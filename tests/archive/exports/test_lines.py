from __future__ import annotations

import csv
import io
import json

import pytest

from archive.exports.lines import COLUMNS, csv_lines, json_lines
from tests.archive.exports.articles import ARTICLE


def cells(*rows: dict[str, object]) -> list[dict[str, str]]:
    content = b"".join(csv_lines(rows)).decode()
    return list(csv.DictReader(io.StringIO(content, newline=""), strict=True))


def test_json_lines_hold_the_article_as_it_is() -> None:
    first, second = json_lines([ARTICLE, ARTICLE])
    assert json.loads(first) == ARTICLE
    assert list(json.loads(first)) == list(ARTICLE)
    assert (first.count(b"\n"), second) == (1, first)
    assert "سطر".encode() in first


def test_csv_has_a_line_of_names_and_quotes_what_has_to_be() -> None:
    head, line = csv_lines([ARTICLE])
    assert head == (",".join(COLUMNS) + "\r\n").encode()
    assert (
        line
        == (
            "000_312ac729c335d70b.txt,http://news.example/a,,The Daily,article,"
            '"She said ""no"", twice",,Ada One; Bo Two,'
            "2026-03-01T09:30:00+03:00,,en,,,,,Agency,,4,2026-03-01T12:00:00.250000Z,2026-03-01T12:00:00.250000Z,1,"
            '"One line,\n\nand سطر."\r\n'
        ).encode()
    )


def test_an_article_without_source_and_captures_has_empty_cells() -> None:
    (row,) = cells(ARTICLE | {"source": None, "captures": []})
    assert (row["source_name"], row["first_captured"], row["last_captured"], row["captures"]) == (
        "",
        "",
        "",
        "0",
    )


@pytest.mark.parametrize("sign", list("=+-@\t\r\n＝＋－＠"))
def test_what_a_spreadsheet_would_run_is_made_text(sign: str) -> None:
    formula = f'{sign}HYPERLINK("http://evil.example")'
    (row,) = cells(ARTICLE | {"headline": formula, "authors": [formula], "body": f"Fine {formula}"})
    assert row["headline"] == row["authors"] == f"'{formula}"
    assert row["body"] == f"Fine {formula}"
