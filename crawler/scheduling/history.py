"""The visits of an outlet, as the log of runs has them: the only memory of the schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from crawler.health.run import Run
from crawler.health.runs import FILE, RunLog
from crawler.scheduling.plan import Foreseen
from crawler.scheduling.policy import MAX_VISITS, Bounds, Visit, next_due
from crawler.state.due import pages_due
from crawler.state.store import FILE as STATE_FILE

_NOTHING_LEARNED = frozenset(["unreachable", "blocked", "feed dead"])
"""Verdicts of a visit that may have learned nothing of the outlet."""


@dataclass(frozen=True, slots=True)
class Past:
    """The last visits of an outlet in their order, and the last run with all that is known of it; None where there is
    none."""

    visits: tuple[Visit, ...] = ()
    last: Run | None = None


class History:
    """Reads the log of runs and the state of the crawls below the folder of the collections."""

    def __init__(self, collections: Path) -> None:
        """Raises RunLogError where there is a log that can't be read."""
        self._collections = collections
        path = collections / FILE
        self._log = RunLog(path, writable=False) if path.exists() else None

    def close(self) -> None:
        if self._log is not None:
            self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def outlets(self, collection: str | None) -> list[str]:
        """Those with a run that added to the collection, or to the one of their own name where it is None."""
        names = self._log.outlets() if self._log is not None else []
        return [name for name in names if self.last(name, collection or name) is not None]

    def last(self, outlet: str, collection: str, *, ended: bool = False) -> Run | None:
        """The last run that added to a collection, or the last that has an end. Raises RunLogError."""
        return self._log.last(outlet, collection, ended=ended) if self._log is not None else None

    def past(self, outlet: str, collection: str) -> Past:
        """The last visits that added to a collection. Raises RunLogError."""
        last = self.last(outlet, collection)
        if self._log is None or last is None:
            return Past()
        visits = [_visit(row) for row in reversed(self._log.visits(outlet, collection, MAX_VISITS))]
        if not last.sources:
            # It was stopped before it saw any of them.
            visits[-1] = replace(visits[-1], finished=None)
        return Past(tuple(visits), last)

    def foresee(
        self, outlet: str, collection: str, bounds: Bounds, now: datetime, unlogged: Sequence[Visit] = ()
    ) -> Foreseen:
        """When an outlet is visited next, after the visits of the log and those after them that are not in it. Raises
        TearsheetError where the log or the state of its crawls can't be read."""
        past = self.past(outlet, collection)
        visits = (*past.visits, *unlogged)
        pages = pages_due(self._collections / collection / STATE_FILE, outlet) if visits else None
        due = next_due(outlet, visits, bounds, now, pages_due=pages)
        return Foreseen(due, past.last.started if past.last is not None else None)


def log_of(collections: Path, collection: str, outlet: str) -> Path:
    """Where the output of an outlet's crawls goes."""
    return collections / collection / "logs" / f"{outlet}.log"


def _visit(row: Any) -> Visit:
    started, finished, listed, new, fetched, verdict, severity, retry_after = row
    # A server that can't be reached once is told as a lesser evil than one that never can; a visit in vain it was.
    severe = severity == "broken" or (verdict == "unreachable" and not listed)
    return Visit(
        datetime.fromisoformat(started),
        datetime.fromisoformat(finished) if finished else None,
        new,
        failed=severe and verdict in _NOTHING_LEARNED and not fetched,
        retry_after=datetime.fromisoformat(retry_after) if retry_after else None,
    )
