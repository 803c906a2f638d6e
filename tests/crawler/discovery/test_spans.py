from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from crawler.discovery.errors import SpanError
from crawler.discovery.spans import Span, expanded, is_template, span_in_address, span_of

TODAY = date(2026, 11, 22)
SITE = "https://www.daily.example"


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("address", "days"),
    [
        ("/sitemap-2026-01.xml", ("2026-01-01", "2026-01-31")),
        ("/sitemap/2026/01/15.xml", ("2026-01-15", "2026-01-15")),
        ("/sitemap_20260115.xml.gz", ("2026-01-15", "2026-01-15")),
        ("/sitemap.xml?yyyy=2024&mm=02", ("2024-02-01", "2024-02-29")),
        ("/sitemap.xml?yyyy=2024&mm=02&dd=29", ("2024-02-29", "2024-02-29")),
        ("/2019/sitemap-202601.xml", ("2026-01-01", "2026-01-31")),
        ("/archive/2026/posts.xml", ("2026-01-01", "2026-12-31")),
        ("/sitemap-2026-13.xml", ("2026-01-01", "2026-12-31")),
        ("/sitemap-2026-3.xml", ("2026-01-01", "2026-12-31")),
        ("/sitemap-2026-02-31.xml", ("2026-02-01", "2026-02-28")),
        ("/post-sitemap12.xml", None),
        ("/sitemap-120265.xml", None),
        ("/sitemap.xml", None),
    ],
)
def test_an_address_may_say_what_days_its_list_is_of(address: str, days: tuple[str, str] | None) -> None:
    assert span_in_address(SITE + address) == (span(*days) if days else None)


def test_a_span_holds_its_last_day_in_utc_to_its_end() -> None:
    days = span("2026-01-01", "2026-01-02")
    assert datetime(2026, 1, 2, 23, 59, tzinfo=UTC) in days
    assert datetime(2026, 1, 3, 1, tzinfo=timezone(timedelta(hours=3))) in days
    assert datetime(2026, 1, 3, tzinfo=UTC) not in days
    assert date(2025, 12, 31) not in days


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-01-01", "2026-02-01", ("2026-01-01", "2026-02-01")),
        ("2026-11-22", "2026-11-22", ("2026-11-22", "2026-11-22")),
        ("2026-11-01", "", ("2026-11-01", "2026-11-22")),
        ("", "", None),
    ],
)
def test_the_days_of_a_backfill(since: str, until: str, days: tuple[str, str] | None) -> None:
    assert span_of(since, until, TODAY) == (span(*days) if days else None)


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        ("2026-02-01", "2026-01-01", "--since: 2026-02-01 is after --until 2026-01-01; turn them round"),
        ("2026-11-23", "", "--since: 2026-11-23 is in the future; today is 2026-11-22 (UTC)"),
        ("2026-11-01", "2027-01-01", "--until: 2027-01-01 is in the future; today is 2026-11-22 (UTC)"),
        ("", "2026-01-01", "--until: names the last day of a backfill; name its first with --since"),
        ("yesterday", "", '--since: "yesterday" is no day; write one such as 2026-01-31'),
        ("2026-01-01", "2026-02-30", '--until: "2026-02-30" is no day; write one such as 2026-01-31'),
    ],
)
def test_days_that_are_none_get_a_sentence(since: str, until: str, sentence: str) -> None:
    with pytest.raises(SpanError) as told:
        span_of(since, until, TODAY)
    assert str(told.value) == sentence


def test_a_dated_sitemap_is_expanded_once_for_each_address() -> None:
    days = span("2025-12-31", "2026-02-02")
    assert expanded(SITE + "/map-{YYYY}-{MM}.xml", days, 50) == (
        {
            SITE + "/map-2025-12.xml": span("2025-12-31", "2025-12-31"),
            SITE + "/map-2026-01.xml": span("2026-01-01", "2026-01-31"),
            SITE + "/map-2026-02.xml": span("2026-02-01", "2026-02-02"),
        },
        None,
    )


def test_what_is_past_the_bound_is_left_of_the_span() -> None:
    addresses, rest = expanded(SITE + "/{YYYY}/{MM}/{DD}.xml", span("2026-01-30", "2026-02-05"), 3)
    assert list(addresses) == [f"{SITE}/2026/{day}.xml" for day in ("01/30", "01/31", "02/01")]
    assert rest == span("2026-02-02", "2026-02-05")


def test_only_the_three_placeholders_make_a_template() -> None:
    assert is_template(SITE + "/{YYYY}.xml")
    assert not is_template(SITE + "/{id}.xml")
