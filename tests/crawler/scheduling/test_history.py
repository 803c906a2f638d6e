from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.health.run import Run, Verdict
from crawler.health.runs import FILE, RunLog
from crawler.outlets.seen import SourceSeen
from crawler.scheduling.history import History
from crawler.scheduling.plan import Foreseen, Plan
from crawler.scheduling.policy import Bounds, Visit, next_due
from crawler.scheduling.status import statuses
from crawler.state.known import Validators
from crawler.state.store import CrawlState
from tests.crawler.scheduling.simulated import MONDAY

HOUR, QUICK = timedelta(hours=1), timedelta(seconds=20)
SEEN = SourceSeen("a", "feed", "https://a.example/rss", "ok", 200, entries=9)
RUN = Run("a", "a", MONDAY, MONDAY + QUICK, sources=(SEEN,), verdicts=(Verdict("ok", "fine", "nothing new"),))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[RunLog]:
    with RunLog(tmp_path / FILE) as opened:
        yield opened


def add(log: RunLog, hours: float, **values: object) -> Run:
    started = MONDAY + hours * HOUR
    run = replace(RUN, started=started, finished=started + QUICK, **values)
    log.finish(log.begin(run.outlet, run.collection, started), run)
    return run


def verdict(name: str, severity: str) -> tuple[Verdict, ...]:
    return (Verdict(name, severity, "why"),)  # type: ignore[arg-type]


def visits(folder: Path, outlet: str = "a", collection: str = "a") -> tuple[Visit, ...]:
    with History(folder) as history:
        return history.past(outlet, collection).visits


def test_without_a_log_nothing_was_visited(tmp_path: Path) -> None:
    with History(tmp_path) as history:
        assert (history.outlets(None), history.last("a", "a")) == ([], None)
        assert history.foresee("a", "a", Bounds(), MONDAY) == Foreseen(
            next_due("a", [], Bounds(), MONDAY), None
        )
    assert list(tmp_path.iterdir()) == []


def test_visits_come_in_their_order_and_are_those_of_one_collection(log: RunLog, tmp_path: Path) -> None:
    add(log, 0, new=3)
    add(log, 1, new=1)
    add(log, 2, new=99, collection="trial")
    add(log, 3, outlet="b", collection="b")
    assert visits(tmp_path) == tuple(
        Visit(MONDAY + n * HOUR, MONDAY + n * HOUR + QUICK, new) for n, new in ((0, 3), (1, 1))
    )
    with History(tmp_path) as history:
        assert (history.outlets(None), history.outlets("trial")) == (["a", "b"], ["a"])


def test_a_visit_has_what_the_server_asked_to_wait(log: RunLog, tmp_path: Path) -> None:
    add(log, 0, retry_after=MONDAY + 5 * HOUR)
    assert visits(tmp_path) == (Visit(MONDAY, MONDAY + QUICK, retry_after=MONDAY + 5 * HOUR),)


def test_a_run_without_an_end_and_one_that_saw_no_source_were_interrupted(
    log: RunLog, tmp_path: Path
) -> None:
    log.begin("a", "a", MONDAY)
    assert visits(tmp_path) == (Visit(MONDAY, None),)
    add(log, 1, sources=())
    assert visits(tmp_path)[-1] == Visit(MONDAY + HOUR, None)


@pytest.mark.parametrize(
    ("name", "severity", "values", "failed"),
    [
        ("blocked", "broken", {}, True),
        ("feed dead", "broken", {}, True),
        ("unreachable", "degraded", {}, True),
        ("blocked", "broken", {"asked": 9, "fetched": 4}, False),
        ("unreachable", "degraded", {"listed": 5}, False),
        ("feed dead", "degraded", {}, False),
        ("layout changed", "broken", {}, False),
        ("ok", "fine", {}, False),
    ],
)
def test_a_visit_failed_where_it_learned_nothing_of_the_outlet(
    name: str, severity: str, values: dict[str, int], failed: bool, log: RunLog, tmp_path: Path
) -> None:
    add(log, 0, verdicts=verdict(name, severity), **values)
    assert [visit.failed for visit in visits(tmp_path)] == [failed]


def test_pages_that_are_due_pull_the_next_visit_forward(log: RunLog, tmp_path: Path) -> None:
    add(log, 0)
    add(log, 20)
    with History(tmp_path) as history:
        quiet = history.foresee("a", "a", Bounds(), MONDAY)
        state = CrawlState(tmp_path / "a" / "crawl.sqlite")
        state.listed(SEEN.url, Validators(), "a", {"page": "https://a.example/page"}, MONDAY + 21 * HOUR)
        state.close()
        pulled = history.foresee("a", "a", Bounds(), MONDAY)
    assert quiet.due.at > MONDAY + 30 * HOUR
    assert (pulled.due.at, pulled.after) == (MONDAY + 21 * HOUR, MONDAY + 20 * HOUR)


def test_a_status_keeps_what_the_daemon_foresaw_until_there_is_another_run(
    log: RunLog, tmp_path: Path
) -> None:
    run = add(log, 0, new=2)
    now = MONDAY + HOUR
    with History(tmp_path) as history:
        true = history.foresee("a", "a", Bounds(), now)
    told = replace(true, due=replace(true.due, why="so the daemon says"))
    plan = Plan(("a", "b"), foreseen={"a": told})
    a, b = statuses(tmp_path, plan, now)
    assert (a.last, a.due, a.running) == (run, told.due, None)
    assert (b.last, b.due.why) == (None, "first visit")
    later = add(log, 1)
    (a,) = statuses(tmp_path, Plan(("a",), foreseen={"a": told}), now)
    assert (a.last, a.due.why) == (later, "a new article is expected: about 12 a day")


def test_a_crawl_that_somebody_started_by_hand_is_under_way_as_long_as_its_process_runs(
    log: RunLog, tmp_path: Path
) -> None:
    log.begin("a", "a", MONDAY + HOUR)
    lock = tmp_path / "a" / ".lock"
    lock.parent.mkdir()
    for text, running in (
        (f'{{"pid": {os.getpid()}, "since": "{MONDAY.isoformat()}"}}', MONDAY + HOUR),
        (f'{{"pid": {os.getpid()}, "since": "{(MONDAY + 2 * HOUR).isoformat()}"}}', None),
        ('{"pid": 999999999, "since": "2026-03-02T00:00:00+00:00"}', None),
        ("", None),
    ):
        lock.write_text(text)
        (status,) = statuses(tmp_path, Plan(("a",)), MONDAY + 2 * HOUR)
        assert (status.running, status.last is None) == (running, running is not None)


def test_while_a_crawl_is_under_way_the_last_run_is_the_one_before(log: RunLog, tmp_path: Path) -> None:
    run = add(log, 0)
    log.begin("a", "a", MONDAY + HOUR)
    (status,) = statuses(tmp_path, Plan(("a",), running={"a": MONDAY + HOUR}), MONDAY + HOUR)
    assert (status.last, status.running) == (run, MONDAY + HOUR)
