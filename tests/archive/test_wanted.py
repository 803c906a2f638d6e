from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.capture import Capture
from archive.wanted import EVERYTHING, Wanted

CAPTURE = Capture(
    number=1,
    url="https://news.example/world/a",
    date=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
    record_id="<urn:uuid:1>",
    record_type="response",
    warc="a.warc",
    offset=0,
    length=10,
    entity_digest="sha256:0",
    status=200,
    mime="text/html",
)


@pytest.mark.parametrize(
    ("wanted", "takes"),
    [
        (EVERYTHING, True),
        (Wanted(url_prefixes=("https://news.example/world/",)), True),
        (Wanted(url_prefixes=("news.example/world",)), True),
        (Wanted(url_prefixes=("http://news.example/", "https://other.example/")), False),
        (Wanted(since=date(2026, 3, 1), until=date(2026, 3, 1)), True),
        (Wanted(since=date(2026, 3, 2)), False),
        (Wanted(until=date(2026, 2, 28)), False),
        (Wanted(mimes=("application/xhtml+xml",)), False),
        (Wanted(mimes=("application/xhtml+xml", "text/html")), True),
        (Wanted(outlets=("example",), outlet_of=lambda url: "example" if "news" in url else None), True),
        (Wanted(outlets=("example",)), False),
    ],
)
def test_what_is_taken(wanted: Wanted, takes: bool) -> None:
    assert wanted.takes(CAPTURE) is takes


def test_days_are_those_of_utc() -> None:
    captured = datetime(2026, 3, 2, 1, tzinfo=timezone(timedelta(hours=3)))
    assert Wanted(until=date(2026, 3, 1)).takes(replace(CAPTURE, date=captured))


def test_a_revisit_that_does_not_tell_its_type_passes() -> None:
    assert Wanted(mimes=("text/html",)).takes(replace(CAPTURE, record_type="revisit", mime=None))


def test_the_same_choice_is_written_in_the_same_way() -> None:
    one = Wanted(url_prefixes=("b", "a"), since=date(2026, 3, 1), outlets=("x",), outlet_of=lambda _url: None)
    other = Wanted(url_prefixes=("a", "b"), since=date(2026, 3, 1), outlets=("x",))
    assert str(one) == str(other) == "url-prefix a; url-prefix b; outlet x; since 2026-03-01"
    assert str(EVERYTHING) == ""
