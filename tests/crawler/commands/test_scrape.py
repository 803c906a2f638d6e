from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.collection import Collection
from crawler.demo.server import NewsroomServer
from tests.command import tearsheet

FIELDS = [
    *("url", "canonical_url", "outlet", "kind", "headline", "standfirst", "authors", "date_published"),
    *(
        "date_modified",
        "language",
        "section",
        "tags",
        "description",
        "image",
        "source",
        "rights",
        "frame",
        "parts",
        "continued_at",
    ),
    *("captures", "versions"),
    *("extraction", "removed", "body", "text_file"),
]
CAPTURE_FIELDS = ["warc", "offset", "length", "record_id", "date", "block_digest"]


@pytest.fixture(scope="module")
def newsroom() -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        yield server


def test_one_page_becomes_a_text_and_a_row_of_the_table(newsroom: NewsroomServer, tmp_path: Path) -> None:
    wanted = newsroom.expected("tram-line-seven")
    done = tearsheet("scrape", wanted.url, "-c", "trams", cwd=tmp_path)
    (text,) = (tmp_path / "collections/trams/text").glob("*.txt")
    assert text.read_text().split("\n\n")[0] == wanted.headline
    header, row, place, summary = done.out.splitlines()
    assert header.split() == ["headline", "outlet", "date", "words", "text", "file"]
    assert row.startswith(wanted.headline)
    assert row.endswith(text.name)
    assert place == "in collections/trams/text"
    assert summary == "1 article (1 new text, 0 known)"
    assert (done.status, done.err) == (0, f"article: {wanted.url}\n")


def test_json_rows_hold_the_article_its_body_and_its_file(newsroom: NewsroomServer, tmp_path: Path) -> None:
    urls = [newsroom.expected(slug).url for slug in ("tram-line-seven", "clay-filter", "bottle-post")]
    done = tearsheet("scrape", *urls, "--delay", "0", "--json", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert {row["url"] for row in done.rows} == set(urls)
    for row in done.rows:
        assert list(row) == FIELDS
        assert [list(capture) for capture in row["captures"]] == [CAPTURE_FIELDS]
        text = (tmp_path / row["text_file"]).read_text()
        head = "".join(f"{part}\n\n" for part in (row["headline"], row["standfirst"]) if part)
        assert text == f"{head}{row['body']}\n"


def test_addresses_come_from_a_file_with_blank_lines_comments_and_mistakes(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    one, other = (newsroom.expected(slug).url for slug in ("tram-line-seven", "clay-filter"))
    (tmp_path / "list").write_text(f"\ufeff{one}\n\n  # a comment\n  {other}  \nfoo bar\n{one}\n")
    done = tearsheet("scrape", "-i", "list", "--delay", "0", "--json", cwd=tmp_path)
    assert done.status == 1
    assert sorted(row["url"] for row in done.articles) == sorted([one, other])
    assert list(done.failures) == ["foo bar"]
    assert done.failures["foo bar"].startswith("list line 5: ")
    assert done.err.startswith("failed: foo bar: list line 5: ")


def test_addresses_come_from_standard_input(newsroom: NewsroomServer, tmp_path: Path) -> None:
    url = newsroom.expected("tram-line-seven").url
    done = tearsheet("scrape", "-i", "-", "--json", cwd=tmp_path, stdin=f"{url}\r\n")
    assert (done.status, [row["url"] for row in done.rows]) == (0, [url])


def test_bytes_that_are_no_list_are_refused(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"\xff\xfe\x00h")
    done = tearsheet("scrape", "-i", "list", cwd=tmp_path)
    assert done.status == 2
    assert "list is not UTF-8 text; name a file with one URL a line" in done.err


def test_each_failed_page_is_named_and_the_rest_is_done(newsroom: NewsroomServer, tmp_path: Path) -> None:
    base = newsroom.base_urls["harbour-courier"]
    story = newsroom.expected("tram-line-seven").url
    reasons = {
        f"{base}/none": "HTTP 404 Not Found; the answer is archived",
        f"{base}/2026/11/12/correction-to-tide-tables": "HTTP 410 Gone; the answer is archived",
        f"{base}/2026/11/08/budget-tables-not-for-robots": "robots.txt of the host disallows it",
        f"{base}/style.css": "the answer is text/css, not an HTML page; its bytes are archived",
        "http://127.0.0.1:9/": "the server refuses connections; try again later",
        "http://name.invalid/": "the host's name can't be resolved; check its spelling and your connection",
    }
    done = tearsheet("scrape", *reasons, story, "--delay", "0", "--json", cwd=tmp_path)
    assert done.status == 1
    assert [row["url"] for row in done.articles] == [story]
    assert done.failures == reasons
    assert sorted(done.err.splitlines()) == sorted(
        f"failed: {url}: {why}" for url, why in done.failures.items()
    )
    with Collection(tmp_path / "collections", "news") as collection:
        assert {capture.url for capture in collection.captures()} >= {
            story,
            f"{base}/none",
            f"{base}/style.css",
        }


def test_a_server_without_tls_is_told_plainly(newsroom: NewsroomServer, tmp_path: Path) -> None:
    url = newsroom.base_urls["harbour-courier"].replace("http:", "https:") + "/"
    done = tearsheet("scrape", url, cwd=tmp_path)
    assert done.status == 1
    assert done.err.startswith(f"failed: {url}: no secure connection (")
    assert done.err.count("\n") == 1


def test_without_extraction_pages_are_archived_and_the_next_run_extracts_them(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    base = newsroom.base_urls["harbour-courier"]
    story = newsroom.expected("tram-line-seven").url
    done = tearsheet(
        "scrape", story, f"{base}/style.css", "--no-extract", "--delay", "0", "--json", cwd=tmp_path
    )
    assert (done.status, done.err) == (0, "")
    assert {row["url"]: list(row) for row in done.rows} == {
        story: ["url", "captures"],
        f"{base}/style.css": ["url", "captures"],
    }
    assert list((tmp_path / "collections/news/text").iterdir()) == []
    tearsheet("scrape", newsroom.expected("clay-filter").url, cwd=tmp_path)
    texts = sorted((tmp_path / "collections/news/text").glob("*.txt"))
    headlines = [text.read_text().split("\n")[0] for text in texts]
    assert headlines == [newsroom.expected(slug).headline for slug in ("tram-line-seven", "clay-filter")]


def test_delay_is_kept_between_requests_and_0_means_none(newsroom: NewsroomServer, tmp_path: Path) -> None:
    urls = [newsroom.expected(slug).url for slug in newsroom.slugs("harbour-courier")[:6]]

    def seconds(*options: str) -> float:
        began = time.monotonic()
        assert tearsheet("scrape", *urls, "--no-extract", *options, cwd=tmp_path).status == 0
        return time.monotonic() - began

    quick = seconds("--delay", "0", "--concurrency", "4")
    assert seconds("--delay", "1", "--concurrency", "4") > quick + 2
