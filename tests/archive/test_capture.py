from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from archive.capture import Capture, media_type, warc_date
from tests.archive.sample_collections import START

PAGE = Capture(
    1,
    "http://a.example/x",
    START,
    "<urn:uuid:1>",
    "response",
    "a.warc.gz",
    0,
    9,
    "d",
    status=200,
    mime="text/html",
)


def test_a_page_is_a_whole_successful_html_answer_to_a_get() -> None:
    assert PAGE.is_page
    assert replace(PAGE, status=206, mime="application/xhtml+xml").is_page
    assert replace(PAGE, url="http://a.example/?file=/robots.txt").is_page


@pytest.mark.parametrize(
    "fields",
    [
        {"method": "HEAD"},
        {"status": None},
        {"status": 304},
        {"status": 404},
        {"mime": None},
        {"mime": "application/rss+xml"},
        {"truncated": "length"},
        {"url": "http://a.example/robots.txt"},
        {"url": "http://a.example/robots.txt?x"},
    ],
)
def test_anything_else_is_none(fields: dict[str, str]) -> None:
    capture = replace(PAGE, **fields)  # type: ignore[arg-type]
    assert (capture.is_page, capture.wants_text) == (False, False)


def test_a_revisit_waits_for_the_outcome_of_another() -> None:
    assert replace(PAGE, record_type="revisit", status=304, mime=None).wants_text


def test_a_warc_date_is_in_utc_with_microseconds() -> None:
    moment = datetime(2026, 3, 1, 1, 2, 3, 4, timezone(timedelta(hours=3)))
    assert warc_date(moment) == "2026-02-28T22:02:03.000004Z"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Text/HTML; charset=x", "text/html"),
        (" text/html ", "text/html"),
        ("", None),
        (";x", None),
        (None, None),
    ],
)
def test_a_media_type_is_without_parameters(value: str | None, expected: str | None) -> None:
    assert media_type(value) == expected
