"""When a known page is looked at again: pure functions of what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

EDIT_CHECKS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=7))
"""How long after it was first seen a page is looked at again for edits: most are made within the first day."""
MAX_TRIES = 5
_FIRST_WAIT = timedelta(minutes=10)
_FIRST_WAIT_CLOSED = timedelta(days=1)  # what robots.txt closes is seldom open a few minutes later


def next_check(
    first_seen: datetime, now: datetime, checks: Sequence[timedelta] = EDIT_CHECKS
) -> datetime | None:
    """When a page that was just fetched is due again, or None if it is done with. Times are aware.

    Checks that were missed, since nobody crawled, are not made up for: this fetch did for them.
    """
    return next((first_seen + wait for wait in sorted(checks) if first_seen + wait > now), None)


def next_try(tries: int, now: datetime, *, closed: bool = False) -> datetime | None:
    """When a page that could not be fetched, or that robots.txt has `closed`, is due again after so many tries; None if
    it is given up."""
    first = _FIRST_WAIT_CLOSED if closed else _FIRST_WAIT
    return now + first * 4 ** (tries - 1) if tries < MAX_TRIES else None
