from __future__ import annotations

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from crawler.monitoring.figures import CrawlFigures
from crawler.signals import page_failed


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Quiet(Spider):
    name = "quiet"


def crawler_with(**stats: int) -> Crawler:
    crawler = Crawler(Quiet)
    crawler.stats = MemoryStatsCollector(crawler)
    for key, value in stats.items():
        crawler.stats.set_value(key.replace("__", "/"), value)
    return crawler


def test_the_queue_is_what_was_put_in_and_not_taken_out() -> None:
    figures = CrawlFigures()
    figures.watch(crawler_with(scheduler__enqueued=12, scheduler__dequeued=5), "harbour")
    assert figures.outlets[0].queued == 7
    assert figures.line() == "7 queued, 0 pages/min"


def test_statuses_are_counted_each() -> None:
    figures = CrawlFigures()
    statuses = {"200": 4, "304": 9}
    counts = {f"downloader__response_status_count__{status}": n for status, n in statuses.items()}
    crawler = crawler_with(**counts, downloader__response_count=13)
    figures.watch(crawler, "harbour")
    assert figures.outlets[0].statuses == statuses


def test_failures_are_those_of_the_own_outlet() -> None:
    figures = CrawlFigures()
    first, second = crawler_with(), crawler_with()
    figures.watch(first, "harbour")
    figures.watch(second, "marfa")
    first.signals.send_catch_log(page_failed, url="https://news.example/1", error="gone", harmless=True)
    assert [outlet.failed for outlet in figures.outlets] == [1, 0]
    assert figures.line() == "0 of 2 outlets done, 0 queued, 0 pages/min"
