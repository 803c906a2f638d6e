"""The crawl states of this process: one a collection, shared by all spiders that add to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from crawler.sharing import Shared
from crawler.state.errors import StateError
from crawler.state.store import CrawlState

logger = logging.getLogger(__name__)

WRITE_EVERY = 0.5
"""Seconds within which it is written that a page was fetched: as long as its capture may wait to be committed."""


def acquire(path: Path) -> CrawlState:
    """The state in that file, opened if it is not. Raises StateError.

    Pages are to be told of from the event loop alone: what is told is written from there.
    """
    return _states.acquire(path)


def release(path: Path) -> None:
    """Give it back; the last one closes it."""
    _states.release(path)


def _soon(write: Callable[[], None]) -> None:
    def write_or_tell() -> None:
        try:
            write()
        except StateError as error:
            logger.error("%s", error)

    asyncio.get_running_loop().call_later(WRITE_EVERY, write_or_tell)


_states = Shared(lambda path: CrawlState(path, _soon))
