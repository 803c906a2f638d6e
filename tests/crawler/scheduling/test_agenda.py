from __future__ import annotations

from datetime import timedelta

from crawler.scheduling.agenda import Agenda
from crawler.scheduling.policy import Due
from tests.crawler.scheduling.simulated import MONDAY

MINUTE = timedelta(minutes=1)


def agenda(jobs: int, **minutes: float) -> Agenda:
    made = Agenda(jobs)
    for outlet, due in minutes.items():
        made.put(outlet, Due(MONDAY + due * MINUTE, "because"))
    return made


def names(made: Agenda, minutes: float = 0) -> list[str]:
    return [outlet for outlet, _ in made.startable(MONDAY + minutes * MINUTE)]


def test_what_is_due_is_started_the_longest_overdue_first_and_the_rest_waited_for() -> None:
    made = agenda(5, early=-5, late=-1, now=0, soon=3)
    assert names(made) == ["early", "late", "now"]
    for outlet in ("early", "late", "now"):
        made.started(outlet, MONDAY)
    assert names(made) == []
    assert made.wait(MONDAY) == 3 * MINUTE
    assert made.wait(MONDAY + 4 * MINUTE) == timedelta(0)


def test_no_more_crawls_are_started_than_there_are_jobs() -> None:
    made = agenda(2, a=-3, b=-2, c=-1)
    assert names(made) == ["a", "b"]
    made.started("a", MONDAY)
    assert names(made) == ["b"]
    made.started("b", MONDAY)
    assert names(made) == []
    assert made.wait(MONDAY) is None
    made.ended("a")
    assert names(made) == ["a", "c"][:1]


def test_an_outlet_is_not_started_while_a_crawl_of_it_is_under_way() -> None:
    made = agenda(3, a=-1)
    made.started("a", MONDAY)
    assert (names(made), made.running, made.wait(MONDAY)) == ([], {"a": MONDAY}, None)
    made.ended("a")
    made.put("a", Due(MONDAY + MINUTE, "again"))
    assert (names(made), names(made, minutes=1)) == ([], ["a"])


def test_outlets_that_are_due_at_the_same_time_do_not_come_by_their_names() -> None:
    made = agenda(99, **dict.fromkeys((f"house-{n:02}" for n in range(20)), 0))
    order = names(made)
    assert sorted(order) != order
    assert names(made) == order


def test_outlets_that_are_no_more_wanted_are_forgotten_but_their_crawl_goes_on() -> None:
    made = agenda(3, a=-1, b=-1)
    made.started("a", MONDAY)
    made.keep(["b"])
    assert (made.outlets, made.running) == (frozenset(["b"]), {"a": MONDAY})
    made.ended("a")
    assert names(made) == ["b"]


def test_an_empty_agenda_waits_for_nothing() -> None:
    assert Agenda(1).wait(MONDAY) is None
