from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import tearsheet
from tests.crawler.commands.test_scrape import FIELDS


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        server.outlet_files(tmp_path / "outlets")
        yield server


def test_json_has_a_row_for_every_page_and_stderr_names_those_without_an_article(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    done = tearsheet("crawl", "al-marfa", "--json", cwd=tmp_path)
    assert done.status == 0
    assert all(list(row) == FIELDS for row in done.articles)
    stories = {newsroom.expected(slug).url for slug in newsroom.slugs("al-marfa")}
    assert stories <= {row["url"] for row in done.articles}
    base = newsroom.base_urls["al-marfa"]
    assert sorted(url.removeprefix(base)[:12] for url in done.notes) == ["/news/10000/", "/news/48120/"]
    assert sorted(done.err.splitlines()) == sorted(f"note: {url}: {why}" for url, why in done.notes.items())


def test_max_pages_bounds_the_articles_of_each_outlet(newsroom: NewsroomServer, tmp_path: Path) -> None:
    tearsheet("crawl", "harbour-courier", "newsline-24", "--max-pages", "3", "--json", cwd=tmp_path)
    for name in ("harbour-courier", "newsline-24"):
        base = newsroom.base_urls[name]
        asked = {entry.url for entry in newsroom.access_log if entry.url.startswith(f"{base}/2026/")}
        assert len(asked) <= 3
        assert len(asked) >= 2  # one of the three may be closed to robots


def test_an_outlet_that_a_folder_names_goes_before_the_bundled_one(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    file = (tmp_path / "outlets/harbour-courier.toml").read_text()
    (tmp_path / "own/one.toml").write_text(file.replace('"harbour-courier"', '"al-monitor"'))
    tearsheet("crawl", "al-monitor", "--outlets", "own", "--max-pages", "1", cwd=tmp_path)
    assert f"{newsroom.base_urls['harbour-courier']}/rss.xml" in {entry.url for entry in newsroom.access_log}


def test_lists_that_cannot_be_read_are_named_and_the_others_followed(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    """A picture for a feed, a missing sitemap, a stylesheet for a section."""
    base = newsroom.base_urls["harbour-courier"]
    path = tmp_path / "outlets/harbour-courier.toml"
    file = path.read_text()
    for right, wrong in (
        (f'feeds = ["{base}/rss.xml"]', f'feeds = ["{base}/style.css"]'),
        (f"{base}/news-sitemap.xml", f"{base}/none.xml"),
    ):
        assert right in file
        file = file.replace(right, wrong)
    path.write_text(file)
    done = tearsheet("crawl", "harbour-courier", "--json", cwd=tmp_path)
    assert done.status == 1
    assert done.failures[f"{base}/none.xml"] == "HTTP 404 Not Found; the answer is archived"
    assert f"{base}/style.css" in done.failures
    assert newsroom.expected("tram-line-seven").url in {row["url"] for row in done.articles}
