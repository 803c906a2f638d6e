"""What a replay in bulk is at, for the line of progress."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from archive.replay import Tally

_WINDOW = 60.0  # seconds over which rates are taken
_APART = 0.5  # seconds between two samples at the least: the line is asked for many times a second
_UNITS = ("B", "kB", "MB", "GB", "TB")


@dataclass(slots=True)
class ReplayFigures:
    """`tally` is that of the replay, `files` and `size` (bytes) are what it is to read in all. `clock` gives seconds
    that only grow."""

    tally: Tally
    files: int
    size: int
    clock: Callable[[], float] = time.monotonic
    _samples: deque[tuple[float, int, int]] = field(default_factory=deque)

    def line(self) -> str:
        """For the progress display."""
        tally = self.tally
        done = (
            f"{tally.files + tally.known} of {self.files} files, {_bytes(tally.size)} of {_bytes(self.size)}"
        )
        pages, size = self._rates()
        parts = [done, f"{pages:.0f} pages/s"]
        left = max(0, self.size - tally.size)
        if size > 0 and left:
            parts.append(f"{_span(left / size)} left")
        return ", ".join(parts)

    def _rates(self) -> tuple[float, float]:
        """Pages and bytes a second lately; what an earlier run had read counts for nothing."""
        sample = (self.clock(), self.tally.pages, self.tally.size - self.tally.passed)
        if not self._samples or sample[0] - self._samples[-1][0] >= _APART:
            self._samples.append(sample)
        while self._samples[0][0] < sample[0] - _WINDOW:
            self._samples.popleft()
        moment, pages, size = self._samples[0]
        span = sample[0] - moment
        return ((sample[1] - pages) / span, (sample[2] - size) / span) if span > 0 else (0.0, 0.0)


def _bytes(number: int) -> str:
    amount, unit = float(number), 0
    while amount >= 999.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {_UNITS[unit]}" if unit < 2 or amount >= 99.5 else f"{amount:.1f} {_UNITS[unit]}"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"
