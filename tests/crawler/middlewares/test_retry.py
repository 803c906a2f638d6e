from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import Response

from crawler.middlewares.retry import retry_after
from tests.crawler.crawls import crawl
from tests.crawler.records import pairs
from tests.origin.oddities import plain
from tests.origin.server import Answer, Asked, Origin, Script


def _response(value: bytes | None) -> Response:
    return Response("https://desk.example/", headers={"Retry-After": value} if value is not None else {})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"0", 0.0),
        (b" 7 ", 7.0),
        (b"120", 120.0),
        (None, None),
        (b"", None),
        (b"-5", None),
        (b"1.5", None),
        (b"soon", None),
        (b"\xb2", None),
        (b"Mon, 32 Foo 2026 10:00:00 GMT", None),
        (b"Mon, 04 May 99999999999 10:00:00 GMT", None),
        (b"Mon, 04 May 2020 10:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_a_number_of_seconds_or_nothing(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(_response(value)) == seconds


@pytest.mark.parametrize("zone", ["GMT", "-0000"])
def test_retry_after_may_be_a_date(zone: str) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=30)
    value = format_datetime(moment, usegmt=True).replace("GMT", zone)
    seconds = retry_after(_response(value.encode()))
    assert seconds is not None
    assert 28 < seconds <= 30


def _busy(times: int, head: bytes = b"") -> Script:
    def answer(asked: Asked) -> Answer:
        if asked.before < times:
            return Answer((plain(b"busy", head=head, status=b"503 Service Unavailable"),))
        return Answer((plain(),))

    return answer


def _gaps(origin: Origin, path: str) -> list[float]:
    times = [served.started for served in origin.of(path)]
    return [later - earlier for earlier, later in pairwise(times)]


def test_each_retry_waits_twice_as_long(tmp_path: Path) -> None:
    with Origin({"/page": _busy(2)}) as origin:
        crawled = crawl(tmp_path, [origin.url("/page")], RETRY_ENABLED=True, RETRY_BACKOFF=0.4)
    first, second = _gaps(origin, "/page")
    assert 0.4 <= first < 0.75
    assert 0.8 <= second < 1.5
    assert (crawled.rows[0]["status"], crawled.rows[0]["retries"]) == (200, 2)
    assert len(pairs(tmp_path)[origin.url("/page")]) == 3


def test_a_broken_connection_is_retried_too(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer((plain(),)) if asked.before else Answer((plain()[:60],), "close")

    with Origin({"/page": answer}) as origin:
        crawled = crawl(tmp_path, [origin.url("/page")], RETRY_ENABLED=True, RETRY_BACKOFF=0.3)
    assert crawled.rows[0]["status"] == 200
    assert _gaps(origin, "/page")[0] >= 0.3
    truncated = [pair.response.fields.get("WARC-Truncated") for pair in pairs(tmp_path)[origin.url("/page")]]
    assert truncated == ["disconnect", None]


def test_the_server_says_when_to_come_back(tmp_path: Path) -> None:
    with Origin({"/page": _busy(1, b"Retry-After: 1\r\n")}) as origin:
        crawl(tmp_path, [origin.url("/page")], RETRY_ENABLED=True, RETRY_BACKOFF=0.01)
    (gap,) = _gaps(origin, "/page")
    assert 1 <= gap < 1.6


def test_a_server_that_asks_for_too_long_a_wait_is_left_alone(tmp_path: Path) -> None:
    with Origin({"/page": _busy(1, b"Retry-After: 3600\r\n")}) as origin:
        crawled = crawl(tmp_path, [origin.url("/page")], RETRY_ENABLED=True, RETRY_AFTER_LIMIT=60)
    assert [row["status"] for row in crawled.rows] == [503]
    assert len(origin.served) == 1
