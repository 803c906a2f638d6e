"""The logs of runs of this process: one a file, shared by all crawls that are written there.

A log of its own for each outlet compiled each statement anew: fifty times as much as for the first one.
"""

from __future__ import annotations

from pathlib import Path

from crawler.health.runs import RunLog
from crawler.sharing import Shared

_logs = Shared(RunLog)


def acquire(path: Path) -> RunLog:
    """The log in that file, opened if it is not. Raises RunLogError."""
    return _logs.acquire(path)


def release(path: Path) -> None:
    """Give it back; the last one closes it."""
    _logs.release(path)
