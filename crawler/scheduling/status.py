"""How the outlets of a schedule are: their last and next runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.health.run import Run
from crawler.scheduling.history import History, log_of
from crawler.scheduling.plan import Plan
from crawler.scheduling.policy import Due


@dataclass(frozen=True, slots=True)
class OutletStatus:
    """One outlet. `running` is since when a crawl of it is under way, None where there is none; `last` the last run
    besides that one."""

    outlet: str
    collection: str
    last: Run | None
    due: Due
    running: datetime | None
    log: str | None
    """Where the output of its crawls is; None where there is none yet."""


def statuses(collections: Path, plan: Plan, now: datetime) -> Iterator[OutletStatus]:
    """The outlets of a plan in their order. Raises TearsheetError where the log or the state can't be read."""
    with History(collections) as history:
        for outlet in plan.outlets:
            collection = plan.collection_of(outlet)
            running = plan.running.get(outlet)
            last = history.last(outlet, collection, ended=running is not None)
            foreseen = plan.foreseen.get(outlet)
            if foreseen is None or (running is None and foreseen.after != (last.started if last else None)):
                foreseen = history.foresee(outlet, collection, plan.bounds, now)
            log = log_of(collections, collection, outlet)
            yield OutletStatus(
                outlet, collection, last, foreseen.due, running, str(log) if log.exists() else None
            )
