"""Outlets that publish by a plan, visited as the policy says: what it comes to."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from crawler.scheduling.policy import MAX_VISITS, Bounds, Visit, next_due

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
Plan = Callable[[random.Random, datetime], list[datetime]]
"""When articles come out on a day."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What some weeks came to, without the first ones, in which the policy learns."""

    starts: list[datetime]
    delays: list[timedelta]
    """From an article's publication to the visit that found it."""
    days: int

    @property
    def visits_a_day(self) -> float:
        return len(self.starts) / self.days

    @property
    def median_delay(self) -> timedelta:
        return timedelta(seconds=median(delay.total_seconds() for delay in self.delays))

    @property
    def night_visits_a_day(self) -> float:
        """From 0 to 5 h UTC."""
        return sum(start.hour < 5 for start in self.starts) / self.days


def simulate(
    plan: Plan,
    *,
    weeks: int = 5,
    learning: int = 3,
    fails: Callable[[datetime], bool] = lambda _: False,
    bounds: Bounds | None = None,
) -> Simulated:
    chance = random.Random(1)
    published = sorted(
        moment for day in range(weeks * 7) for moment in plan(chance, MONDAY + timedelta(days=day))
    )
    counted_from, end = MONDAY + timedelta(weeks=learning), MONDAY + timedelta(weeks=weeks)
    visits: list[Visit] = []
    done = Simulated([], [], (weeks - learning) * 7)
    found = 0
    for start in _visits(visits, bounds or Bounds(), end):
        failed = fails(start)
        out = found if failed else bisect_right(published, start)
        if start >= counted_from:
            done.starts.append(start)
            done.delays.extend(start - moment for moment in published[found:out])
        visits.append(Visit(start, start + timedelta(seconds=20), out - found, failed))
        found = out
    return done


def _visits(visits: list[Visit], bounds: Bounds, end: datetime) -> Iterator[datetime]:
    now = MONDAY
    while now < end:
        yield now
        now = next_due("the-paper", visits[-MAX_VISITS:], bounds, now).at


def spread(articles: int, first_hour: float = 0, last_hour: float = 24, weekdays: int = 7) -> Plan:
    """So many articles a day at random times between two hours, on the first days of the week."""

    def plan(chance: random.Random, day: datetime) -> list[datetime]:
        if day.weekday() >= weekdays:
            return []
        return [day + timedelta(hours=chance.uniform(first_hour, last_hour)) for _ in range(articles)]

    return plan


def at_once(articles: int, hour: float) -> Plan:
    """All articles of the day together, a few minutes about an hour."""

    def plan(chance: random.Random, day: datetime) -> list[datetime]:
        return [day + timedelta(hours=hour, minutes=chance.uniform(0, 10))] * articles

    return plan


def nothing(_chance: random.Random, _day: datetime) -> list[datetime]:
    return []
