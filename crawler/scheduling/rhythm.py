"""How often an outlet publishes, by hour of the day and day of the week, learned from what visits found new.

A visit's new articles came out at some time since the visit before, so they are spread evenly over the hours between
them. Both histograms are drawn towards the outlet's mean, the more the less was seen of an hour or day, so that a few
visits teach little, and no hour is ever taken for silent. All hours and days are UTC.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_HOUR = 3600.0  # seconds
_DAY, _WEEK = 24, 168  # hours
_TO_MONDAY = 3 * _DAY * _HOUR  # 1970-01-01 was a Thursday

# What is assumed of an outlet before anything is known: an article an hour, as if that had been seen for an hour. It
# makes the wait double from visit to visit as long as none finds anything.
_ASSUMED_ARTICLES = 1.0
_ASSUMED_HOURS = 1.0
# How many hours of the mean are mixed into each hour of the day and each day of the week. The first keeps quiet hours
# at a tenth of the mean after two weeks, so that a change of habits is seen; a day of the week comes but once a week.
_MEAN_IN_HOUR = 1.0
_MEAN_IN_DAY = 24.0
# Of what an hour shows, so much counts for itself and the rest for its two neighbours.
_OWN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Articles an hour by hour of the day, and by what factor each day of the week, from Monday, is above that."""

    mean: float
    hours: tuple[float, ...]
    days: tuple[float, ...]

    def rate(self, moment: datetime) -> float:
        """Articles an hour at an aware time."""
        utc = moment.astimezone(UTC)
        return self.hours[utc.hour] * self.days[utc.weekday()]

    def expected(self, articles: float, since: datetime, until: datetime) -> datetime:
        """When so many articles are expected to have come out since an aware time, or `until` where that is later."""
        start, end = since.timestamp(), until.timestamp()
        for hour, seconds in _hours(start, end):
            rate = self.hours[hour % _DAY] * self.days[hour // _DAY % len(self.days)]
            if rate * seconds >= articles * _HOUR:
                begins = max(start, hour * _HOUR - _TO_MONDAY)
                return datetime.fromtimestamp(begins, UTC) + timedelta(hours=articles / rate)
            articles -= rate * seconds / _HOUR
        return until


def learned(visits: Sequence[tuple[datetime, int]]) -> Rhythm:
    """The rhythm that visits show: when each began, in their order, and how many articles it found that were new. The
    first one's are not counted, since nobody knows since when they are out."""
    starts = [began.timestamp() for began, _ in visits]
    seen, new = _watched(starts), _came(starts, [found for _, found in visits])
    mean = (sum(new) + _ASSUMED_ARTICLES) / (sum(seen) + _ASSUMED_HOURS)
    hours = _drawn_to(mean, _smooth(_by_hour(new)), _smooth(_by_hour(seen)), _MEAN_IN_HOUR)
    days = _drawn_to(mean, _by_day(new), _by_day(seen), _MEAN_IN_DAY)
    return Rhythm(mean, hours, tuple(rate / mean for rate in days))


def _watched(starts: Sequence[float]) -> list[float]:
    """How many hours of each hour of the week lie between the first visit and the last: the times between two visits
    leave no hole."""
    if not starts:
        return [0.0] * _WEEK
    weeks, rest = divmod(starts[-1] - starts[0], _WEEK * _HOUR)
    watched = [weeks] * _WEEK
    for hour, seconds in _hours(starts[0], starts[0] + rest):
        watched[hour % _WEEK] += seconds / _HOUR
    return watched


def _came(starts: Sequence[float], new: Sequence[int]) -> list[float]:
    """How many of the articles that visits found came out in which hour of the week."""
    came = [0.0] * _WEEK
    for before, began, found in zip(starts, starts[1:], new[1:], strict=False):
        if found and began > before:
            for hour, seconds in _hours(before, began):
                came[hour % _WEEK] += found * seconds / (began - before)
    return came


def _hours(start: float, end: float) -> Iterator[tuple[int, float]]:
    """The hours between two times in seconds since 1970, counted from the Monday before that, with the seconds of each
    that lie between them."""
    start, end = start + _TO_MONDAY, end + _TO_MONDAY
    for hour in range(int(start // _HOUR), math.ceil(end / _HOUR)):
        yield hour, min(end, (hour + 1) * _HOUR) - max(start, hour * _HOUR)


def _by_hour(week: Sequence[float]) -> list[float]:
    return [sum(week[hour::_DAY]) for hour in range(_DAY)]


def _by_day(week: Sequence[float]) -> list[float]:
    return [sum(week[first : first + _DAY]) for first in range(0, _WEEK, _DAY)]


def _smooth(hours: Sequence[float]) -> list[float]:
    beside = (1 - _OWN_SHARE) / 2
    return [
        _OWN_SHARE * hours[hour] + beside * (hours[hour - 1] + hours[(hour + 1) % len(hours)])
        for hour in range(len(hours))
    ]


def _drawn_to(mean: float, new: Sequence[float], seen: Sequence[float], weight: float) -> tuple[float, ...]:
    return tuple(
        (articles + mean * weight) / (hours + weight) for articles, hours in zip(new, seen, strict=True)
    )
