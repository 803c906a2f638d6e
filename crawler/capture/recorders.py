"""The recorders of this process: one a collection, shared by all crawls that add to it."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.collection_writer import CollectionWriter
from archive.extraction.article import Rules
from archive.extraction.workers.pool import ExtractionPool
from archive.warc.writer import Origin
from crawler.capture.recorder import Recorder


@dataclass(frozen=True, slots=True)
class RecorderPlan:
    """How a collection is written: where it lies, who fetches, and with how many extraction processes (0: none).

    `rules` is asked when a recorder is opened, if it extracts: each spider of a crawl brings a plan, and to read the
    outlets for every one of fifty took ten seconds.
    """

    collections: Path
    name: str
    user_agent: str
    workers: int
    rules: Callable[[], Rules]

    def open(self) -> tuple[Recorder, list[str]]:
        """A recorder, and what had to be repaired. Raises CollectionError where it can't be written."""
        origin = Origin(
            software=self.user_agent.partition(" ")[0],
            fields=(("robots", "obey"), ("http-header-user-agent", self.user_agent)),
        )
        collection = CollectionWriter(self.collections, self.name, origin=origin)
        pool = ExtractionPool(self.workers, self.rules()) if self.workers else None
        return Recorder(collection, pool), collection.repairs


class _Shared:
    def __init__(self, plan: RecorderPlan) -> None:
        self.recorder, self.repairs = plan.open()
        self.holders = 0


_shared: dict[Path, _Shared] = {}


def acquire(plan: RecorderPlan) -> tuple[Recorder, list[str]]:
    """The recorder of the plan's collection, opened if it is not, and what was repaired when it was opened."""
    place = (plan.collections / plan.name).absolute()
    if place not in _shared:
        _shared[place] = _Shared(plan)
    shared = _shared[place]
    shared.holders += 1
    return shared.recorder, shared.repairs


def release(recorder: Recorder) -> None:
    """Give a recorder back; the last one closes it, which waits for its work to end."""
    for place, shared in list(_shared.items()):
        if shared.recorder is recorder:
            shared.holders -= 1
            if not shared.holders:
                del _shared[place]
                recorder.close()


@atexit.register
def _close_left_open() -> None:
    """Close what crawls left that could not even start: Scrapy sends them no signal by which to give it back."""
    while _shared:
        _, shared = _shared.popitem()
        shared.recorder.close()
