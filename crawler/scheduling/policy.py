"""When an outlet is visited next: a pure function of the visits before, bounds and the time.

A visit is due when about one new article is expected since the one before began, by the rhythm that the visits of the
last weeks show; never before the shortest interval and never after the longest. Pages that are due, for a look at
edits or a further try, pull a visit forward; failures put it off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.scheduling.errors import ScheduleError
from crawler.scheduling.rhythm import Rhythm, learned

LEARNED_FROM = timedelta(weeks=4)
"""Visits before that, counted back from the last one, say nothing about an outlet's rhythm any more."""
MAX_VISITS = 300
"""So many of the last visits are enough to learn from: two days at the shortest interval, weeks at the usual ones."""
_ARTICLES = 1.0
_JITTER = 0.1
"""By up to this share an outlet's intervals are shorter, so that not all with the same one march in step."""
_LONGEST_RETRY_AFTER = timedelta(days=7)
"""What a server may ask for with Retry-After; a longer time is taken for a mistake."""
_MOST_DOUBLINGS = 20  # an interval of a second doubled more often than that is past any bound


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between two visits of an outlet lies at least one time and at most the other. Raises ScheduleError for bounds
    that are none."""

    at_least: timedelta = timedelta(minutes=10)
    at_most: timedelta = timedelta(hours=24)

    def __post_init__(self) -> None:
        if self.at_least < timedelta(seconds=1):
            raise ScheduleError(
                "the shortest interval between two visits is below a second; give at least 1s, such as 10m"
            )
        if self.at_least > self.at_most:
            raise ScheduleError(
                f"the shortest interval between two visits, {brief(self.at_least)}, is longer than the longest, "
                f"{brief(self.at_most)}; make the shortest shorter or the longest longer"
            )


@dataclass(frozen=True, slots=True)
class Visit:
    """One crawl of an outlet. Times are aware.

    finished     None where it was interrupted: the process was killed
    new          articles that no visit before had seen listed
    failed       whether nothing could be learned of the outlet: no list could be read, or it blocks the crawler
    retry_after  before when the server wants no visit; None where it did not say
    """

    started: datetime
    finished: datetime | None
    new: int = 0
    failed: bool = False
    retry_after: datetime | None = None

    @property
    def succeeded(self) -> bool:
        return self.finished is not None and not self.failed


@dataclass(frozen=True, slots=True)
class Due:
    """When a visit is due, aware, and why then."""

    at: datetime
    why: str


def next_due(
    outlet: str,
    visits: Sequence[Visit],
    bounds: Bounds,
    now: datetime,
    *,
    pages_due: datetime | None = None,
) -> Due:
    """When an outlet is visited next. `visits` are all of it or the last ones, in the order in which they began;
    `pages_due` is when the first of its known pages is to be asked for again. The time may lie in the past."""
    if not visits:
        return Due(now, "first visit")
    last = visits[-1]
    due = _put_off(outlet, visits, bounds) if not last.succeeded else _by_rhythm(outlet, visits, bounds)
    if last.succeeded and pages_due is not None:
        pulled = max(pages_due, last.started + bounds.at_least)
        if pulled < due.at:
            due = Due(pulled, "known pages are due again")
    rested = _rested(last, bounds)
    if rested > due.at:
        due = Due(rested, f"after a run of {brief(rested - last.started)}")
    if last.retry_after is not None:
        asked = min(last.retry_after, last.started + _LONGEST_RETRY_AFTER)
        if asked > due.at:
            due = Due(asked, "the server asked to wait (Retry-After)")
    return due


def position(outlet: str) -> float:
    """A number from 0 to 1 that is always the same for an outlet and spreads outlets evenly."""
    return int.from_bytes(hashlib.sha256(outlet.encode()).digest()[:4]) / 2**32


def brief(interval: timedelta) -> str:
    """`45 s`, `10 min`, `1 h 30 min`, `24 h`, `7 d`; the two largest units that are not zero."""
    left = max(0, round(interval.total_seconds()))
    parts = []
    for unit, seconds in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if unit == "d" and left < 2 * seconds:
            continue
        if left >= seconds:
            parts.append(f"{left // seconds} {unit}")
        left %= seconds
    return " ".join(parts[:2]) or "0 s"


def _by_rhythm(outlet: str, visits: Sequence[Visit], bounds: Bounds) -> Due:
    last = visits[-1]
    rhythm = _rhythm(visits)
    interval = _interval(outlet, rhythm, last.started, bounds)
    rate = rhythm.rate(last.started)
    if interval == bounds.at_least:
        why = f"the shortest interval: about {rate:.1f} new articles an hour at this time"
    elif interval >= bounds.at_most * (1 - _JITTER):
        why = f"the longest interval: about {rhythm.mean * 24:.1f} new articles a day"
    else:
        why = f"a new article is expected: about {rhythm.mean * 24:.0f} a day"
    return Due(last.started + interval, why)


def _put_off(outlet: str, visits: Sequence[Visit], bounds: Bounds) -> Due:
    """After failures: twice the outlet's own interval, four times and so on. A run that was interrupted is made up for
    after the shortest interval, unless that happens again: what kills a run may be the run itself."""
    last = visits[-1]
    in_a_row = next((number for number, visit in enumerate(reversed(visits)) if visit.succeeded), len(visits))
    doublings = min(in_a_row, _MOST_DOUBLINGS)
    if last.finished is None:
        interval = bounds.at_least * 2 ** (doublings - 1)
        why = "the last run was interrupted"
    else:
        interval = _interval(outlet, _rhythm(visits), last.started, bounds) * 2**doublings
        why = "the last visit failed"
    if in_a_row > 1:
        why = f"the last {in_a_row} visits failed or were interrupted"
    return Due(last.started + min(interval, bounds.at_most), why)


def _rhythm(visits: Sequence[Visit]) -> Rhythm:
    recent = visits[-1].started - LEARNED_FROM
    return learned(
        [(visit.started, visit.new) for visit in visits if visit.succeeded and visit.started >= recent]
    )


def _interval(outlet: str, rhythm: Rhythm, since: datetime, bounds: Bounds) -> timedelta:
    interval = rhythm.expected(_ARTICLES, since, since + bounds.at_most) - since
    return max(bounds.at_least, interval * (1 - _JITTER * position(outlet)))


def _rested(last: Visit, bounds: Bounds) -> datetime:
    """A run that takes longer than the interval is followed by a pause: as long as it took, and no longer than the
    shortest interval."""
    if last.finished is None:
        return last.started
    return last.finished + min(last.finished - last.started, bounds.at_least)
