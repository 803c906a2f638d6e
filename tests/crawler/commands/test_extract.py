from __future__ import annotations

from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import tearsheet
from tests.crawler.commands.test_scrape import FIELDS


@pytest.fixture(scope="module")
def newsroom() -> NewsroomServer:
    with NewsroomServer() as server:
        return server  # its pages are read from it, not fetched


def save(newsroom: NewsroomServer, outlet: str, slug: str, file: Path) -> str:
    url = newsroom.expected(slug).url
    file.write_bytes(newsroom.reply(outlet, url.removeprefix(newsroom.base_urls[outlet])).body)
    return url


def test_without_url_a_page_is_taken_for_what_its_canonical_link_says(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    url = save(newsroom, "harbour-courier", "tram-line-seven", tmp_path / "page.html")
    done = tearsheet("extract", "page.html", "--json", cwd=tmp_path)
    (row,) = done.rows
    assert (done.status, done.err) == (0, "")
    assert list(row) == [*FIELDS, "file"]
    assert (row["url"], row["canonical_url"], row["file"]) == (url, url, "page.html")
    assert (row["captures"], row["text_file"], row["source"]) == ([], None, None)
    assert row["headline"] == newsroom.expected("tram-line-seven").headline


def test_the_address_given_goes_before_the_canonical_one(newsroom: NewsroomServer, tmp_path: Path) -> None:
    save(newsroom, "harbour-courier", "tram-line-seven", tmp_path / "page.html")
    url = "https://www.example.org/2026/11/a-story"
    (row,) = tearsheet("extract", "page.html", "--url", url, "--json", cwd=tmp_path).rows
    assert row["url"] == url


def test_rows_come_in_the_order_of_the_files_whatever_fails(newsroom: NewsroomServer, tmp_path: Path) -> None:
    save(newsroom, "harbour-courier", "tram-line-seven", tmp_path / "a.html")
    save(newsroom, "al-marfa", "clay-filter", tmp_path / "d.html")
    (tmp_path / "b.html").write_text("<p>Too little.")
    (tmp_path / "c.bin").write_bytes(bytes(range(256)) * 40)
    names = ["a.html", "b.html", "c.bin", "missing.html", ".", "d.html"]
    done = tearsheet("extract", *names, "--json", cwd=tmp_path)
    assert done.status == 1
    assert [row["file"] for row in done.rows] == names
    assert done.failures["b.html"].startswith("no article here: ")
    assert done.failures["c.bin"].startswith("the body is binary data")
    assert done.failures["missing.html"] == "can't be read (No such file or directory); check the path"
    assert done.failures["."] == "can't be read (Is a directory); check the path"
    assert done.err.splitlines() == [f"failed: {name}: {why}" for name, why in done.failures.items()]


def test_a_page_without_an_article_is_one_sentence_and_1(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<title>Nothing</title><p>Nothing here.")
    done = tearsheet("extract", "page.html", cwd=tmp_path)
    assert (done.status, done.out) == (1, "0 articles, 1 failed\n")
    assert done.err.startswith("failed: page.html: no article here: ")
    assert done.err.count("\n") == 1


def test_nothing_is_stored(newsroom: NewsroomServer, tmp_path: Path) -> None:
    save(newsroom, "harbour-courier", "tram-line-seven", tmp_path / "page.html")
    done = tearsheet("extract", "page.html", cwd=tmp_path)
    assert done.out.splitlines()[-1] == "1 article"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
