"""Opens the collection that a crawl adds to, and closes it when the crawl has ended."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from archive.extraction.article import Rules
from crawler.capture.recorder import Recorder
from crawler.capture.recorders import RecorderPlan, acquire, release

logger = logging.getLogger(__name__)


def plan_of(settings: BaseSettings) -> RecorderPlan:
    """How the settings want the collection to be written."""
    return RecorderPlan(
        collections=Path(settings["COLLECTIONS"]),
        name=settings["COLLECTION"],
        user_agent=settings["USER_AGENT"],
        workers=settings.getint("EXTRACTION_WORKERS") if settings.getbool("EXTRACT") else 0,
        rules=partial(_rules, settings),
    )


def _rules(settings: BaseSettings) -> Rules:
    # Loaded where it is needed: the outlets take a quarter of a second, which an archive-only run saves.
    from crawler.outlets.loader import load_outlets

    return load_outlets([Path(folder) for folder in settings.getlist("OUTLET_FOLDERS")]).rules()


class Archive:
    """Scrapy extension that holds the recorder of a crawl."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        recorder, repairs = acquire(plan_of(crawler.settings))
        for sentence in repairs:
            logger.warning("repaired: %s", sentence)
        extension = cls(recorder)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    async def engine_stopped(self) -> None:
        await asyncio.to_thread(release, self.recorder)
