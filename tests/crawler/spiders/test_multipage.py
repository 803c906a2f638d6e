"""Articles that their outlet cut into pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.collection import Collection
from tests.command import tearsheet
from tests.origin.server import Answer, Origin

LINES = {
    1: "The harbour board met for nine hours on Tuesday and left with more questions than it had brought along.",
    2: "On the second day the engineers laid out two plans, and neither of them found a friend in the room.",
    3: "By the evening of the third day a vote was taken, which ended with eleven hands for the longer wall.",
}
QUICK = ("--delay", "0")


def page(last: int, line: str, pager: str = "") -> Answer:
    pager += "".join(f'<a href="/report?page={n}">{n}</a>' for n in range(1, last + 1))
    paragraphs = "".join(
        f"<p>{sentence} {line}</p>" for sentence in ("At first it was calm.", "Then it rained.")
    )
    body = (
        '<html lang="en"><head><title>Nine hours at the harbour</title></head><body><main><article>'
        f"<h1>Nine hours at the harbour</h1>{paragraphs}</article></main>"
        f'<nav class="pagination">{pager}</nav></body></html>'
    ).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return Answer((head.encode() + body,))


def gone() -> Answer:
    return Answer((b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n",))


@pytest.fixture
def origin() -> Iterator[Origin]:
    scripts = {"/robots.txt": gone(), "/report": page(3, LINES[1])}
    scripts |= {f"/report?page={number}": page(3, LINES[number]) for number in (2, 3)}
    with Origin(scripts) as server:
        yield server


def paragraphs(*numbers: int) -> list[str]:
    return [f"{first} {LINES[n]}" for n in numbers for first in ("At first it was calm.", "Then it rained.")]


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "text").iterdir()}


def text_of(row: dict[str, Any]) -> list[str]:
    return str(row["body"]).split("\n\n")


def test_all_pages_of_an_article_become_one_text(origin: Origin, tmp_path: Path) -> None:
    done = tearsheet("scrape", origin.url("/report"), "--json", *QUICK, cwd=tmp_path)
    (row,) = done.articles
    assert (done.status, text_of(row)) == (0, paragraphs(1, 2, 3))
    urls = [origin.url(path) for path in ("/report", "/report?page=2", "/report?page=3")]
    assert [part["url"] for part in row["parts"]] == urls
    assert [part["paragraphs"] for part in row["parts"]] == [2, 2, 2]
    assert row["continued_at"] is None
    with Collection(tmp_path / "collections", "news") as collection:
        (text,) = collection.text_rows()
        linked = collection.catalogue.captures_of(text.number)
    assert [capture.url for capture in linked] == urls
    assert [capture["record_id"] for capture in row["captures"]] == [capture.record_id for capture in linked]
    explained = tearsheet("extract", "000", "-c", "news", "--explain", "--json", cwd=tmp_path)
    assert [line["url"] for line in explained.rows] == urls


def test_a_replay_joins_them_to_the_same_bytes(origin: Origin, tmp_path: Path) -> None:
    tearsheet("scrape", origin.url("/report"), *QUICK, cwd=tmp_path)
    origin.scripts["/report?page=2"] = page(
        2, 3, "Corrected: the engineers laid out three plans, not two of them."
    )
    tearsheet("scrape", origin.url("/report"), *QUICK, cwd=tmp_path)
    crawled = tmp_path / "collections/news"
    assert len(texts(crawled)) == 4
    done = tearsheet("replay", *sorted((crawled / "archive").iterdir()), "-c", "again", cwd=tmp_path)
    assert done.status == 0
    assert texts(tmp_path / "collections/again") == texts(crawled)
    assert tearsheet("verify", "collections/news", cwd=tmp_path).status == 0


def test_unchanged_pages_are_revisits_and_make_no_new_text(origin: Origin, tmp_path: Path) -> None:
    for _ in range(2):
        done = tearsheet("scrape", origin.url("/report"), "--json", *QUICK, cwd=tmp_path)
        (row,) = done.articles
    folder = tmp_path / "collections/news/text"
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".txt"]
    record = json.loads((folder / Path(row["text_file"]).name).with_suffix(".json").read_text())
    assert len(record["captures"]) == 6


def test_a_changed_page_makes_a_new_text_with_the_unchanged_ones(origin: Origin, tmp_path: Path) -> None:
    tearsheet("scrape", origin.url("/report"), *QUICK, cwd=tmp_path)
    changed = "Corrected: the engineers laid out three plans, and not two as was said here before."
    origin.scripts["/report?page=2"] = page(3, changed)
    (row,) = tearsheet("scrape", origin.url("/report"), "--json", *QUICK, cwd=tmp_path).articles
    expected = paragraphs(1, 2, 3)
    expected[2:4] = [f"At first it was calm. {changed}", f"Then it rained. {changed}"]
    assert text_of(row) == expected
    assert len(row["captures"]) == 3


def test_a_missing_page_is_named_and_the_article_kept_as_far_as_it_goes(
    origin: Origin, tmp_path: Path
) -> None:
    origin.scripts["/report?page=2"] = gone()
    done = tearsheet("scrape", origin.url("/report"), "--json", *QUICK, cwd=tmp_path)
    (row,) = done.articles
    assert (done.status, text_of(row)) == (1, paragraphs(1))
    assert done.failures == {origin.url("/report?page=2"): "HTTP 404 Not Found; the answer is archived"}
    assert row["continued_at"] == origin.url("/report?page=2")
    origin.scripts["/report?page=2"] = page(2, LINES[2])
    (row,) = tearsheet("scrape", origin.url("/report"), "--json", *QUICK, cwd=tmp_path).articles
    assert text_of(row) == paragraphs(1, 2)


def test_a_page_closed_to_robots_is_not_waited_for(origin: Origin, tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /report?page=\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(rules)}\r\n\r\n".encode()
    origin.scripts["/robots.txt"] = Answer((head + rules,))
    done = tearsheet("scrape", origin.url("/report"), "--json", *QUICK, cwd=tmp_path)
    assert [text_of(row) for row in done.articles] == [paragraphs(1)]
    assert done.failures == {origin.url("/report?page=2"): "robots.txt of the host disallows it"}


def test_without_extraction_all_pages_are_archived(origin: Origin, tmp_path: Path) -> None:
    done = tearsheet("scrape", origin.url("/report"), "--no-extract", "--json", *QUICK, cwd=tmp_path)
    assert [row["url"] for row in done.rows] == [
        origin.url(path) for path in ("/report", "/report?page=2", "/report?page=3")
    ]
    (row,) = tearsheet("scrape", origin.url("/report"), "--json", *QUICK, cwd=tmp_path).articles
    assert text_of(row) == paragraphs(1, 2, 3)


def test_pages_in_a_circle_end(origin: Origin, tmp_path: Path) -> None:
    """Page 2 says that page 1 follows it."""
    pager = '<a class="next" href="/report?page=2"></a><a class="next" href="/report"></a>'
    origin.scripts["/report?page=2"] = page(0, LINES[2], pager)
    (row,) = tearsheet("scrape", origin.url("/report"), "--json", *QUICK, cwd=tmp_path).articles
    assert text_of(row) == paragraphs(1, 2)
