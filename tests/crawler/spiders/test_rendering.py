"""Crawls of an outlet whose pages scripts make, with and without a browser."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.warc.http import parse_head
from crawler.demo.scripted.server import NAME, ScriptedServer
from crawler.demo.scripted.site import CRASHING, STORIES
from crawler.rendering.chromium import find_chromium
from crawler.rendering.wishes import ENOUGH
from crawler.state.store import FILE, CrawlState
from tests.archive.sample_collections import findings, text_files
from tests.chromium import needs_chromium
from tests.command import COMMAND, Done, environment, tearsheet
from tests.crawler.records import pairs, stored

AUTO = {"TEARSHEET_RENDER": ""}
NOWHERE = AUTO | {"TEARSHEET_CHROMIUM": "/nowhere/chromium"}
FRAMED = "island-clinic"


@dataclass(frozen=True)
class Crawled:
    """A crawl of all stories, and what it left below `folder`."""

    server: ScriptedServer
    folder: Path
    done: Done


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("rendered")
    with ScriptedServer() as server:
        server.outlet_file(folder / "outlets")
        yield Crawled(server, folder, tearsheet("crawl", NAME, "--json", cwd=folder, env=AUTO))


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_stories_that_scripts_bring_are_there_as_the_outlet_means_them(crawled: Crawled) -> None:
    found = {row["url"]: (row["headline"], row["body"]) for row in crawled.done.articles}
    stories = {slug: crawled.server.story(slug) for slug in STORIES}
    assert found == {
        crawled.server.site.url_of(slug): (story.headline, "\n\n".join(story.paragraphs))
        for slug, story in stories.items()
    }
    assert not crawled.done.notes
    frames = {row["url"]: row["frame"] for row in crawled.done.articles if row["frame"]}
    site = crawled.server.site
    assert frames == {site.url_of(FRAMED): f"{site.other_url}/frame/{FRAMED}"}
    assert crawled.done.err.count("sandbox") <= 1


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_the_archive_holds_every_request_that_the_outlet_was_asked(crawled: Crawled) -> None:
    asked = Counter((access.method, access.url, access.status) for access in crawled.server.access_log)
    held: Counter[tuple[str, str, int | None]] = Counter()
    for url, exchanges in pairs(crawled.folder / "collections").items():
        for pair in exchanges:
            method = pair.request.block.partition(b" ")[0].decode()
            held[method, url, parse_head(pair.response.block).status] += 1
    assert held == asked


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_a_rendered_page_is_kept_with_its_dom_and_a_picture(crawled: Crawled) -> None:
    url = crawled.server.site.url_of("clay-filter")
    records = {
        each["WARC-Target-URI"]: each
        for each in stored(crawled.folder / "collections")
        if each.type == "resource"
    }
    dom, picture = records[f"urn:dom:{url}"], records[f"urn:fullPage:{url}"]
    assert crawled.server.story("clay-filter").paragraphs[-1] in dom.block.decode()
    assert picture.block.startswith(b"\x89PNG")
    assert dom["WARC-Concurrent-To"] == picture["WARC-Concurrent-To"]


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_health_says_how_many_pages_were_rendered(crawled: Crawled) -> None:
    [outlet] = tearsheet("health", "--json", cwd=crawled.folder).rows
    uris = [each.fields.get("WARC-Target-URI", "") for each in stored(crawled.folder / "collections")]
    rendered = sum(uri.startswith("urn:dom:") for uri in uris)
    assert rendered >= len(STORIES) - 1  # one has its text without
    assert outlet["last_run"]["rendered"] == rendered


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_a_replay_gives_the_same_texts_and_verification_finds_nothing(crawled: Crawled) -> None:
    collections = crawled.folder / "collections"
    done = tearsheet("replay", collections / "news/archive", "-c", "again", cwd=crawled.folder)
    assert done.status == 0, done.err
    assert text_files(collections, "again") == text_files(collections)
    assert findings(collections) == findings(collections, "again") == []


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_a_crawl_of_the_archive_finds_the_rendered_texts(crawled: Crawled) -> None:
    log = len(crawled.server.access_log)
    done = tearsheet("crawl", NAME, "--from", "news", "--json", cwd=crawled.folder)
    assert {row["url"]: row["body"] for row in done.articles} == {
        row["url"]: row["body"] for row in crawled.done.articles
    }
    assert len(crawled.server.access_log) == log
    refused = tearsheet("crawl", NAME, "--from", "news", "--render", "always", cwd=crawled.folder)
    assert refused.status == 2


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_the_history_of_a_page_shows_what_the_server_sent_and_what_was_rendered(crawled: Crawled) -> None:
    url = crawled.server.site.url_of("tram-line-seven")
    shell, article = tearsheet("history", url, "--json", cwd=crawled.folder).rows
    assert shell["note"].startswith("The page is script-built")
    assert article["headline"] == crawled.server.story("tram-line-seven").headline
    with CrawlState(crawled.folder / "collections/news" / FILE) as state:
        assert state.streak(NAME) == ENOUGH


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_pages_of_an_outlet_that_needs_it_go_to_the_browser_at_once_but_for_a_probe(tmp_path: Path) -> None:
    with CrawlState(tmp_path / "collections/news" / FILE) as state:
        state.set_streak(NAME, ENOUGH)
    with ScriptedServer() as server:
        server.outlet_file(tmp_path / "outlets")
        done = tearsheet(
            "crawl", NAME, "--max-pages", "2", "--no-screenshot", "--json", cwd=tmp_path, env=AUTO
        )
        assert len(done.articles) == 2
        asked = Counter(access.url for access in server.access_log if "/story/" in access.url)
    assert sorted(asked.values()) == [1, 2]
    assert not [
        each
        for each in stored(tmp_path / "collections")
        if "fullPage" in each.fields.get("WARC-Target-URI", "")
    ]


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_a_section_that_scripts_fill_is_scrolled_to_its_end(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        server.outlet_file(tmp_path / "outlets", feed=False)
        done = tearsheet("crawl", NAME, "--max-pages", "1", cwd=tmp_path, env=AUTO)
    assert f"{len(STORIES) - 1} more articles are known" in done.err, done.err
    assert done.out.splitlines()[-1].endswith("1 page rendered"), done.out


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_a_page_that_crashes_its_tab_costs_that_page_alone(tmp_path: Path) -> None:
    starved = tmp_path / "chromium"
    starved.write_text(f'#!/bin/sh\nexec {find_chromium()} --js-flags=--max-old-space-size=80 "$@"\n')
    starved.chmod(0o755)
    with ScriptedServer() as server:
        crashing, other = map(server.site.url_of, (CRASHING, "tram-line-seven"))
        env = AUTO | {"TEARSHEET_CHROMIUM": str(starved)}
        done = tearsheet("scrape", crashing, other, "--json", "--delay", "0", cwd=tmp_path, env=env)
    assert [row["url"] for row in done.articles] == [other]
    assert "its tab crashed" in done.notes[crashing]
    assert done.failures[crashing].startswith("The page is script-built")
    assert "what was fetched is archived" in done.notes[crashing]
    held = pairs(tmp_path / "collections")
    # The plain request, the browser's own, and all that the page had asked for when its tab crashed
    assert len(held[crashing]) == 2
    asked = Counter(access.url for access in server.access_log)
    assert Counter({url: len(exchanges) for url, exchanges in held.items()}) == asked


@pytest.mark.slow
@needs_chromium
@pytest.mark.timeout(300)
def test_always_renders_pages_that_would_do_without_and_prints_them(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        url = server.site.url_of("lantern-regatta")
        done = tearsheet("scrape", url, "--render", "always", "--pdf", "--json", "--delay", "0", cwd=tmp_path)
        assert [access.url for access in server.access_log].count(url) == 1
        assert f"{server.site.base_url}/tide.ttf" in pairs(tmp_path / "collections")
    (article,) = done.articles
    assert article["headline"] == server.story("lantern-regatta").headline
    pdf = next(
        each
        for each in stored(tmp_path / "collections")
        if each.fields.get("Content-Type") == "application/pdf"
    )
    assert pdf.block.startswith(b"%PDF")


def test_without_a_browser_a_crawl_goes_on_and_says_so_once(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        server.outlet_file(tmp_path / "outlets")
        done = tearsheet("crawl", NAME, cwd=tmp_path, env=NOWHERE)
    assert done.status == 0
    assert done.err.count("TEARSHEET_CHROMIUM names /nowhere/chromium") == 1
    assert done.err.count("goes on without rendering") == 1
    assert "1 article " in done.err + done.out


def test_without_a_browser_pages_fail_that_are_to_be_rendered_always(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        server.outlet_file(tmp_path / "outlets", 'render = "always"')
        done = tearsheet("crawl", NAME, "--max-pages", "1", "--json", cwd=tmp_path, env=NOWHERE)
        asked = [access.url for access in server.access_log]
    (why,) = done.failures.values()
    assert why.startswith("TEARSHEET_CHROMIUM names /nowhere/chromium")
    assert not [url for url in asked if "/story/" in url]


def test_the_command_line_goes_before_the_outlet_s_file(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        server.outlet_file(tmp_path / "outlets", 'render = "always"')
        done = tearsheet("crawl", NAME, "--render", "never", "--json", cwd=tmp_path, env=NOWHERE)
    assert len(done.articles) == 1
    assert "chromium" not in done.err.lower()


def test_a_crawl_that_renders_nothing_loads_nothing_of_the_browser(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom crawler.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('playwright', 'crawler.rendering'))))"
    )
    with ScriptedServer() as server:
        url = server.site.url_of("lantern-regatta")
        command = [COMMAND[0], "-c", code, "scrape", url, "--delay", "0"]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
        )
    loaded = done.stdout.splitlines()[-1].split()
    assert loaded == [f"crawler.rendering{name}" for name in ("", ".errors", ".rendering", ".wishes")]
