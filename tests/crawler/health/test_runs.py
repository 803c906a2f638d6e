"""The log of runs, on a real file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.health.errors import RunLogError
from crawler.health.runs import FILE, HISTORY, Run, RunLog, Told, Verdict
from crawler.outlets.seen import SourceSeen
from tests.command import ROOT, environment

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OK = (Verdict("ok", "fine", "3 new texts"),)
WHOLE = Run(
    outlet="al-marfa",
    collection="news",
    started=NOW,
    finished=NOW + timedelta(seconds=90),
    listed=40,
    new=12,
    asked=14,
    fetched=11,
    unchanged=2,
    rendered=4,
    read=9,
    texts=9,
    texts_read=7,
    new_texts=7,
    complete=6,
    failed=3,
    sources=(
        SourceSeen("al-marfa", "feed", "https://a.example/feed", "ok", 200, 30, newest=NOW - HOUR),
        SourceSeen("al-marfa", "section", "https://a.example/", "ok", 304, 10, changed=NOW - 2 * HOUR),
        SourceSeen("al-marfa", "sitemap", "https://a.example/map", "failed", reason="HTTP 503; try again"),
    ),
    statuses=Counter({"403": 2, "timeout": 1}),
    kinds=Counter({"consent": 1, "video": 1}),
    missing=Counter({"authors": 4}),
    moved=Counter({"b.example": 3}),
    median_length=2400,
    verdicts=(Verdict("blocked", "degraded", "3 of 14 articles"), Verdict("moved", "degraded", "it moved")),
    since=NOW - HOUR,
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[RunLog]:
    with RunLog(tmp_path / FILE) as opened:
        yield opened


def add(log: RunLog, run: Run, *, usual: bool = True) -> None:
    log.finish(log.begin(run.outlet, run.collection, run.started), run, usual=usual)


def run_at(hours: float, outlet: str = "own", **values: object) -> Run:
    started = NOW + hours * HOUR
    return replace(Run(outlet, "news", started, started + timedelta(minutes=1), verdicts=OK), **values)  # type: ignore[arg-type]


def test_a_run_comes_back_as_it_was(log: RunLog) -> None:
    add(log, WHOLE)
    assert log.recent("al-marfa") == [WHOLE]
    assert (WHOLE.verdict, WHOLE.severity, WHOLE.seconds) == ("blocked", "degraded", 90.0)
    assert WHOLE.reason == "3 of 14 articles; it moved"
    assert log.recent("another") == []


def test_a_run_that_was_killed_has_no_end(log: RunLog) -> None:
    log.begin("own", "news", NOW)
    add(log, run_at(1))
    assert log.recent("own") == [run_at(1), Run("own", "news", NOW)]
    assert log.history("own", NOW + 2 * HOUR) == [run_at(1)]


def test_the_latest_runs_of_each_outlet_come_newest_first(log: RunLog) -> None:
    for hours in range(5):
        add(log, run_at(hours, "zeta"))
        add(log, run_at(hours, "alpha"))
    latest = log.latest(2)
    assert [(name, [run.started for run in runs]) for name, runs in latest.items()] == [
        (name, [NOW + 4 * HOUR, NOW + 3 * HOUR]) for name in ("alpha", "zeta")
    ]
    assert list(log.latest()) == ["alpha", "zeta"]


def test_of_the_latest_runs_only_the_last_one_with_an_end_has_its_parts(log: RunLog) -> None:
    for hours in range(2):
        add(log, replace(WHOLE, started=NOW + hours * HOUR))
    log.begin("al-marfa", "news", NOW + 2 * HOUR)
    underway, last, before = log.latest()["al-marfa"]
    assert underway.finished is None
    assert last == replace(WHOLE, started=NOW + HOUR)
    assert (before.new, before.verdict, before.sources, before.reason) == (12, "blocked", (), "")


def test_history_reaches_back_to_what_was_found_and_what_is_usual(log: RunLog) -> None:
    usual = run_at(0, new=5, read=5)
    odd = run_at(1, read=9)
    add(log, usual)
    add(log, odd, usual=False)
    quiet = [run_at(hours) for hours in range(2, 2 + HISTORY + 5)]
    for run in quiet:
        add(log, run)
    assert log.history("own", NOW + 30 * HOUR) == [*reversed(quiet[5:]), usual]
    assert log.history("own", NOW + timedelta(days=61)) == [*reversed(quiet[5:]), usual]
    add(log, run_at(40, new=1, read=1))
    assert len(log.history("own", NOW + timedelta(days=61))) == HISTORY + 1


def test_old_runs_lose_their_details_and_older_ones_are_deleted(log: RunLog) -> None:
    add(log, replace(WHOLE, started=NOW - timedelta(days=500)))
    add(log, replace(WHOLE, started=NOW - timedelta(days=31)))
    add(log, WHOLE)
    bare = replace(
        WHOLE,
        started=NOW - timedelta(days=31),
        rendered=0,
        sources=(),
        verdicts=(Verdict("blocked", "degraded", ""),),
        **{name: Counter[str]() for name in ("statuses", "kinds", "missing", "moved")},
    )
    assert log.recent("al-marfa") == [WHOLE, bare]


def test_what_was_told_last_is_remembered_by_channel(log: RunLog) -> None:
    assert log.told_last("own", "mail") is None
    log.told("own", "mail", Verdict("blocked", "broken", "all of it"))
    log.told("own", "chat", OK[0])
    log.told("own", "mail", Verdict("moved", "degraded", "to b.example"))
    assert [log.told_last("own", channel) for channel in ("mail", "chat")] == [
        Told("moved", broken=False),
        Told("ok", broken=False),
    ]
    log.told("own", "mail", Verdict("moved", "broken", "all of it"))
    assert log.told_last("own", "mail") == Told("moved", broken=True)


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from dataclasses import replace\n"
        "from tests.crawler.health.test_runs import RunLog, add, run_at\n"
        "from pathlib import Path\n"
        "for hours in range(8):\n"
        "    with RunLog(Path(sys.argv[1])) as log:\n"
        "        add(log, run_at(hours, sys.argv[2]))\n"
        "        assert len(log.recent(sys.argv[2], 100)) == hours + 1\n"
    )
    path = tmp_path / "deep" / FILE
    writers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, str(path), name],
            cwd=ROOT,
            env=environment(),
            stderr=subprocess.PIPE,
        )
        for name in ("a", "b", "c")
    ]
    assert [writer.communicate()[1] for writer in writers] == [b""] * 3
    with RunLog(path) as log:
        runs = log.latest(100)
    assert {name: len(each) for name, each in runs.items()} == dict.fromkeys("abc", 8)


def test_a_reader_sees_what_a_writer_adds_meanwhile(log: RunLog, tmp_path: Path) -> None:
    with RunLog(tmp_path / FILE, writable=False) as reader:
        assert reader.latest() == {}
        add(log, run_at(0))
        assert reader.latest() == {"own": [run_at(0)]}


def test_a_file_that_is_no_log_is_named(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes(b"something else, and long enough to be looked at" * 30)
    for writable in (True, False):
        with pytest.raises(RunLogError, match=r"runs\.sqlite: can't be read or written .* delete the file"):
            RunLog(path, writable=writable)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("UPDATE schema_version SET version = 9", r"made by another version of tearsheet \(schema 9"),
        ("DROP TABLE schema_version", r"runs\.sqlite: can't be read or written"),
    ],
)
def test_the_log_of_another_version_is_refused(change: str, sentence: str, tmp_path: Path) -> None:
    RunLog(tmp_path / FILE).close()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        connection.execute(change)
    with pytest.raises(RunLogError, match=sentence):
        RunLog(tmp_path / FILE, writable=False)


@pytest.mark.parametrize(
    "change",
    [
        "details = '{'",
        "details = '[]'",
        'details = \'{"sources": [{"colour": 1}]}\'',
        'details = \'{"verdicts": [["ok"]]}\'',
        "started = 'yesterday'",
    ],
)
def test_a_run_that_somebody_else_wrote_is_refused(log: RunLog, change: str, tmp_path: Path) -> None:
    add(log, run_at(0))
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        connection.execute(f"UPDATE runs SET {change}")
    with pytest.raises(RunLogError, match="a run of own can't be read"):
        log.recent("own")
