"""How the outlets of a schedule are: their last and next runs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.places import Places
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
            last = history.last(outlet, collection)
            lock = Places.of(collections, collection).lock
            running = plan.running.get(outlet) or _under_way(last, lock)
            if running is not None:
                last = history.last(outlet, collection, ended=True)
            foreseen = plan.foreseen.get(outlet)
            if foreseen is None or (running is None and foreseen.after != (last.started if last else None)):
                foreseen = history.foresee(outlet, collection, plan.bounds, now)
            log = log_of(collections, collection, outlet)
            yield OutletStatus(
                outlet, collection, last, foreseen.due, running, str(log) if log.exists() else None
            )


def _under_way(last: Run | None, lock: Path) -> datetime | None:
    """Since when a crawl is under way that no daemon started; None where there is none.

    By what the writer of the collection wrote into its lock: to try the lock might keep a crawl from beginning.
    """
    if last is None or last.finished is not None:
        return None
    try:
        holder = json.loads(lock.read_bytes())
        os.kill(holder["pid"], 0)
        since = datetime.fromisoformat(holder["since"])
    except PermissionError:  # it is there, and somebody else's
        return last.started
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return last.started if since <= last.started else None
