"""Runs spiders in this process and reports what becomes of their pages."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive.settling import Settled
from crawler.capture.recorders import acquire, release
from crawler.commands.report import Report
from crawler.extensions.archive import plan_of
from crawler.items import Page
from crawler.signals import page_failed, page_settled

Job = tuple[type[Spider], dict[str, Any]]


def run(jobs: Sequence[Job], overrides: Mapping[str, object], report: Report) -> None:
    """Run every spider to its end, all at once; `overrides` are settings that go before the defaults.

    Raises CollectionError where the collection can't be written.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(dict(overrides), priority="cmdline")
    recorder, repairs = acquire(plan_of(settings))
    for sentence in repairs:
        report.warn(f"repaired: {sentence}")
    try:
        process = AsyncCrawlerProcess(settings)
        logging.getLogger("py.warnings").setLevel(logging.ERROR)

        def on_settled(page: Page, settled: Settled) -> None:
            report.settled(settled, wanted=page.wanted)

        def on_failed(url: str, error: str, wanted: bool) -> None:
            report.failure(url, error)

        for spider, arguments in jobs:
            crawler = process.create_crawler(spider)
            crawler.signals.connect(on_settled, signal=page_settled)
            crawler.signals.connect(on_failed, signal=page_failed)
            process.crawl(crawler, **arguments)
        process.start()
    finally:
        release(recorder)
