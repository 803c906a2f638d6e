from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.collection import Collection
from crawler.demo.server import NewsroomServer
from tests.command import ROOT, tearsheet

OUTLETS = ("harbour-courier", "al-marfa", "newsline-24")
SCRAPY = (sys.executable, "-m", "scrapy")


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        server.outlet_files(tmp_path / "outlets")
        yield server


def asked(newsroom: NewsroomServer) -> Counter[str]:
    return Counter(entry.url for entry in newsroom.access_log)


def stories(newsroom: NewsroomServer) -> dict[str, str]:
    """URL -> slug of every story that is out."""
    return {newsroom.expected(slug).url: slug for name in OUTLETS for slug in newsroom.slugs(name)}


def test_everything_that_feeds_sitemap_and_sections_list_is_asked_for_once(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    tearsheet("crawl", *OUTLETS, cwd=tmp_path)
    requests = asked(newsroom)
    redirected = newsroom.expected("lighthouse-lens-restored").url
    for url in stories(newsroom):
        assert requests[url] in ((1, 2) if url == redirected else (1,)), url
    lists = [url for url in requests if url.endswith((".xml", ".atom", "/feed/", "robots.txt"))]
    assert all(requests[url] == 1 for url in lists)
    assert len(lists) == 3 + 3 + 1  # robots.txt and feed of each, one sitemap


def test_what_robots_txt_closes_is_named_and_never_asked_for(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    done = tearsheet("crawl", *OUTLETS, "--json", cwd=tmp_path)
    closed = [
        newsroom.base_urls[outlet.name] + page.path
        for outlet in newsroom.newsroom.outlets
        for page in outlet.pages
        if page.disallowed
    ]
    named = [url for url, note in done.notes.items() if note == "robots.txt of the host disallows it"]
    assert len(closed) == len(named) == 3
    assert not set(named) & set(asked(newsroom))
    for outlet in newsroom.newsroom.outlets:
        base = newsroom.base_urls[outlet.name]
        assert not [url for url in asked(newsroom) for path in outlet.disallow if url.startswith(base + path)]


def test_a_redirect_is_followed_and_both_answers_are_archived(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    tearsheet("crawl", "harbour-courier", cwd=tmp_path)
    base = newsroom.base_urls["harbour-courier"]
    target = newsroom.expected("lighthouse-lens-restored").url
    with Collection(tmp_path / "collections", "news") as collection:
        captures = [(capture.url, capture.status) for capture in collection.captures()]
    assert captures.count((f"{base}/2026/11/13/lighthouse-lens", 301)) == 1
    assert (target, 200) in captures


def test_pages_that_are_gone_are_named_and_archived(newsroom: NewsroomServer, tmp_path: Path) -> None:
    done = tearsheet("crawl", "harbour-courier", "--json", cwd=tmp_path)
    base = newsroom.base_urls["harbour-courier"]
    gone = {
        f"{base}/2026/11/12/correction-to-tide-tables": "HTTP 410 Gone; the answer is archived",
        f"{base}/2026/11/12/breakfast-briefing": "HTTP 404 Not Found; the answer is archived",
    }
    assert gone.items() <= done.notes.items()
    assert (done.status, done.failures) == (0, {})
    with Collection(tmp_path / "collections", "news") as collection:
        assert gone.keys() <= {capture.url for capture in collection.captures()}


def test_links_out_of_the_outlet_are_left_aside(newsroom: NewsroomServer, tmp_path: Path) -> None:
    """Newsline 24 links to stories of Al Marfa among its own."""
    tearsheet("crawl", "newsline-24", cwd=tmp_path)
    base = newsroom.base_urls["newsline-24"]
    assert {url for url in asked(newsroom) if not url.startswith(base + "/")} == set()


def test_max_pages_0_is_all_and_a_number_is_the_most(newsroom: NewsroomServer, tmp_path: Path) -> None:
    tearsheet("crawl", "al-marfa", "--max-pages", "4", cwd=tmp_path)
    articles = [url for url in asked(newsroom) if "/news/" in url]
    assert 3 <= len(articles) <= 4
    newsroom.access_log.clear()
    tearsheet("crawl", "al-marfa", "--max-pages", "0", "--recheck", cwd=tmp_path)
    assert set(stories(newsroom)) & set(asked(newsroom)) == {
        newsroom.expected(slug).url for slug in newsroom.slugs("al-marfa")
    }


def test_a_second_crawl_stores_revisits_and_the_texts_that_changed(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    tearsheet("crawl", *OUTLETS, cwd=tmp_path)
    with Collection(tmp_path / "collections", "news") as collection:
        first = [(capture.url, capture.number) for capture in collection.captures()]
        known = {row.number for row in collection.text_rows()}
    newsroom.edition = 2
    changed = {"storm-barrier-repairs", "fog-bell-returns"}
    tearsheet("crawl", *OUTLETS, "--recheck", cwd=tmp_path)
    with Collection(tmp_path / "collections", "news") as collection:
        second = list(collection.captures())[len(first) :]
        new = {row.url for row in collection.text_rows() if row.number not in known}
    slugs = stories(newsroom)
    assert {slugs[url] for url in new if url in slugs} == changed
    types = {slugs[capture.url]: capture.record_type for capture in second if capture.url in slugs}
    assert {slug for slug, record_type in types.items() if record_type == "response"} == changed
    assert types.keys() == set(slugs.values())
    assert tearsheet("verify", "collections/news", cwd=tmp_path).status == 0


def test_scrapy_lists_the_spiders_from_the_project_folder(tmp_path: Path) -> None:
    done = tearsheet("list", cwd=ROOT, command=SCRAPY)
    assert (done.status, done.out) == (0, "outlet\nstory\n")


def test_scrapy_crawls_an_outlet_and_exports_the_articles(newsroom: NewsroomServer, tmp_path: Path) -> None:
    arguments = ("crawl", "outlet", "-a", "name=harbour-courier", "-O", str(tmp_path / "out.jsonl"))
    here = {"TEARSHEET_OUTLETS": str(tmp_path / "outlets"), "TEARSHEET_COLLECTIONS": str(tmp_path / "stored")}
    done = tearsheet(*arguments, cwd=ROOT, env=here, command=SCRAPY)
    assert done.status == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert {newsroom.expected(slug).url for slug in newsroom.slugs("harbour-courier")} <= {
        row["url"] for row in rows
    }
    assert all(Path(row["text_file"]).is_file() and row["body"] for row in rows)
    assert tearsheet("verify", tmp_path / "stored/news", cwd=tmp_path).status == 0
