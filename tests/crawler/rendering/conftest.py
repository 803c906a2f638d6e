from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Set
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from archive.exchange import Exchange
from archive.spool import Spool
from crawler.capture.address import address_rule
from crawler.rendering.browser import Browser
from crawler.rendering.chromium import find_chromium
from crawler.rendering.errors import NoBrowser
from crawler.rendering.rendering import Rendering, RenderOptions
from crawler.rendering.screening import Admit
from crawler.rendering.visit import Bounds

T = TypeVar("T")
NAMED = frozenset({"127.0.0.1", "localhost"})
QUICK = RenderOptions(limit=30.0, idle=0.5, screenshot=False)
BOUNDS = Bounds(resource_bytes=2 << 20, page_bytes=12 << 20)


class Chromium:
    """A browser and the loop that it lives in, for tests that are no coroutines."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.browser = Browser(find_chromium(), bounds=BOUNDS)
        self.run(self.browser.start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def render(
        self, url: str, admit: Admit | None = None, named: Set[str] = NAMED, **options: Any
    ) -> Rendering:
        return self.run(self.rendering(url, admit, named, **options))

    async def rendering(
        self, url: str, admit: Admit | None = None, named: Set[str] = NAMED, **options: Any
    ) -> Rendering:
        def refuse(host: str, peer: str) -> str | None:
            return address_rule(host, named)(peer)

        rendering = await self.browser.render(url, replace(QUICK, **options), refuse, admit)
        return replace(rendering, exchanges=tuple(map(_in_memory, rendering.exchanges)))

    def close(self) -> None:
        self.run(self.browser.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


def _in_memory(exchange: Exchange) -> Exchange:
    """With a response that needs no closing."""
    with exchange.response as spool:
        return replace(exchange, response=Spool(spool.getvalue(), limit=1 << 40))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    try:
        started = Chromium()
    except NoBrowser as error:
        pytest.skip(str(error))
    yield started
    started.close()
