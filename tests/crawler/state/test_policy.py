from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.state.policy import MAX_TRIES, next_check, next_try

SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (timedelta(0), timedelta(hours=1)),
        (timedelta(minutes=59), timedelta(hours=1)),
        (timedelta(hours=1), timedelta(hours=6)),
        (timedelta(hours=7), timedelta(hours=24)),
        (timedelta(hours=24), timedelta(days=7)),
        (timedelta(days=7), None),
        (timedelta(days=30), None),
    ],
)
def test_edits_are_looked_for_at_fixed_times_after_a_page_was_first_seen(
    after: timedelta, due: timedelta | None
) -> None:
    assert next_check(SEEN, SEEN + after) == (SEEN + due if due else None)


def test_a_page_that_fails_is_tried_again_ever_later_and_then_given_up() -> None:
    waits = [next_try(tries, SEEN) for tries in range(1, MAX_TRIES + 1)]
    assert waits == [*(SEEN + timedelta(minutes=minutes) for minutes in (10, 40, 160, 640)), None]
    closed = [next_try(tries, SEEN, closed=True) for tries in range(1, MAX_TRIES + 1)]
    assert closed == [*(SEEN + timedelta(days=days) for days in (1, 4, 16, 64)), None]
