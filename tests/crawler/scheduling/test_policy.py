from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduling.errors import ScheduleError
from crawler.scheduling.policy import Bounds, Due, Visit, brief, next_due, position
from tests.crawler.scheduling.simulated import MONDAY, at_once, nothing, simulate, spread

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
QUICK = timedelta(seconds=20)
USUAL = Bounds()


def visit(hours: float, new: int = 0, **values: object) -> Visit:
    started = MONDAY + hours * HOUR
    return replace(Visit(started, started + QUICK, new), **values)


intervals = st.timedeltas(timedelta(seconds=1), timedelta(days=30))
bounds = st.tuples(intervals, intervals).map(lambda pair: Bounds(min(pair), max(pair)))
names = st.text("abcdefghij-0123456789", min_size=1, max_size=20)


@st.composite
def histories(
    draw: st.DrawFn, outcomes: Sequence[str] = ("success", "success", "failure", "interruption")
) -> list[Visit]:
    outcome = st.sampled_from(outcomes)
    steps = draw(
        st.lists(st.tuples(st.floats(0.01, 60), st.integers(0, 300), outcome), min_size=1, max_size=30)
    )
    visits, hours = [], 0.0
    for pause, new, ended in steps:
        hours += pause
        finished = None if ended == "interruption" else MONDAY + hours * HOUR + QUICK
        visits.append(visit(hours, new, finished=finished, failed=ended == "failure"))
    return visits


def test_an_outlet_that_was_never_visited_is_due_now() -> None:
    assert next_due("a", [], USUAL, MONDAY) == Due(MONDAY, "first visit")


@given(names, histories(), bounds, st.none() | st.floats(-100, 2000))
def test_a_visit_is_never_due_before_the_shortest_interval_or_after_the_longest(
    outlet: str, visits: list[Visit], bounds: Bounds, pages_due: float | None
) -> None:
    due = next_due(
        outlet, visits, bounds, MONDAY, pages_due=None if pages_due is None else MONDAY + pages_due * HOUR
    )
    last = visits[-1].started
    # A run that takes longer than the longest interval has its pause all the same.
    assert last + bounds.at_least <= due.at <= last + max(bounds.at_most, 2 * QUICK)
    assert due.why


@given(names, histories(), bounds)
def test_a_further_failure_never_shortens_the_wait(outlet: str, visits: list[Visit], bounds: Bounds) -> None:
    last = visits[-1]
    failed = replace(last, finished=last.started + QUICK, failed=True)
    waits = [next_due(outlet, [*visits[:-1], *more], bounds, MONDAY).at for more in ([failed], [failed] * 2)]
    assert waits[0] <= waits[1]


@given(names, histories(["success"]), st.integers(1, 500))
def test_more_news_at_the_last_visit_never_means_a_later_next_one(
    outlet: str, visits: list[Visit], more: int
) -> None:
    last = visits[-1]
    richer = [*visits[:-1], replace(last, new=last.new + more)]
    assert next_due(outlet, richer, USUAL, MONDAY).at <= next_due(outlet, visits, USUAL, MONDAY).at


@given(names, histories(), st.floats(-10, 1000), st.floats(0, 100))
def test_pages_that_are_due_earlier_never_mean_a_later_visit(
    outlet: str, visits: list[Visit], hours: float, earlier: float
) -> None:
    due = MONDAY + hours * HOUR
    one, other = (next_due(outlet, visits, USUAL, MONDAY, pages_due=at) for at in (due, due - earlier * HOUR))
    assert other.at <= one.at <= next_due(outlet, visits, USUAL, MONDAY).at


@given(names, histories(), bounds)
def test_the_same_visits_always_give_the_same_time(outlet: str, visits: list[Visit], bounds: Bounds) -> None:
    at = [next_due(outlet, visits, bounds, MONDAY + pause * HOUR) for pause in (0, 1, 1000)]
    assert at[0] == at[1] == at[2]


def test_failures_double_the_wait_up_to_the_longest_interval_and_a_success_resets_it() -> None:
    visits = [visit(n, 1) for n in range(48)]
    usual = next_due("a", visits, USUAL, MONDAY).at - visits[-1].started
    waits = []
    for number in range(7):
        visits.append(visit(48 + number * 24, failed=True))
        waits.append((next_due("a", visits, USUAL, MONDAY).at - visits[-1].started) / usual)
    # The hours are not quite the same all day long.
    assert waits[:4] == pytest.approx([2, 4, 8, 16], rel=0.1)
    assert [wait * usual for wait in waits[5:]] == [USUAL.at_most] * 2
    assert next_due("a", visits, USUAL, MONDAY).why == "the last 7 visits failed or were interrupted"
    visits.append(visit(300, 1))
    assert next_due("a", visits, USUAL, MONDAY).at - visits[-1].started < USUAL.at_most


def test_an_interrupted_run_is_made_up_for_soon_and_ever_later_if_it_happens_again() -> None:
    visits, waits = [visit(0, 1), visit(24, 1)], []
    for number in range(3):
        visits.append(visit(30 + number, finished=None))
        waits.append(next_due("a", visits, USUAL, MONDAY).at - visits[-1].started)
    assert waits == [10 * MINUTE, 20 * MINUTE, 40 * MINUTE]


def test_what_a_server_asks_with_retry_after_is_kept_up_to_a_week() -> None:
    for asked, kept in ((50 * HOUR, 50 * HOUR), (timedelta(days=400), timedelta(days=7)), (MINUTE, None)):
        refused = visit(5, failed=True, retry_after=MONDAY + 5 * HOUR + asked)
        due = next_due("a", [visit(0), refused], USUAL, MONDAY)
        if kept is None:
            assert due == next_due("a", [visit(0), replace(refused, retry_after=None)], USUAL, MONDAY)
        else:
            assert due == Due(refused.started + kept, "the server asked to wait (Retry-After)")


def test_known_pages_that_are_due_pull_a_visit_forward_but_not_after_a_failure() -> None:
    quiet = [visit(0), visit(40), visit(64)]
    due = next_due("a", quiet, USUAL, MONDAY, pages_due=MONDAY + 65 * HOUR)
    assert due == Due(MONDAY + 65 * HOUR, "known pages are due again")
    overdue = next_due("a", quiet, USUAL, MONDAY, pages_due=MONDAY)
    assert overdue.at == MONDAY + 64 * HOUR + USUAL.at_least
    failing = [*quiet, visit(70, failed=True)]
    plain = next_due("a", failing, USUAL, MONDAY)
    assert next_due("a", failing, USUAL, MONDAY, pages_due=MONDAY) == plain


def test_a_run_longer_than_the_interval_is_followed_by_a_pause() -> None:
    busy = [visit(n / 6, 30) for n in range(144)]
    for took, pause in ((timedelta(minutes=8), timedelta(minutes=8)), (2 * HOUR, USUAL.at_least)):
        last = replace(busy[-1], finished=busy[-1].started + took)
        assert next_due("a", [*busy[:-1], last], USUAL, MONDAY).at == last.started + took + pause


def test_outlets_with_the_same_visits_are_due_at_different_times() -> None:
    dues = {next_due(f"outlet-{n}", [visit(0), visit(5)], USUAL, MONDAY).at for n in range(300)}
    assert len(dues) > 250
    assert all(0 <= position(f"outlet-{n}") < 1 for n in range(300))


@pytest.mark.parametrize(
    ("shortest", "longest", "said"),
    [
        (HOUR, MINUTE, "two visits, 1 h, is longer than the longest, 1 min; make"),
        (timedelta(0), HOUR, "below a second"),
        (-HOUR, HOUR, "below a second"),
    ],
)
def test_bounds_that_are_none_are_refused(shortest: timedelta, longest: timedelta, said: str) -> None:
    with pytest.raises(ScheduleError, match=said):
        Bounds(shortest, longest)


@pytest.mark.parametrize(
    ("interval", "written"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59.6), "1 min"),
        (timedelta(minutes=90), "1 h 30 min"),
        (timedelta(hours=24), "24 h"),
        (timedelta(days=3, hours=2, minutes=5), "3 d 2 h"),
        (-HOUR, "0 s"),
    ],
)
def test_an_interval_is_written_with_its_two_largest_units(interval: timedelta, written: str) -> None:
    assert brief(interval) == written


def test_a_daily_paper_is_visited_when_it_comes_out_and_seldom_else() -> None:
    seen = simulate(at_once(30, hour=5.2))
    assert 8 < seen.visits_a_day < 26
    assert seen.median_delay < 11 * MINUTE
    assert sum(start.hour in (4, 5, 6) for start in seen.starts) > 0.7 * len(seen.starts)


def test_a_wire_service_is_visited_at_the_shortest_interval() -> None:
    seen = simulate(spread(200), weeks=2, learning=1)
    assert 140 < seen.visits_a_day <= 144
    assert seen.median_delay < 6 * MINUTE


def test_a_dead_outlet_costs_hardly_more_than_a_visit_a_day() -> None:
    assert 1 <= simulate(nothing).visits_a_day < 1.3


def test_an_outlet_that_sleeps_at_night_is_let_sleep() -> None:
    seen = simulate(spread(30, first_hour=6, last_hour=22))
    assert 24 < seen.visits_a_day < 36
    assert seen.night_visits_a_day < 1.5
    assert seen.median_delay < 20 * MINUTE


def test_an_outlet_that_rests_on_two_days_is_visited_less_on_these() -> None:
    seen = simulate(spread(20, first_hour=7, last_hour=18, weekdays=5))
    weekend = sum(start.weekday() > 4 for start in seen.starts) / seen.days * 7 / 2
    assert weekend < 0.4 * seen.visits_a_day
    assert seen.median_delay < 25 * MINUTE


def test_every_visit_of_a_slow_outlet_finds_about_one_article() -> None:
    seen = simulate(spread(8, first_hour=6, last_hour=22))
    assert 0.75 < len(seen.delays) / len(seen.starts) < 1.25
    assert seen.median_delay < 90 * MINUTE


def test_an_outlet_that_fails_for_a_day_is_asked_less_and_caught_up_with() -> None:
    broken_from = MONDAY + timedelta(weeks=3, days=2)
    seen = simulate(
        spread(100), weeks=4, fails=lambda at: broken_from <= at < broken_from + timedelta(days=1)
    )
    asked = [at for at in seen.starts if broken_from <= at < broken_from + timedelta(days=1)]
    assert len(asked) < 9
    last_days = [at for at in seen.starts if at > MONDAY + timedelta(weeks=4, days=-2)]
    assert len(last_days) > 2 * 60
