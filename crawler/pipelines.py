"""Turns a fetched page into the article that was made of it."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archive.text.record import Json
from crawler.items import Page
from crawler.signals import page_settled


class SettledPages:
    """Waits until a page's text is on the disk and passes its JSON on, for exporters and the command line.

    A page without a text is dropped here, with the reason; its bytes are in the archive all the same.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._signals = crawler.signals

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Page) -> Json:
        settled = await asyncio.wrap_future(item.recording.settled)
        self._signals.send_catch_log(page_settled, page=item, settled=settled)
        if settled.record is None:
            raise DropItem(settled.note or f"{item.url}: archived, without text", log_level="DEBUG")
        return settled.record
