from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.discovery.dates import aware, parse_date


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04+03:00", datetime(2026, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=3)))),
        ("2026-01-02T03:04:05.1234567+00:00", datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2026-01-02 03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (" 2026-01-02\n", datetime(2026, 1, 2, tzinfo=UTC)),
        ("2026-02", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("Fri, 02 Jan 2026 03:04:05 GMT", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ],
)
def test_dates_are_read_and_aware(text: str, moment: datetime) -> None:
    assert parse_date(text) == moment
    assert parse_date(text).tzinfo is not None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    ["", None, "yesterday", "2026-13-40", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
     "1970-01-01T00:00:00Z", "1970-01-01", "99999999999999999999",
     "Fri, 99 Jan 2026 03:04:05 +9999", "{{date}}"],
)  # fmt: skip
def test_what_is_no_date_or_can_not_be_meant_is_none(text: str | None) -> None:
    assert parse_date(text) is None


def test_old_papers_have_old_dates() -> None:
    assert aware(datetime(1851, 9, 18)) == datetime(1851, 9, 18, tzinfo=UTC)
