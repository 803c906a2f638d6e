from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive.access.line import IndexLine
from archive.access.memento import Addresses, choose, in_header, links, timemap
from archive.access.moments import parse_http_date
from archive.errors import QueryError
from tests.archive.sample_collections import START

URL = "http://news.example/a"
HERE = Addresses("http://archive.test/news", "http://replay.test/news")
TIMES = ("20260301120000", "20260301120100", "20260301130000")
LINES = [IndexLine("example,news)/a", time, {"url": URL}) for time in TIMES]
MEMENTO = (
    '<http://replay.test/news/{}id_/http://news.example/a>; rel="{{}}"; datetime="Sun, 01 Mar 2026 {} GMT"'
)
FIRST = MEMENTO.format(TIMES[0], "12:00:00")
SECOND = MEMENTO.format(TIMES[1], "12:01:00")
THIRD = MEMENTO.format(TIMES[2], "13:00:00")
MAP = (
    '<http://archive.test/news/timemap/link/http://news.example/a>; rel="{}"; type="application/link-format"'
)
GATE = '<http://archive.test/news/timegate/http://news.example/a>; rel="timegate"'
ORIGINAL = '<http://news.example/a>; rel="original"'


def at(seconds: float) -> datetime:
    return START.replace(microsecond=0) + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("moment", "chosen"),
    [
        (None, 2),
        (at(-1e6), 0),
        (at(0), 0),
        (at(30), 0),  # as far from both: the earlier one
        (at(31), 1),
        (at(60), 1),
        (at(1e8), 2),
    ],
)
def test_the_nearest_memento_answers_and_the_newest_where_no_time_is_asked_for(
    moment: datetime | None, chosen: int
) -> None:
    found = choose(LINES, moment)
    assert found is not None
    assert (found.line, found.first, found.last) == (LINES[chosen], LINES[0], LINES[2])
    assert found.before == (LINES[chosen - 1] if chosen else None)
    assert found.after == (LINES[chosen + 1] if chosen < 2 else None)


def test_nothing_answers_where_nothing_was_captured() -> None:
    assert choose([], at(0)) is None
    assert "".join(timemap([], URL, HERE)) == ""


def test_links_name_the_first_and_last_memento_and_the_neighbours() -> None:
    base = [ORIGINAL, GATE, MAP.format("timemap")]
    assert links(URL, HERE) == ", ".join(base)
    middle = [FIRST.format("first prev memento"), SECOND.format("memento"), THIRD.format("next last memento")]
    assert links(URL, HERE, choose(LINES, at(60))) == ", ".join(base + middle)
    alone = [FIRST.format("first last memento")]
    assert links(URL, HERE, choose(LINES[:1], None)) == ", ".join(base + alone)


def test_a_timemap_lists_the_mementos_in_order() -> None:
    listed = [
        ORIGINAL,
        MAP.format("self") + '; from="Sun, 01 Mar 2026 12:00:00 GMT"',
        GATE,
        FIRST.format("first memento"),
        SECOND.format("memento"),
        THIRD.format("last memento"),
    ]
    assert "".join(timemap(iter(LINES), URL, HERE)) == ",\n".join(listed) + "\n"
    single = "".join(timemap(iter(LINES[:1]), URL, HERE))
    assert single.endswith(FIRST.format("first last memento") + "\n")


def test_nothing_in_an_address_ends_a_link_or_a_header() -> None:
    hostile = 'http://x.example/>; rel="next", <http://evil.example/\r\nSet-Cookie: a=b\x7f é"'
    escaped = in_header(hostile)
    assert escaped == (
        "http://x.example/%3E;%20rel=%22next%22,%20%3Chttp://evil.example/%0D%0ASet-Cookie:%20a=b%7F%20%C3%A9%22"
    )
    assert links(hostile, HERE).startswith(f'<{escaped}>; rel="original", ')


@pytest.mark.parametrize(
    "text",
    ["Sun, 01 Mar 2026 12:00:00 GMT", "Sunday, 01-Mar-26 12:00:00 GMT", "Sun Mar  1 12:00:00 2026"],
)
def test_every_form_of_an_http_date_is_read(text: str) -> None:
    assert parse_http_date("Accept-Datetime", text) == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["rubbish", "", "Sun, 99 Mar 2026 12:00:00 GMT", "9" * 300])
def test_what_is_no_http_date_is_an_error_that_names_the_header(text: str) -> None:
    with pytest.raises(QueryError, match=r"Accept-Datetime: .* is no HTTP date"):
        parse_http_date("Accept-Datetime", text)
