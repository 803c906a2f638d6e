"""Plain Scrapy: its own download handler and a callback that does nothing, for comparison.

`python benchmarks/plain.py URLS CONCURRENCY` fetches the URLs of a file, those between two blank lines by one spider.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings


class EmptySpider(scrapy.Spider):
    name = "empty"

    def __init__(self, urls: list[str], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.urls = urls

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for url in self.urls:
            yield scrapy.Request(url)

    def parse(self, response: scrapy.http.Response, **_: Any) -> None:
        pass


def main(urls: str, concurrency: str) -> None:
    equal = {
        "CONCURRENT_REQUESTS": int(concurrency),
        "CONCURRENT_REQUESTS_PER_DOMAIN": int(concurrency),
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
    }
    settings = Settings()
    settings.setdict(equal, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    for block in Path(urls).read_text().split("\n\n"):
        process.crawl(EmptySpider, urls=block.split())
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
