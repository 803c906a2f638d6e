"""The logs of runs of this process: one a file, shared by all crawls that are written there.

A log of its own for each outlet compiled each statement anew: fifty times as much as for the first one.
"""

from __future__ import annotations

from pathlib import Path

from crawler.health.runs import RunLog

_held: dict[Path, tuple[RunLog, int]] = {}


def acquire(path: Path) -> RunLog:
    """The log in that file, opened if it is not. Raises RunLogError."""
    place = path.absolute()
    log, holders = _held.get(place) or (RunLog(place), 0)
    _held[place] = (log, holders + 1)
    return log


def release(path: Path) -> None:
    """Give it back; the last one closes it."""
    place = path.absolute()
    log, holders = _held.pop(place)
    if holders > 1:
        _held[place] = (log, holders - 1)
    else:
        log.close()
