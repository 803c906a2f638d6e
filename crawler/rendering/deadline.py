"""How much time a page still has."""

from __future__ import annotations

import time


class Deadline:
    """Counts from now. A fifth of the limit, at most ten seconds, is kept for markup and pictures."""

    def __init__(self, limit: float) -> None:
        self._ends = time.monotonic() + limit
        self._kept = min(10.0, limit / 5)

    def left(self) -> float:
        """Seconds in all."""
        return max(0.0, self._ends - time.monotonic())

    def loading(self) -> float:
        """Seconds to load in."""
        return max(0.0, self.left() - self._kept)
