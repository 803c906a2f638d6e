"""Verdicts, as tables of runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.health.run import Run, Verdict
from crawler.health.verdicts import NAMES, judge, tells_what_is_usual
from crawler.outlets.seen import SourceSeen

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FEED = "https://news.example/feed"


def feed(verdict: str = "ok", url: str = FEED, **values: Any) -> SourceSeen:
    values = {"status": 200, "entries": 30, "newest": NOW - HOUR} | values
    return SourceSeen("own", "feed", url, verdict, **values)  # type: ignore[arg-type]


def run(ago: timedelta = timedelta(), **values: Any) -> Run:
    """A run that found five new articles, each with a text of 3000 characters."""
    counts = dict.fromkeys(("new", "asked", "fetched", "read", "texts", "texts_read", "new_texts"), 5)
    values = counts | {"listed": 30, "sources": (feed(),), "median_length": 3000} | values
    counters = ("statuses", "kinds", "missing", "moved")
    values |= {name: Counter(values[name]) for name in counters if name in values}
    return Run("own", "news", NOW - ago, NOW - ago + timedelta(minutes=1), **values)


def failing(ago: timedelta = timedelta(), **statuses: int) -> Run:
    """A run whose articles failed, so many with each status: `_403=3`."""
    failed = sum(statuses.values())
    words = {word.lstrip("_").replace("_", " "): number for word, number in statuses.items()}
    return run(ago, asked=failed, failed=failed, statuses=words, **NOTHING_READ)


def textless(pages: int = 5, ago: timedelta = timedelta(), **kinds: int) -> Run:
    """A run whose pages, of these kinds, had no text."""
    none = {"texts": 0, "texts_read": 0, "new_texts": 0, "median_length": None}
    return run(
        ago, fetched=pages, read=pages, kinds={k.replace("_", "-"): v for k, v in kinds.items()}, **none
    )


NOTHING_READ: dict[str, Any] = {
    "fetched": 0, "read": 0, "texts": 0, "texts_read": 0, "new_texts": 0, "median_length": None,
}  # fmt: skip
QUIET: dict[str, Any] = NOTHING_READ | {"new": 0, "asked": 0}
DAILY = [run(n * DAY) for n in range(1, 15)]
"""Two weeks of a run a day in which all was well."""

Case = tuple[Run, Sequence[Run], list[tuple[str, str, str]]]
CASES: dict[str, Case] = {
    "all is well": (run(), DAILY, [("ok", "fine", "5 new texts")]),
    "one text": (run(new_texts=1), [], [("ok", "fine", "1 new text")]),
    "nothing new is no error": (run(**QUIET), DAILY, [("ok", "fine", "nothing new")]),
    "archived without extraction": (
        run(**(NOTHING_READ | {"fetched": 5})),
        [],
        [("ok", "fine", "5 pages, no new text")],
    ),
    "the only feed is gone": (
        run(sources=(feed("not found", status=404, reason="HTTP 404; correct its address"),), **QUIET),
        DAILY,
        [("feed dead", "broken", f"its only source fails: {FEED}: HTTP 404; correct its address")],
    ),
    "one feed of two can't be parsed": (
        run(
            sources=(
                feed("not parseable", reason=f"{FEED}: it is no feed"),
                feed(url="https://news.example/b"),
            )
        ),
        DAILY,
        [("feed dead", "degraded", f"1 of 2 sources fail: {FEED}: it is no feed")],
    ),
    "a feed lists nothing": (
        run(sources=(feed("empty", entries=0, newest=None, reason="it lists nothing"),), **QUIET),
        DAILY,
        [("feed dead", "broken", f"its only source fails: {FEED}: it lists nothing")],
    ),
    "an empty news sitemap is a quiet day": (
        run(
            sources=(SourceSeen("own", "news sitemap", FEED, "empty", 200, reason="it lists nothing"),),
            **QUIET,
        ),
        DAILY,
        [("ok", "fine", "nothing new")],
    ),
    "a feed lists another site": (
        run(listed=0, **QUIET),
        DAILY,
        [
            (
                "feed dead",
                "broken",
                "its sources name 30 addresses, none of them on the outlet's domains; see where they lead",
            )
        ],
    ),
    "sources and articles refused": (
        run(sources=(feed("blocked", status=403, reason="HTTP 403; not for you"),), **QUIET),
        DAILY,
        [("blocked", "broken", f"its only source fails: {FEED}: HTTP 403; not for you")],
    ),
    "asked too often": (
        run(sources=(feed("blocked", status=429, reason="HTTP 429"),), **QUIET),
        DAILY,
        [("blocked", "degraded", f"its only source fails: {FEED}: HTTP 429")],
    ),
    "asked too often in two runs": (
        run(sources=(feed("blocked", status=429, reason="HTTP 429"),), **QUIET),
        [run(HOUR, sources=(feed("blocked", status=429),), **QUIET), *DAILY],
        [("blocked", "broken", f"its only source fails: {FEED}: HTTP 429")],
    ),
    "a section page with one old link": (
        run(sources=(SourceSeen("own", "section", FEED, "stale", 200, 30, newest=NOW - 900 * DAY),)),
        [],
        [("ok", "fine", "5 new texts")],
    ),
    "out for a moment": (
        run(sources=(feed("failed", status=503, reason="HTTP 503; try again later"),), **QUIET),
        DAILY,
        [("unreachable", "degraded", f"its only source fails: {FEED}: HTTP 503; try again later")],
    ),
    "out in two runs": (
        run(sources=(feed("failed", reason="refused"),), **QUIET),
        [run(HOUR, sources=(feed("failed", reason="refused"),), **QUIET), *DAILY],
        [("unreachable", "broken", f"its only source fails: {FEED}: refused")],
    ),
    "out from the first run on": (
        run(sources=(feed("failed", status=None, reason="refused"),), **QUIET),
        [],
        [("unreachable", "broken", f"its only source fails: {FEED}: refused")],
    ),
    "stopped before it saw anything": (
        run(sources=(), **QUIET),
        [run(HOUR, sources=(feed("not found", reason="HTTP 404"),), **QUIET), *DAILY],
        [("feed dead", "broken", f"its only source fails: {FEED}: HTTP 404")],
    ),
    "the feed has moved": (
        run(sources=(feed("moved", moved_to="https://news.example/rss"),)),
        DAILY,
        [("moved", "degraded", f"{FEED} moved for good to https://news.example/rss")],
    ),
    "the domain has moved": (
        run(moved={"new.example": 4}),
        DAILY,
        [
            (
                "moved",
                "degraded",
                "4 of 5 articles moved for good to new.example; add it to the outlet's domains",
            )
        ],
    ),
    "stale at the first look": (
        run(sources=(feed("stale", newest=NOW - 20 * DAY),)),
        [],
        [("feed stale", "degraded", "nothing new since 2026-03-11, 20 days ago")],
    ),
    "stale by an unchanged list": (
        run(sources=(feed("stale", status=304, newest=NOW - 9 * DAY),), **QUIET),
        [run(n * DAY, **QUIET) for n in range(1, 9)] + [run(n * DAY) for n in range(9, 15)],
        [
            (
                "feed stale",
                "degraded",
                "nothing new since 2026-03-22, 9 days ago; usually there is something new every 24 hours",
            )
        ],
    ),
    "silent for longer than any holiday": (
        run(sources=(feed("stale", status=304, newest=NOW - 15 * DAY),), **QUIET),
        [run(n * DAY, **QUIET) for n in range(1, 15)] + [run(n * DAY) for n in range(15, 25)],
        [
            (
                "feed stale",
                "broken",
                "nothing new since 2026-03-16, 15 days ago; usually there is something new every 24 hours",
            )
        ],
    ),
    "a weekly's silence": (
        run(sources=(feed("stale", newest=NOW - 40 * DAY),), **QUIET),
        [run((40 + 7 * n) * DAY) for n in range(6)],
        [
            (
                "feed stale",
                "degraded",
                "nothing new since 2026-02-19, 40 days ago; usually there is something new every 7 days",
            )
        ],
    ),
    "a weekly that was given up": (
        run(sources=(feed("stale", newest=NOW - 43 * DAY),), **QUIET),
        [run((43 + 7 * n) * DAY) for n in range(6)],
        [
            (
                "feed stale",
                "broken",
                "nothing new since 2026-02-16, 43 days ago; usually there is something new every 7 days",
            )
        ],
    ),
    "a feed that was left long before the first look": (
        run(sources=(feed("stale", newest=NOW - 93 * DAY),)),
        [],
        [("feed stale", "broken", "nothing new since 2025-12-28, 93 days ago")],
    ),
    "stale without dates": (
        run(sources=(feed(newest=None),), **QUIET),
        [run(n * DAY, sources=(feed(newest=None),)) for n in range(8, 10)],
        [("feed stale", "degraded", "nothing new since 2026-03-23, 8 days ago")],
    ),
    "a list without dates changed in the first run": (
        run(sources=(feed(newest=None, status=304, changed=NOW - 30 * DAY),), **QUIET),
        [],
        [("feed stale", "degraded", "nothing new since 2026-03-01, 30 days ago")],
    ),
    "a monthly's rhythm": (
        run(sources=(feed("stale", newest=NOW - 40 * DAY),), **QUIET),
        [run((40 + 30 * n) * DAY) for n in range(6)],
        [("ok", "fine", "nothing new")],
    ),
    "six days of holiday": (
        run(sources=(feed(newest=NOW - 6 * DAY),), **QUIET),
        [run(n * DAY) for n in range(6, 15)],
        [("ok", "fine", "nothing new")],
    ),
    "old dates, but new articles": (
        run(sources=(feed("stale", newest=NOW - 90 * DAY),)),
        DAILY,
        [("ok", "fine", "5 new texts")],
    ),
    "articles refused": (
        failing(_403=4, _429=1),
        DAILY,
        [("blocked", "broken", "5 of 5 articles are refused to this crawler (4 HTTP 403, 1 HTTP 429)")],
    ),
    "some articles closed by robots.txt": (
        run(asked=8, failed=3, statuses={"robots.txt": 3}),
        DAILY,
        [("blocked", "degraded", "3 of 8 articles are refused to this crawler (3 robots.txt)")],
    ),
    "challenge pages": (
        textless(bot_wall=5),
        DAILY,
        [("blocked", "broken", "5 of 5 articles are refused to this crawler (5 challenge pages)")],
    ),
    "one article is refused": (failing(_403=1), [], [("ok", "fine", "nothing new")]),
    "one article is refused in each of three runs": (
        failing(_403=1),
        [failing(HOUR, _403=1), failing(2 * HOUR, _403=1), *DAILY],
        [
            (
                "blocked",
                "broken",
                "3 of 3 articles of the last 3 runs that had any are refused to this crawler (3 HTTP 403)",
            )
        ],
    ),
    "nothing to ask for since it was refused": (
        run(**QUIET),
        [failing(HOUR, _403=3), *DAILY],
        [("blocked", "broken", "3 of 3 articles are refused to this crawler (3 HTTP 403)")],
    ),
    "one good run is enough to recover": (
        run(),
        [failing(n * HOUR, _403=9) for n in range(1, 6)],
        [("ok", "fine", "5 new texts")],
    ),
    "a storm of 503": (
        failing(_503=4, timeout=2),
        DAILY,
        [("unreachable", "degraded", "6 of 6 articles could not be had (4 HTTP 503, 2 timeout)")],
    ),
    "a lasting storm of 503": (
        failing(_503=4),
        [failing(HOUR, _503=4), *DAILY],
        [("unreachable", "broken", "4 of 4 articles could not be had (4 HTTP 503)")],
    ),
    "listed and not there": (
        run(asked=20, failed=15, statuses={"404": 14, "410": 1}),
        DAILY,
        [("links broken", "degraded", "15 of 20 listed articles lead nowhere (14 HTTP 404, 1 HTTP 410)")],
    ),
    "redirects in a circle": (
        failing(redirect_loop=4),
        DAILY,
        [("links broken", "degraded", "4 of 4 listed articles lead nowhere (4 redirect loop)")],
    ),
    "some links lead nowhere": (
        run(asked=9, failed=4, statuses={"404": 2, "redirect loop": 2}),
        DAILY,
        [("ok", "fine", "5 new texts")],
    ),
    "refused, then left alone": (
        failing(_429=5, left_alone=95),
        DAILY,
        [("blocked", "broken", "5 of 5 articles are refused to this crawler (5 HTTP 429)")],
    ),
    "a consent wall": (
        textless(consent=5),
        DAILY,
        [("consent wall", "broken", "5 of 5 pages are a wall that asks for consent")],
    ),
    "a consent wall at the first look": (
        textless(consent=5),
        [],
        [("consent wall", "broken", "5 of 5 pages are a wall that asks for consent")],
    ),
    "a third is for subscribers": (
        run(fetched=8, read=8, kinds={"paywall": 2, "login": 1}),
        DAILY,
        [("paywall", "degraded", "3 of 8 articles are for subscribers")],
    ),
    "what is for subscribers is as it was": (
        run(fetched=4, unchanged=4, read=0, texts=0, texts_read=0, new_texts=0, median_length=None),
        [run(DAY, fetched=5, read=5, kinds={"paywall": 4}), *DAILY[1:]],
        [("paywall", "broken", "4 of 5 articles are for subscribers")],
    ),
    "payment required": (
        failing(_402=4),
        [],
        [("paywall", "broken", "4 of 4 articles are for subscribers")],
    ),
    "the text is gone": (
        textless(shell=4, section=1),
        DAILY,
        [
            (
                "layout changed",
                "broken",
                "5 of 5 pages have no text, where usually 100% of them have one (4 shell, 1 section)",
            )
        ],
    ),
    "the text of one page is gone": (textless(1, shell=1), DAILY, [("ok", "fine", "1 page, no new text")]),
    "the text of one page a run is gone": (
        textless(1, shell=1),
        [textless(1, n * HOUR, shell=1) for n in range(1, 3)] + DAILY,
        [
            (
                "layout changed",
                "broken",
                "3 of 3 pages of the last 3 runs that had any have no text, where usually 97% of them have one "
                "(3 shell)",
            )
        ],
    ),
    "half of the pages are videos as usual": (
        run(fetched=10, read=10, kinds={"video": 5}),
        [run(n * DAY, fetched=10, read=10, kinds={"video": 5}) for n in range(1, 9)],
        [("ok", "fine", "5 new texts")],
    ),
    "four videos by chance": (
        textless(4, video=4),
        [run(n * DAY, fetched=10, read=10, kinds={"video": 5}) for n in range(1, 9)],
        [("ok", "fine", "4 pages, no new text")],
    ),
    "no text from the first run on": (
        textless(6, shell=6),
        [],
        [("no text", "broken", "6 of 6 pages have no text (6 shell)")],
    ),
    "much shorter texts": (
        run(median_length=400),
        [run(n * DAY, median_length=2800 + 50 * n) for n in range(1, 15)],
        [
            (
                "layout changed",
                "broken",
                "the 5 texts read last have 400 characters in the median, where 3175 are usual",
            )
        ],
    ),
    "texts of all lengths": (
        run(median_length=900),
        [run(n * DAY, median_length=500 + 700 * (n % 7)) for n in range(1, 15)],
        [("ok", "fine", "5 new texts")],
    ),
    "one short text": (
        run(read=1, texts=1, texts_read=1, new_texts=1, median_length=200),
        DAILY,
        [("ok", "fine", "1 new text")],
    ),
    "dates missing": (
        run(missing={"date": 4, "authors": 5}),
        DAILY,
        [("dates missing", "degraded", "4 of 5 texts have no date of publication")],
    ),
    "several things, the worst first": (
        run(
            sources=(feed("moved", newest=NOW - 9 * DAY, moved_to="https://news.example/rss"),),
            new=0,
            asked=20,
            failed=15,
            statuses={"403": 15},
            missing={"date": 5},
        ),
        [],
        [
            ("blocked", "broken", "15 of 20 articles are refused to this crawler (15 HTTP 403)"),
            ("moved", "degraded", f"{FEED} moved for good to https://news.example/rss"),
            ("dates missing", "degraded", "5 of 5 texts have no date of publication"),
            ("feed stale", "degraded", "nothing new since 2026-03-22, 9 days ago"),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_run_is_judged_by_what_is_usual(case: str) -> None:
    last, history, expected = CASES[case]
    assert judge(last, history) == tuple(Verdict(*each) for each in expected)  # type: ignore[arg-type]


def test_every_name_has_its_case() -> None:
    assert {name for _, _, expected in CASES.values() for name, _, _ in expected} == set(NAMES)


def test_an_outlet_that_stays_broken_does_not_become_usual() -> None:
    history = DAILY[:]
    for hours in range(200, 0, -1):
        last = textless(ago=hours * HOUR / 10, shell=5)
        last = replace(last, verdicts=judge(last, history))
        assert (last.verdict, tells_what_is_usual(last)) == ("layout changed", False)
        # As the log gives them: the last twenty, and those that are usual.
        history = [last, *history[:19], *[each for each in history[19:] if tells_what_is_usual(each)]]


def test_an_hourly_outlet_with_odd_pages_is_left_alone() -> None:
    """One page in ten has no text, at random: in 500 runs of three articles each there is no alarm."""
    from random import Random

    random = Random(5)
    history: list[Run] = []
    for number in range(500, 0, -1):
        odd = sum(random.random() < 0.1 for _ in range(3))
        last = run(
            number * HOUR, fetched=3, read=3, texts=3 - odd, texts_read=3 - odd, kinds={"video": odd},
            median_length=random.randint(1500, 5000), sources=(feed(newest=None),),
        )  # fmt: skip
        last = replace(last, verdicts=judge(last, history))
        assert last.severity == "fine", last
        history = [last, *history[:19]]
