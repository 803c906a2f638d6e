"""Turns: outcomes come in any order and are taken in the order in which captures were written.

So a rebuild from the WARC files gives every text the number that it had.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from archive.capture import Capture
from archive.outcomes import CaptureOutcome


@dataclass(slots=True)
class _Turn:
    """A capture that is expected, and its outcome once there is one."""

    capture: Capture
    outcome: CaptureOutcome | None = None


class Turns:
    """Captures that are expected and not taken yet."""

    def __init__(self) -> None:
        self._first: array[int] = array("Q")
        self._done = 0  # of the first ones, those that were taken
        self._backlog: dict[int, _Turn] = {}
        self._waiting: deque[_Turn] = deque()
        self._without_outcome: dict[int, deque[_Turn]] = {}

    def __len__(self) -> int:
        return len(self._backlog) + len(self._waiting)

    def expect_first(self, numbers: array[int]) -> None:
        """Say that these captures, in their order, go before all others: `expect` will be called for each.

        Captures of today may be expected in between; they wait for the last of these.
        """
        self._first = numbers
        self._done = 0

    def expect(self, capture: Capture) -> None:
        """Say that an outcome will come for `capture`, after those of all captures expected before it."""
        turn = _Turn(capture)
        place = bisect_left(self._first, capture.number, lo=self._done)
        first = self._first[place : place + 1].tolist() == [capture.number]
        if first and capture.number not in self._backlog:
            self._backlog[capture.number] = turn
        else:
            self._waiting.append(turn)
        self._without_outcome.setdefault(capture.number, deque()).append(turn)

    def put(self, number: int, outcome: CaptureOutcome) -> None:
        """The outcome of an expected capture; one expected twice gets two."""
        turns = self._without_outcome[number]
        turns.popleft().outcome = outcome
        if not turns:
            del self._without_outcome[number]

    def take(self) -> Iterator[tuple[Capture, CaptureOutcome]]:
        """The captures whose turn has come, each with its outcome, up to the first that has none yet."""
        while (turn := self._next()) and turn.outcome is not None:
            if self._done < len(self._first):
                del self._backlog[turn.capture.number]
                self._done += 1
            else:
                self._waiting.popleft()
            yield turn.capture, turn.outcome

    def _next(self) -> _Turn | None:
        if self._done < len(self._first):
            return self._backlog.get(self._first[self._done])
        return self._waiting[0] if self._waiting else None
