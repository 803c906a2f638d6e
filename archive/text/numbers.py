"""The numbers that new texts get."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping


class TextNumbers:
    """Numbers in their order: first those of texts that were lost, then those that follow.

    A lost text whose hash is known gets the number that it had.
    """

    def __init__(
        self, following: int, lost: Iterable[int] = (), known: Mapping[str, int] | None = None
    ) -> None:
        self._following = following
        self._lost = deque(sorted(lost))
        self._known = dict(known or {})

    def take(self, text_hash: str) -> int:
        """The number of a new text with this hash."""
        if text_hash in self._known:
            return self._known.pop(text_hash)
        if self._lost:
            return self._lost.popleft()
        self._following += 1
        return self._following - 1
