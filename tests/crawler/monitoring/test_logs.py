from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from crawler.monitoring.logs import JsonFormatter
from tests.command import tearsheet


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        server.outlet_files(tmp_path / "outlets")
        yield server


def test_a_line_is_one_object_whatever_the_message_holds() -> None:
    record = logging.LogRecord("crawler.x", logging.WARNING, __file__, 1, 'two\nlines, "%s"', ("خبر",), None)
    record.created = 1_772_366_400.25
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2026-03-01T12:00:00.250000+00:00",
        "level": "warning",
        "logger": "crawler.x",
        "message": 'two\nlines, "خبر"',
    }


def test_an_exception_comes_with_its_traceback() -> None:
    try:
        raise ValueError("torn")
    except ValueError:
        record = logging.LogRecord("crawler.x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    assert json.loads(JsonFormatter().format(record))["exception"].endswith("ValueError: torn")


def test_a_crawl_logs_json_alone_and_names_outlet_and_page(newsroom: NewsroomServer, tmp_path: Path) -> None:
    done = tearsheet("crawl", "al-marfa", "--log-format", "json", "-v", cwd=tmp_path)
    rows = [json.loads(line) for line in done.err.splitlines()]
    events = {(row["event"], row["level"]) for row in rows if row["logger"] == "tearsheet"}
    assert events == {("article", "info"), ("note", "info")}
    base = newsroom.base_urls["al-marfa"]
    assert all(row["url"].startswith(base) for row in rows if row.get("event") == "note")
    assert "al-marfa" in {row.get("outlet") for row in rows}
    assert "headline" in done.out  # the table at the end stays one for people
