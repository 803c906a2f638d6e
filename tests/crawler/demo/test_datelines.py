from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawler.demo import datelines


@pytest.mark.parametrize(
    ("moment", "printed"),
    [
        (datetime(2026, 11, 14, 1, 1, tzinfo=UTC), "11/14/2026 04:01 AM"),
        (datetime(2026, 11, 14, 21, 0, tzinfo=UTC), "11/15/2026 12:00 AM"),
        (datetime(2026, 11, 14, 9, 30, tzinfo=UTC), "11/14/2026 12:30 PM"),
        (datetime(2026, 11, 14, 20, 59, tzinfo=UTC), "11/14/2026 11:59 PM"),
    ],
)
def test_american_time_is_that_of_mecca_on_a_clock_of_twelve_hours(moment: datetime, printed: str) -> None:
    assert datelines.american(moment) == printed


def test_the_american_day_is_that_of_mecca() -> None:
    assert datelines.american_day(datetime(2026, 11, 14, 22, 0, tzinfo=UTC)) == "11/15/2026"


def test_an_english_date_keeps_its_offset() -> None:
    assert datelines.english(datetime.fromisoformat("2026-11-09T06:05:00+03:00")) == "9 November 2026, 06.05"


def test_an_arabic_date_names_weekday_and_both_names_of_the_month() -> None:
    assert datelines.arabic(date(2026, 11, 14)) == "السبت، 14 نوفمبر / تشرين الثاني 2026"
