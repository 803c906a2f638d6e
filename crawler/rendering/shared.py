"""The browser of this process: one for all crawls that need it, started when the first page is to be rendered."""

from __future__ import annotations

import logging
import os
from functools import cache
from typing import TYPE_CHECKING

from crawler.rendering.chromium import find_chromium
from crawler.rendering.errors import NoBrowser

if TYPE_CHECKING:
    from crawler.rendering.browser import Browser

logger = logging.getLogger(__name__)

_browser: Browser | None = None
_holders = 0


def is_missing() -> bool:
    """Whether there is no Chromium to render with; then that is told, once."""
    return _missing() is not None


@cache
def _missing() -> str | None:
    try:
        find_chromium()
    except NoBrowser as error:
        give_up(str(error))
        return str(error)
    return None


@cache
def give_up(why: str) -> None:
    """Tell that pages are not rendered, and why: once."""
    logger.warning("%s; the crawl goes on without rendering", why)


def acquire(pages: int) -> Browser:
    """The browser, which renders so many pages at a time. Raises NoBrowser. Not started yet: its first page does."""
    from crawler.rendering.browser import Browser

    global _browser, _holders
    if _browser is None:
        _browser = Browser(find_chromium(), pages=pages)
        if not _browser.sandboxed:
            _tell_of_the_sandbox()
    _holders += 1
    return _browser


async def release() -> None:
    """Give it back; the last one ends it."""
    global _browser, _holders
    _holders -= 1
    if not _holders and _browser is not None:
        browser, _browser = _browser, None
        await browser.close()


@cache
def _tell_of_the_sandbox() -> None:
    who = "root" if not os.geteuid() else "this user"
    logger.warning(
        "pages are rendered without Chromium's sandbox, which does not work as %s; crawl as another user", who
    )
