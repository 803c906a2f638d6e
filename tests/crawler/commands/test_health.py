"""`tearsheet health` on logs of runs, and its notices to a server on loopback."""

from __future__ import annotations

import json
import os
import pty
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from crawler.health.run import Run, Verdict
from crawler.health.runs import FILE, RunLog
from crawler.outlets.seen import SourceSeen
from tests.command import start, tearsheet

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OK = Verdict("ok", "fine", "3 new texts")
BLOCKED = Verdict("blocked", "broken", "9 of 9 articles are refused to this crawler (9 HTTP 403)")
STALE = Verdict("feed stale", "degraded", "nothing new since 2026-02-01, 28 days ago")
SECRET = "hunter2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "collections").mkdir()
    return tmp_path


class Runs:
    """Adds runs to a log, an hour apart."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "collections" / FILE
        self._hours = 0

    def add(self, outlet: str, *verdicts: Verdict, **values: Any) -> None:
        started = NOW + timedelta(hours=self._hours)
        self._hours += 1
        run = Run(outlet, "news", started, started + timedelta(minutes=2), verdicts=verdicts, since=NOW)
        with RunLog(self._path) as log:
            log.finish(log.begin(outlet, "news", started), replace(run, **values))

    def skip(self, time: timedelta) -> None:
        self._hours += round(time.total_seconds() / 3600)

    def begin(self, outlet: str) -> None:
        with RunLog(self._path) as log:
            log.begin(outlet, "news", NOW + timedelta(hours=self._hours))


def test_the_worst_outlet_comes_first_with_its_funnel_and_its_reason(folder: Path) -> None:
    runs = Runs(folder)
    funnel = {"listed": 40, "new": 12, "fetched": 11, "texts": 9, "complete": 6}
    for texts in (0, 1, 7, 3, 0):
        runs.add("well", OK, new_texts=texts, **funnel)
    unchanged = SourceSeen("stale", "feed", "https://stale.example/feed", "stale", 304, 30)
    runs.add("stale", STALE, sources=(unchanged,))
    runs.add("shut", BLOCKED, STALE, listed=9, new=9)
    runs.begin("stale")
    runs.begin("stale")
    runs.begin("new")
    done = tearsheet("health", cwd=folder)
    assert done.out.splitlines() == [
        "outlet  verdict     since       listed > new > fetched > texts > complete  new texts  reason",
        f"shut    blocked     2026-03-01  9 > 9 > 0 > 0 > 0                          ▁          {BLOCKED.reason}; "
        f"{STALE.reason}",
        f"stale   feed stale  2026-03-01  = > 0 > 0 > 0 > 0                          ▁··        {STALE.reason}; "
        "2 crawls begun since 2026-03-01 19:00 have no end: under way, or killed",
        "new     not known   2026-03-01                                             ·          "
        "a crawl begun since 2026-03-01 19:00 has no end: under way, or killed",
        "well    ok          2026-03-01  40 > 12 > 11 > 9 > 6                       ▁▂█▄▁      3 new texts",
        "4 outlets: 1 blocked, 1 feed stale, 1 not known, 1 ok",
    ]
    assert (done.status, done.err) == (1, "")
    assert tearsheet("health", "well", "stale", cwd=folder).status == 0


def test_an_outlet_that_nobody_crawls_any_more_is_left_out_unless_it_is_named(folder: Path) -> None:
    runs = Runs(folder)
    runs.add("renamed", BLOCKED)
    runs.skip(timedelta(days=31))
    runs.add("well", OK)
    done = tearsheet("health", "--json", cwd=folder)
    assert (done.status, [row["outlet"] for row in done.rows]) == (0, ["well"])
    assert done.err == (
        "note: not crawled any more since 30 days, so left out: renamed; name them to see how they were\n"
    )
    assert tearsheet("health", "renamed", cwd=folder).status == 1


def test_a_row_for_machines_has_all_that_is_known(folder: Path) -> None:
    runs = Runs(folder)
    runs.add("shut", BLOCKED, asked=9, failed=9, rendered=2)
    (row,) = tearsheet("health", "shut", "--json", cwd=folder).rows
    assert {key: row[key] for key in ("outlet", "verdict", "severity", "reason", "since", "new_texts")} == {
        "outlet": "shut",
        "verdict": "blocked",
        "severity": "broken",
        "reason": BLOCKED.reason,
        "since": NOW.isoformat(),
        "new_texts": [0],
    }
    assert [row["last_run"][name] for name in ("asked", "failed", "rendered")] == [9, 9, 2]


def test_on_a_terminal_the_reasons_stand_below(folder: Path) -> None:
    runs = Runs(folder)
    runs.add("shut\x1b[2J", BLOCKED)
    runs.add("well", OK)
    primary, secondary = pty.openpty()
    process = start("health", cwd=folder, stdout=secondary)
    os.close(secondary)
    shown = b""
    while True:
        try:
            piece = os.read(primary, 65536)
        except OSError:  # Linux: the other side has closed it
            break
        if not piece:
            break
        shown += piece
    _, err = process.communicate()
    os.close(primary)
    assert (process.returncode, err) == (1, b"")
    assert b"\x1b[2J" not in shown
    assert b"funnel: listed > new > fetched > texts > complete, in the last run; =: as before" in shown
    assert f"shut [2J: blocked: {BLOCKED.reason}".encode() in shown


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["--collections", "elsewhere"], 1, "no outlet was crawled into elsewhere yet"),
        (["wel"], 2, 'no outlet "wel" was crawled into collections yet; did you mean well?'),
        (["axios"], 2, "`tearsheet crawl axios` does it"),
        (["--notify", SECRET], 2, "Apprise does not know an address without a scheme"),
        (["--notify", f"slack://{SECRET}"], 2, "Apprise does not know this address of slack://"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence(
    arguments: list[str], status: int, sentence: str, folder: Path
) -> None:
    Runs(folder).add("well", OK)
    done = tearsheet("health", *arguments, cwd=folder)
    assert (done.status, sentence in " ".join(done.err.split())) == (status, True), done.err
    assert SECRET not in done.err


class Post:
    """A server that takes notices, and what it took."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.status = 200
        post = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                post.taken.append(body)
                self.send_response(post.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"json://user:{SECRET}@127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    thread = Thread(target=post.server.serve_forever)
    thread.start()
    yield post
    post.server.shutdown()
    post.server.server_close()
    thread.join()


def notify(folder: Path, *addresses: str) -> tuple[int, str]:
    done = tearsheet("health", *(part for each in addresses for part in ("--notify", each)), cwd=folder)
    assert SECRET not in done.out + done.err
    return done.status, done.err


def test_only_changes_are_told_and_each_once(folder: Path, post: Post) -> None:
    runs = Runs(folder)
    for outlet in ("one", "two"):
        runs.add(outlet, OK)
    assert (notify(folder, post.address), post.taken) == ((0, ""), [])
    runs.add("one", BLOCKED)
    runs.add("two", STALE)
    assert notify(folder, post.address) == (1, "")
    (taken,) = post.taken
    assert {key: taken[key] for key in ("title", "message", "type")} == {
        "title": "tearsheet: outlets: 1 broken, 1 degraded",
        "message": f"one: broken, blocked: {BLOCKED.reason}\ntwo: degraded, feed stale: {STALE.reason}",
        "type": "failure",
    }
    runs.add("one", replace(BLOCKED, reason="another figure"))
    assert (notify(folder, post.address), len(post.taken)) == ((1, ""), 1)
    runs.add("one", OK)
    assert notify(folder, post.address) == (0, "")
    assert post.taken[1]["title"] == "tearsheet: outlets: 1 ok again"
    assert post.taken[1]["message"] == "one: ok again, it was blocked; 3 new texts"
    assert post.taken[1]["type"] == "success"


def test_a_verdict_that_has_become_worse_is_told_once_more(folder: Path, post: Post) -> None:
    runs = Runs(folder)
    broken = replace(STALE, severity="broken")
    told = []
    for verdict in (STALE, STALE, broken, broken, STALE, OK):
        runs.add("one", verdict)
        status, _ = notify(folder, post.address)
        told.append((status, [taken["message"].partition(":")[2].partition(":")[0] for taken in post.taken]))
        post.taken.clear()
    assert told == [
        (0, [" degraded, feed stale"]),
        (0, []),
        (1, [" broken, feed stale"]),
        (1, []),
        (0, []),
        (0, [" ok again, it was feed stale; 3 new texts"]),
    ]


def test_a_notice_that_fails_is_an_error_and_is_told_anew(folder: Path, post: Post) -> None:
    Runs(folder).add("one", BLOCKED)
    post.status = 500
    status, err = notify(folder, post.address)
    assert (status, len(post.taken)) == (1, 1)
    assert err == (
        "tearsheet: the notice by json://… could not be sent; see that the address is right and its server answers, "
        "and run the command again\n"
    )
    post.status = 200
    assert notify(folder, post.address) == (1, "")
    assert len(post.taken) == 2


def test_without_apprise_it_is_said_how_to_get_it(folder: Path) -> None:
    Runs(folder).add("one", OK)
    (folder / "apprise.py").write_text("raise ImportError('there is none')\n")
    done = tearsheet(
        "health",
        "--notify",
        "json://x",
        cwd=folder,
        env={"PYTHONPATH": os.pathsep.join([str(folder), str(Path(__file__).parents[3])])},
    )
    assert (done.status, done.err) == (
        1,
        "tearsheet: notices need the package apprise; install it with: pip install 'tearsheet[notify]'\n",
    )
