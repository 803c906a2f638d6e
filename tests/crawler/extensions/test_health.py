"""Crawls of an outlet on loopback, on days of their own: what is counted, judged, logged and told."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.health.runs import FILE, Run, RunLog
from tests.command import Done, environment, start, tearsheet
from tests.crawler.spiders.test_incremental import answer, conditional
from tests.origin.server import Answer, Asked, Origin, Script, Wait

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SAID = (
    "The council of {} met on Tuesday and spoke for hours about the old bridge, its tolls and its painters. "
    * 3
)


def story(name: str, *, dated: bool = True) -> bytes:
    day = '<meta property="article:published_time" content="2026-03-02T09:00:00+00:00">' if dated else ""
    said = SAID.replace("{}", name)
    author = '<meta name="author" content="Ida Holm">'
    return (
        f'<html lang="en"><head><title>News of {name}</title>{day}{author}</head><body><article>'
        f"<h1>News of {name}</h1><p>{said}</p><p>Nobody knows what {name} will do with it.</p>"
        "</article></body></html>"
    ).encode()


WALL = (
    b"<html><head><title>Own</title></head><body><div><p>We use cookies and share data with our partners.</p>"
    b"<p>Accept all</p><p>Reject all</p></div></body></html>"
)


class Outlet:
    """An outlet with a dated feed, and crawls of it at given times."""

    def __init__(self, origin: Origin, folder: Path) -> None:
        self.origin = origin
        self.folder = folder
        self.names: list[str] = []
        (folder / "outlets").mkdir()
        (folder / "outlets/own.toml").write_text(
            f'[[outlet]]\nname = "own"\ndomains = ["127.0.0.1:{origin.port}"]\nfeeds = ["{origin.url("/feed")}"]\n'
            "delay = 0\n"
        )

    def publish(self, pages: dict[str, Script], day: datetime) -> None:
        self.names += pages
        stamp = format_datetime(day, usegmt=True)
        items = "".join(
            f"<item><title>{name}</title><link>{self.origin.url(path(name))}</link><pubDate>{stamp}</pubDate></item>"
            for name in self.names
        )
        feed = f'<rss version="2.0"><channel><title>Own</title>{items}</channel></rss>'.encode()
        self.origin.scripts["/feed"] = conditional(feed, f'"{len(self.names)}"', "application/rss+xml")
        self.origin.scripts |= {path(name): script for name, script in pages.items()}

    def crawl(self, now: datetime) -> tuple[Done, Run]:
        env = {"TEARSHEET_CLOCK": "tests.crawler.clocks.fixed", "TEARSHEET_NOW": now.isoformat()}
        done = tearsheet("crawl", "own", "--json", cwd=self.folder, env=env)
        return done, self.runs()[0]

    def runs(self) -> list[Run]:
        with RunLog(self.folder / "collections" / FILE) as log:
            return log.recent("own")


def path(name: str) -> str:
    return f"/2026/03/news-of-{name}"


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[Outlet]:
    with Origin({"/robots.txt": answer(b"", status="404 Not Found")}) as origin:
        yield Outlet(origin, tmp_path)


def counts(run: Run) -> dict[str, Any]:
    names = ("listed", "new", "asked", "fetched", "unchanged", "read", "texts", "texts_read", "new_texts")
    return {name: getattr(run, name) for name in (*names, "complete", "failed") if getattr(run, name)}


def test_how_long_a_server_wants_to_be_left_alone_is_kept_for_the_next_visit(outlet: Outlet) -> None:
    outlet.publish({"arvo": answer(story("arvo"))}, NOW - HOUR)
    done, run = outlet.crawl(NOW)
    assert (done.status, run.retry_after) == (0, None)
    outlet.origin.scripts["/feed"] = answer(b"", status="429 Too Many Requests\r\nRetry-After: 172800")
    done, run = outlet.crawl(NOW + 2 * HOUR)
    assert (done.status, run.retry_after) == (1, NOW + 50 * HOUR)
    status = tearsheet(
        "schedule", "status", "own", "-c", "news", "--json", cwd=outlet.folder,
        env={"TEARSHEET_CLOCK": "tests.crawler.clocks.fixed", "TEARSHEET_NOW": (NOW + 3 * HOUR).isoformat()},
    )  # fmt: skip
    (row,) = map(json.loads, status.out.splitlines())
    asked = "the server asked to wait (Retry-After)"
    assert (row["next"], row["why"]) == ((NOW + 50 * HOUR).isoformat(), asked)


def test_an_outlet_is_followed_from_well_to_stale_to_dead(outlet: Outlet) -> None:
    pages = {name: conditional(story(name), f'"{name}"') for name in ("arvo", "belin", "corto")}
    pages["dole"] = answer(story("dole", dated=False))
    outlet.publish(pages, NOW - HOUR)
    done, run = outlet.crawl(NOW)
    whole = ("listed", "new", "asked", "fetched", "read", "texts", "texts_read", "new_texts")
    assert (done.status, done.err) == (0, "")
    assert counts(run) == dict.fromkeys(whole, 4) | {"complete": 3}
    assert (run.started, run.seconds, run.collection, run.since) == (NOW, 0.0, "news", NOW)
    assert run.missing == Counter({"date": 1})
    assert run.median_length is not None
    assert 300 < run.median_length < 500
    (source,) = run.sources
    assert (source.verdict, source.status, source.entries, source.newest) == ("ok", 200, 4, NOW - HOUR)
    assert (run.verdict, run.reason) == ("ok", "4 new texts")

    done, run = outlet.crawl(NOW + 9 * 24 * HOUR)
    assert counts(run) == {"asked": 4, "fetched": 4, "unchanged": 4, "texts": 4, "complete": 3}
    (source,) = run.sources
    assert (source.status, source.newest, source.changed) == (304, NOW - HOUR, NOW)
    assert [(each.name, each.severity) for each in run.verdicts] == [("feed stale", "degraded")]
    assert (done.status, done.err) == (0, "")

    outlet.origin.scripts["/feed"] = answer(b"", status="404 Not Found")
    done, run = outlet.crawl(NOW + 10 * 24 * HOUR)
    feed = outlet.origin.url("/feed")
    reason = f"its only source fails: {feed}: HTTP 404; correct its address or remove it"
    assert (run.verdict, run.severity, run.reason) == ("feed dead", "broken", reason)
    assert f"warning: own: feed dead: {reason}" in done.err.splitlines()
    assert done.status == 1  # as ever where a source can't be fetched
    told = tearsheet("health", "--json", cwd=outlet.folder)
    (row,) = told.rows
    assert (told.status, row["verdict"], row["since"]) == (1, "feed dead", (NOW + 240 * HOUR).isoformat())
    assert row["new_texts"] == [4, 0, 0]


def test_refused_and_walled_articles_are_counted_by_what_they_are(outlet: Outlet) -> None:
    pages: dict[str, Script] = {f"refused-{n}": answer(b"no", status="403 Forbidden") for n in range(3)}
    pages |= {f"walled-{n}": answer(WALL) for n in range(3)}
    pages |= {"gone": answer(b"", status="410 Gone"), "arvo": answer(story("arvo"))}
    outlet.publish(pages, NOW)
    done, run = outlet.crawl(NOW)
    assert run.statuses == Counter({"403": 3, "410": 1})
    assert run.kinds == Counter({"consent": 3})
    assert counts(run) == {
        "listed": 8, "new": 8, "asked": 8, "fetched": 4, "read": 4, "texts": 1, "texts_read": 1, "new_texts": 1,
        "complete": 1, "failed": 4,
    }  # fmt: skip
    assert [(each.name, each.severity, each.reason) for each in run.verdicts] == [
        ("consent wall", "broken", "3 of 4 pages are a wall that asks for consent"),
        ("blocked", "degraded", "3 of 7 articles are refused to this crawler (3 HTTP 403)"),
    ]
    warnings = [line for line in done.err.splitlines() if line.startswith("warning:")]
    assert warnings == ["warning: own: consent wall: 3 of 4 pages are a wall that asks for consent"]


def test_articles_that_moved_for_good_are_counted_by_where(outlet: Outlet) -> None:
    def moved(asked: Asked) -> Answer:
        there = asked.base.replace("127.0.0.1", "localhost") + asked.path + "-there"
        head = f"HTTP/1.1 301 Moved Permanently\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n"
        return Answer((head.encode(),))

    def there(name: str) -> Script:
        return answer(story(name))

    names = ("arvo", "belin", "corto")
    outlet.publish(dict.fromkeys(names, moved), NOW)
    outlet.origin.scripts |= {f"{path(name)}-there": there(name) for name in names}
    entry = outlet.folder / "outlets/own.toml"
    # An extra host is named, so that it may be asked; what is there is not the outlet's.
    entry.write_text(entry.read_text() + f'\nextra_hosts = ["localhost:{outlet.origin.port}"]\n')
    _, run = outlet.crawl(NOW)
    assert (run.asked, run.fetched, run.moved) == (3, 3, Counter({"localhost": 3}))
    assert run.verdict == "moved"
    assert run.reason.startswith("3 of 3 articles moved for good to localhost;")


def test_a_crawl_that_is_killed_leaves_a_run_without_an_end(outlet: Outlet) -> None:
    outlet.origin.scripts["/feed"] = Answer((Wait(60),), "hang")
    process = start("crawl", "own", cwd=outlet.folder, env=environment())
    try:
        deadline = time.monotonic() + 60
        while not outlet.origin.of("/robots.txt") and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    (run,) = outlet.runs()
    assert (run.finished, run.verdict) == (None, None)
    told = tearsheet("health", cwd=outlet.folder)
    assert (told.status, "has no end: under way, or killed" in told.out) == (0, True)


def test_a_log_that_is_none_stops_the_crawl_with_a_sentence(outlet: Outlet) -> None:
    (outlet.folder / "collections").mkdir()
    (outlet.folder / "collections" / FILE).write_bytes(b"not a database at all, and long enough" * 30)
    done = tearsheet("crawl", "own", cwd=outlet.folder)
    assert (done.status, outlet.origin.served) == (1, [])
    assert "runs.sqlite: can't be read or written" in done.err


def test_spiders_of_no_outlet_have_no_log(outlet: Outlet) -> None:
    outlet.origin.scripts["/story"] = answer(story("arvo"))
    done = tearsheet("scrape", outlet.origin.url("/story"), "--json", cwd=outlet.folder)
    assert (done.status, len(done.articles)) == (0, 1)
    assert not (outlet.folder / "collections" / FILE).exists()


def test_a_backfill_tells_nothing_of_how_an_outlet_is(outlet: Outlet) -> None:
    outlet.publish({"arvo": answer(story("arvo"))}, datetime(2026, 3, 1, tzinfo=UTC))
    done = tearsheet("crawl", "own", "--since", "2026-01-01", "--json", cwd=outlet.folder)
    assert (done.status, len(done.articles)) == (0, 1)
    assert not (outlet.folder / "collections" / FILE).exists()
