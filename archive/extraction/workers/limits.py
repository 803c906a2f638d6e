"""What a worker process may take for a page, and how it ends when it takes more.

The kernel counts both. Processor time runs out in a signal that ends the process inside of C code too. Memory runs out
in an error, which not every C library passes on: a page that came near the bound has failed, whatever came of it.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from typing import Any

from archive.extraction.article import Rules

TIMEOUT = 5.0
"""Seconds of processor time for one page: a hundred times what a page takes that is not made to be slow."""
MEMORY = 1_200 << 20
"""Bytes that a worker may hold, 150 MB of which it holds before its first page. The kernel gives it a quarter more."""
OUT_OF_TIME = -signal.SIGPROF
OUT_OF_MEMORY = 77  # an exit code that neither Python nor a C library uses

_rules = Rules()
_seconds = TIMEOUT
_memory = MEMORY


def start_worker(rules: Rules, seconds: float, memory: int) -> None:
    """Run first in each worker. The parent decides when work ends, so Ctrl-C at the terminal is its business."""
    global _rules, _seconds, _memory
    _rules, _seconds, _memory = rules, seconds, memory
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    bound = memory + memory // 4
    resource.setrlimit(resource.RLIMIT_DATA, (bound if most < 0 else min(bound, most), most))


def work(name: str, *page: Any) -> Any:
    """What the function `name` of `worker` makes of the page. Ends the process where the page takes too much."""
    from archive.extraction.workers import worker

    # Off while a result is sent: a worker that ended then would take the lock of the channel with it.
    signal.setitimer(signal.ITIMER_PROF, _seconds)
    try:
        return getattr(worker, name)(*page, _rules)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        if _peak() > _memory:
            os._exit(OUT_OF_MEMORY)


def _peak() -> int:
    """The most bytes of memory that this process has held at a time."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held << 10
