"""The story spider: fetches given URLs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request

from crawler.discovery.urls import host_and_port, safe_http_url
from crawler.spiders.base import NewsSpider
from crawler.spiders.rendering import wished


class StorySpider(NewsSpider):
    """`scrapy crawl story -a urls=URL,URL`: one or more URLs, separated by commas or white space."""

    name = "story"

    def __init__(self, urls: str | list[str] = "", **arguments: Any) -> None:
        super().__init__(**arguments)
        listed = urls.replace(",", " ").split() if isinstance(urls, str) else urls
        self.urls = list(dict.fromkeys(safe_http_url(url) for url in listed))
        self.named_hosts = frozenset(map(host_and_port, self.urls))

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            request = Request(url, callback=self.story, errback=self.failed, dont_filter=True)
            yield wished(request, self.wishes.first())
