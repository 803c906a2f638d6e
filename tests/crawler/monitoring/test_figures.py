from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from crawler.demo.server import NewsroomServer
from crawler.monitoring.figures import CrawlFigures
from crawler.signals import page_failed
from tests.command import COMMAND, environment


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Quiet(Spider):
    name = "quiet"


def crawler_with(**stats: int) -> Crawler:
    """A crawler whose statistics are these; to be opened by its signal."""
    crawler = Crawler(Quiet)
    crawler.stats = MemoryStatsCollector(crawler)
    for key, value in stats.items():
        crawler.stats.set_value(key.replace("__", "/"), value)
    return crawler


def watched(figures: CrawlFigures, crawler: Crawler, name: str) -> None:
    figures.watch(crawler, name)
    crawler.signals.send_catch_log(signals.spider_opened)


def test_the_queue_is_what_was_put_in_and_not_taken_out() -> None:
    figures = CrawlFigures()
    watched(figures, crawler_with(scheduler__enqueued=12, scheduler__dequeued=5), "harbour")
    assert figures.outlets[0].queued == 7
    assert figures.line() == "7 queued, 0 pages/min"


def test_statuses_are_counted_each() -> None:
    figures = CrawlFigures()
    statuses = {"200": 4, "304": 9}
    counts = {f"downloader__response_status_count__{status}": n for status, n in statuses.items()}
    crawler = crawler_with(**counts, downloader__response_count=13)
    watched(figures, crawler, "harbour")
    assert figures.outlets[0].statuses == statuses


def test_failures_are_those_of_the_own_outlet() -> None:
    figures = CrawlFigures()
    first, second = crawler_with(), crawler_with()
    watched(figures, first, "harbour")
    watched(figures, second, "marfa")
    first.signals.send_catch_log(page_failed, url="https://news.example/1", error="gone", harmless=True)
    assert [outlet.failed for outlet in figures.outlets] == [1, 0]
    assert figures.line() == "0 of 2 outlets done, 0 queued, 0 pages/min"


def test_a_crawler_that_is_not_open_yet_has_no_figures() -> None:
    figures = CrawlFigures()
    figures.watch(Crawler(Quiet), "harbour")
    assert figures.line() == "0 queued, 0 pages/min"
    assert figures.outlets[0].statuses == {}


def on_a_terminal(*arguments: str, cwd: Path) -> str:
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    env = environment(TERM="xterm", COLUMNS="120")
    process = subprocess.Popen((*COMMAND, *arguments), cwd=cwd, env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    try:
        while piece := os.read(ours, 1 << 16):
            written += piece
    except OSError:  # Linux says so at the end
        pass
    finally:
        os.close(ours)
        assert process.wait(60) == 0
    return written.decode()


def test_a_terminal_shows_how_far_the_crawl_is(tmp_path: Path) -> None:
    with NewsroomServer() as newsroom:
        newsroom.outlet_files(tmp_path / "outlets")
        shown = on_a_terminal("crawl", "al-marfa", "harbour-courier", cwd=tmp_path)
    assert "0 of 2 outlets done, " in shown
    assert " pages/min" in shown
    assert "Traceback" not in shown
