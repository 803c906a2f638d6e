"""The crawl states of this process: one a collection, shared by all spiders that add to it."""

from __future__ import annotations

from pathlib import Path

from crawler.state.store import CrawlState

_held: dict[Path, tuple[CrawlState, int]] = {}


def acquire(path: Path) -> CrawlState:
    """The state in that file, opened if it is not. Raises StateError."""
    place = path.absolute()
    state, holders = _held.get(place) or (CrawlState(place), 0)
    _held[place] = (state, holders + 1)
    return state


def release(path: Path) -> None:
    """Give it back; the last one closes it."""
    place = path.absolute()
    state, holders = _held.pop(place)
    if holders > 1:
        _held[place] = (state, holders - 1)
    else:
        state.close()
