from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery.errors import DiscoveryError
from crawler.discovery.found import Found
from crawler.discovery.sitemaps import ChildSitemap
from crawler.discovery.sources import Listing
from crawler.outlets.seen import Answer, SourceSeen, Verdict, answered, unanswered, unchanged
from crawler.state.known import KnownSource

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://daily.example/rss.xml"
WEEK = timedelta(days=7)


def listing(*dates: datetime | None) -> Listing:
    return Listing(
        tuple(Found(f"https://daily.example/{n}", date, None, None, "feed") for n, date in enumerate(dates))
    )


def seen(answer: Answer, listed: Listing | DiscoveryError) -> SourceSeen:
    return answered("daily", "feed", URL, answer, listed, NOW)


def test_a_source_with_a_new_entry_is_ok() -> None:
    day = NOW - timedelta(days=1)
    assert seen(Answer(URL, 200, b""), listing(day - WEEK, day, None)) == SourceSeen(
        "daily", "feed", URL, "ok", 200, entries=3, newest=day
    )


@pytest.mark.parametrize(("age", "verdict"), [(WEEK, "ok"), (WEEK + timedelta(seconds=1), "stale")])
def test_a_source_is_stale_when_its_newest_entry_is_older_than_a_week(
    age: timedelta, verdict: Verdict
) -> None:
    assert seen(Answer(URL, 200, b""), listing(NOW - age)).verdict == verdict


def test_a_source_without_dates_is_ok() -> None:
    assert seen(Answer(URL, 200, b""), listing(None)).verdict == "ok"


def test_a_source_that_lists_nothing_is_empty() -> None:
    assert seen(Answer(URL, 200, b""), Listing(())).verdict == "empty"


def test_an_index_of_sitemaps_is_not_empty() -> None:
    index = Listing((), (ChildSitemap("https://daily.example/1.xml", None),))
    told = seen(Answer(URL, 200, b""), index)
    assert (told.verdict, told.entries, told.sitemaps) == ("ok", 0, 1)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(404, "not found"), (410, "not found"), (401, "blocked"), (403, "blocked"), (429, "blocked"),
     (451, "blocked"), (500, "failed"), (503, "failed"), (304, "failed"), (204, "failed")],
)  # fmt: skip
def test_answers_other_than_200_are_judged_by_their_status(status: int, verdict: Verdict) -> None:
    told = seen(Answer(URL, status, b""), Listing(()))
    assert (told.verdict, told.status, told.works) == (verdict, status, False)
    assert str(status) in told.reason


def test_what_cannot_be_read_says_why() -> None:
    told = seen(Answer(URL, 200, b""), DiscoveryError(URL, "it is no feed"))
    assert (told.verdict, told.reason, told.works) == ("not parseable", f"{URL}: it is no feed", False)


@pytest.mark.parametrize(
    ("led_to", "redirects", "moved_to"),
    [
        ("https://daily.example/feed", (301,), "https://daily.example/feed"),
        ("https://daily.example/feed", (308, 301), "https://daily.example/feed"),
        ("https://daily.example/feed", (302,), None),
        ("https://daily.example/feed", (301, 302), None),
        ("https://www.daily.example/rss.xml", (301,), None),
    ],
)
def test_a_source_has_moved_where_permanent_redirects_lead_to_another_address(
    led_to: str, redirects: tuple[int, ...], moved_to: str | None
) -> None:
    told = seen(Answer(led_to, 200, b"", redirects=redirects), listing(NOW))
    assert (told.verdict, told.moved_to) == ("moved" if moved_to else "ok", moved_to)
    assert told.address == (moved_to or URL)
    assert told.works


def test_without_an_answer_a_source_is_blocked_or_failed() -> None:
    assert unanswered("daily", "feed", URL, "robots.txt", refused=True).verdict == "blocked"
    assert unanswered("daily", "feed", URL, "no answer", refused=False).verdict == "failed"


def test_a_source_that_is_unchanged_ages_all_the_same() -> None:
    known = KnownSource(9, NOW - timedelta(days=2), NOW - timedelta(days=1))
    answer = Answer(URL, 304, b"")
    now = unchanged("own", "feed", URL, answer, known, NOW)
    assert (now.verdict, now.status, now.entries) == ("ok", 304, 9)
    assert (now.newest, now.changed) == (known.newest, known.changed)
    later = unchanged("own", "feed", URL, answer, known, NOW + timedelta(days=6))
    assert (later.verdict, later.works) == ("stale", True)
    nothing = KnownSource(0, None, NOW)
    assert unchanged("own", "feed", URL, answer, nothing, NOW).verdict == "empty"
    assert unchanged("own", "sitemap", URL, answer, nothing, NOW).verdict == "ok"
