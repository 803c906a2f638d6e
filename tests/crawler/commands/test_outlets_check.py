from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.collection import Collection
from crawler.demo.server import NewsroomServer
from crawler.outlets.entry import write_entry
from crawler.outlets.model import Outlet
from tests.command import tearsheet
from tests.crawler.commands.test_outlets_add import (
    IN_NOVEMBER,
    MISSING,
    YESTERDAY,
    feed,
    page,
    robots,
    sitemap,
)
from tests.origin.oddities import plain
from tests.origin.server import Answer, Asked, Origin, Script


def moved(to: str) -> Script:
    def answer(asked: Asked) -> Answer:
        head = f"Location: {asked.base}{to}\r\n".encode()
        return Answer((plain(b"moved", head=head, status=b"301 Moved Permanently"),))

    return answer


OLD = (datetime.now(UTC) - timedelta(days=30)).date()
SOURCES: dict[str, tuple[str, Script]] = {
    "/ok.xml": ("ok", feed("story")),
    "/old.xml": ("stale", sitemap("urlset", "url", "/story/1", more=f"<lastmod>{OLD}</lastmod>")),
    "/moved.xml": ("moved", moved("/ok.xml")),
    "/empty.xml": ("empty", sitemap("urlset", "url")),
    "/gone.xml": ("not found", MISSING),
    "/forbidden.xml": ("blocked", Answer((plain(b"no", status=b"403 Forbidden"),))),
    "/closed.xml": ("blocked", feed("story")),
    "/page.xml": ("not parseable", page(body="<p>Are you a robot?</p>")),
    "/broken.xml": ("failed", Answer((plain(b"", status=b"501 Not Implemented"),))),
}


def test_each_source_of_the_own_outlets_is_fetched_once_and_judged(tmp_path: Path) -> None:
    scripts = {path: script for path, (_, script) in SOURCES.items()}
    scripts |= {"/robots.txt": robots("User-agent: *", "Disallow: /closed.xml"), "*": MISSING}
    with Origin(scripts) as origin:
        addresses = [origin.url(path) for path in SOURCES]
        sitemaps = [url for url in addresses if url.endswith(("/old.xml", "/empty.xml"))]
        outlet = Outlet(
            name="origin",
            domains=(f"127.0.0.1:{origin.port}",),
            feeds=tuple(url for url in addresses if url not in sitemaps),
            sitemaps=tuple(sitemaps),
            delay=0,
        )
        write_entry(outlet, tmp_path / "outlets/origin.toml")
        done = tearsheet("outlets", "check", "--json", cwd=tmp_path)
        assert Counter(served.path for served in origin.served) == Counter(
            [*(path for path in SOURCES if path != "/closed.xml"), "/ok.xml", "/robots.txt"]
        )
        verdicts = {row["url"].removeprefix(origin.url("")): row["verdict"] for row in done.rows}
        assert verdicts == {path: verdict for path, (verdict, _) in SOURCES.items()}
        (row,) = [row for row in done.rows if row["url"] == origin.url("/moved.xml")]
        assert row == {
            "outlet": "origin",
            "kind": "feed",
            "url": origin.url("/moved.xml"),
            "verdict": "moved",
            "status": 200,
            "entries": 8,
            "sitemaps": 0,
            "newest": YESTERDAY.replace(microsecond=0).isoformat(),
            "moved_to": origin.url("/ok.xml"),
            "reason": f"it has moved to {origin.url('/ok.xml')}; write that address",
        }
    assert done.status == 1
    assert done.err.count("failed: http") == 6
    with Collection(tmp_path / "collections", "outlets-check") as collection:
        assert len(list(collection.captures())) == len(SOURCES) + 1


def test_sources_that_work_are_a_table_and_status_0(tmp_path: Path) -> None:
    with NewsroomServer() as newsroom:
        newsroom.outlet_files(tmp_path / "mine")
        done = tearsheet(
            "outlets", "check", "newsline-24", "al-marfa", "--outlets", "mine", cwd=tmp_path, env=IN_NOVEMBER
        )
        base = newsroom.base_urls["newsline-24"]
    assert done.status == 0
    header, *rows, summary = done.out.splitlines()
    assert header.split() == ["outlet", "source", "lists", "newest", "verdict", "address"]
    assert [" ".join(row.split()[:2]) for row in rows] == [
        "al-marfa feed", *["al-marfa section"] * 4, "newsline-24 feed", *["newsline-24 section"] * 3,
    ]  # fmt: skip
    assert ["newsline-24", "feed", "5", "2026-11-14", "ok", f"{base}/feed/"] == rows[5].split()
    assert summary.startswith("9 sources: ")
    assert all(line == line.rstrip() for line in done.out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "there are no outlet files of your own"),
        (["al-montior"], "did you mean al-monitor"),
        (["al-monitor", "--all"], "name outlets or give --all, not both"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_fetched(
    arguments: list[str], sentence: str, tmp_path: Path
) -> None:
    done = tearsheet("outlets", "check", *arguments, cwd=tmp_path)
    assert (done.status, sentence in " ".join(done.err.split())) == (2, True)
