from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.collection import Collection
from crawler.demo.server import NewsroomServer
from crawler.discovery.errors import UrlError
from crawler.spiders.story import StorySpider
from tests.command import ROOT, tearsheet
from tests.crawler.spiders.test_outlet import SCRAPY


@pytest.fixture(scope="module")
def newsroom() -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        yield server


def test_addresses_are_separated_by_commas_or_white_space_and_taken_once() -> None:
    spider = StorySpider(urls="http://127.0.0.1:8001/a, https://example.org/b\nhttp://127.0.0.1:8001/a")
    assert spider.urls == ["http://127.0.0.1:8001/a", "https://example.org/b"]
    assert spider.named_hosts == {"127.0.0.1:8001", "example.org"}


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(UrlError):
        StorySpider(urls="file:///etc/passwd")


def test_scrapy_crawls_given_stories(newsroom: NewsroomServer, tmp_path: Path) -> None:
    urls = [newsroom.expected(slug).url for slug in ("tram-line-seven", "clay-filter")]
    here = {"TEARSHEET_COLLECTIONS": str(tmp_path)}
    done = tearsheet("crawl", "story", "-a", f"urls={','.join(urls)}", cwd=ROOT, env=here, command=SCRAPY)
    assert done.status == 0
    with Collection(tmp_path, "news") as collection:
        assert sorted(row.url for row in collection.text_rows()) == sorted(urls)


def test_a_redirected_story_is_told_under_the_address_it_led_to(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    old = f"{newsroom.base_urls['harbour-courier']}/2026/11/13/lighthouse-lens"
    done = tearsheet("scrape", old, "--json", cwd=tmp_path)
    assert (done.status, [row["url"] for row in done.rows]) == (
        0,
        [newsroom.expected("lighthouse-lens-restored").url],
    )
    with Collection(tmp_path / "collections", "news") as collection:
        assert [(capture.url, capture.status) for capture in collection.captures()][1] == (old, 301)
