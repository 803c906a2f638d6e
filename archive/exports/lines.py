"""Articles as lines: JSON, with all that is known of each, or CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import orjson

from archive.text.record import Json

COLUMNS = (
    "text_file",
    "url",
    "canonical_url",
    "outlet",
    "kind",
    "headline",
    "standfirst",
    "authors",
    "date_published",
    "date_modified",
    "language",
    "section",
    "tags",
    "description",
    "image",
    "source_name",
    "source_url",
    "words",
    "first_captured",
    "last_captured",
    "captures",
    "body",
)
# What a spreadsheet takes for the beginning of a formula, be it in full width.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def json_lines(articles: Iterable[Json]) -> Iterator[bytes]:
    """One object a line, UTF-8."""
    for article in articles:
        yield orjson.dumps(article, option=orjson.OPT_APPEND_NEWLINE)


def csv_lines(articles: Iterable[Json]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, a line of column names first. A line may hold line feeds within quotes."""
    yield _csv_line(COLUMNS)
    for article in articles:
        row = flat(article)
        yield _csv_line(_harmless(row[column]) for column in COLUMNS)


def flat(article: Json) -> Json:
    """An article in the columns: lists as one text with `; ` between, `captures` as their number, dates as they are."""
    source = article["source"] or {}
    captures = article["captures"]
    dates = sorted(capture["date"] for capture in captures)
    return {column: article.get(column) for column in COLUMNS} | {
        "authors": "; ".join(article["authors"]),
        "tags": "; ".join(article["tags"]),
        "source_name": source.get("name"),
        "source_url": source.get("url"),
        "first_captured": dates[0] if dates else None,
        "last_captured": dates[-1] if dates else None,
        "captures": len(captures),
    }


def _csv_line(cells: Iterable[object]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _harmless(cell: object) -> object:
    """Text from a page must not run as a formula in the spreadsheet of whoever opens it: an apostrophe goes before."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
