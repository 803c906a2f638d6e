from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.scheduling.rhythm import learned

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hourly(days: int, new: dict[int, int]) -> list[tuple[datetime, int]]:
    """A visit at each full hour; `new` is what is published in an hour of the day."""
    moments = [MONDAY + HOUR * number for number in range(days * 24 + 1)]
    return [(moment, new.get((moment - HOUR).hour, 0)) for moment in moments]


def test_of_an_outlet_that_nobody_visited_an_article_an_hour_is_assumed() -> None:
    rhythm = learned([])
    assert (rhythm.mean, set(rhythm.hours), set(rhythm.days)) == (1.0, {1.0}, {1.0})
    assert rhythm.expected(1, MONDAY, MONDAY + 5 * HOUR) == MONDAY + HOUR


def test_what_the_first_visit_finds_says_nothing() -> None:
    assert learned([(MONDAY, 50)]) == learned([])


def test_as_long_as_nothing_is_found_the_wait_grows_with_the_time_watched() -> None:
    waits = []
    for hours in (1, 3, 7):
        rhythm = learned([(MONDAY, 40), (MONDAY + hours * HOUR, 0)])
        waits.append(rhythm.expected(1, MONDAY, MONDAY + 99 * HOUR) - MONDAY)
    assert waits[0] > HOUR
    assert waits[0] * 1.5 < waits[1]
    assert waits[1] * 1.5 < waits[2] < 16 * HOUR


def test_hours_in_which_much_comes_out_are_told_from_quiet_ones() -> None:
    rhythm = learned(hourly(14, {9: 12}))
    assert max(rhythm.hours) == rhythm.hours[9]
    assert rhythm.hours[8] == rhythm.hours[10]
    assert 0 < rhythm.hours[2] < rhythm.mean / 10
    assert rhythm.mean == pytest.approx(0.5, rel=0.01)


def test_articles_found_after_a_long_pause_are_spread_over_all_of_it() -> None:
    rhythm = learned([(MONDAY, 0), (MONDAY + timedelta(days=10), 240)])
    assert min(rhythm.hours) == pytest.approx(max(rhythm.hours))
    assert rhythm.mean == pytest.approx(1.0)


def test_days_without_work_are_told_from_the_others() -> None:
    visits = [(moment, 0 if (moment - HOUR).weekday() > 4 else 1) for moment, _ in hourly(28, {})]
    days = learned(visits).days
    assert all(day > 1.2 for day in days[:5])
    assert all(0 < day < 0.3 for day in days[5:])


def test_what_is_expected_jumps_over_quiet_hours_and_never_past_the_end_asked_for() -> None:
    rhythm = learned(hourly(21, dict.fromkeys(range(6, 22), 2)))
    evening = MONDAY + 22.5 * HOUR
    assert MONDAY + 26 * HOUR < rhythm.expected(1, evening, evening + 24 * HOUR) < MONDAY + 31 * HOUR
    assert rhythm.expected(1, evening, evening + HOUR) == evening + HOUR


def test_visits_at_the_same_moment_do_no_harm() -> None:
    assert learned([(MONDAY, 3), (MONDAY, 5)]) == learned([])


def test_the_time_zone_of_a_visit_does_not_matter() -> None:
    from zoneinfo import ZoneInfo

    doha = ZoneInfo("Asia/Qatar")
    visits = hourly(7, {9: 5})
    assert learned([(moment.astimezone(doha), new) for moment, new in visits]) == learned(visits)
    assert learned(visits).rate(MONDAY.astimezone(doha)) == learned(visits).rate(MONDAY)
