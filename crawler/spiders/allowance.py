"""Which pages one run may ask for."""

from __future__ import annotations


class Allowance:
    """Each page once, by its identity, and no more than `most` of them; None for any number.

    passed_over  how many were refused for the bound
    """

    def __init__(self, most: int | None) -> None:
        self._left = most
        self._seen: set[str] = set()
        self.passed_over = 0

    def take(self, key: str) -> bool:
        """Whether the page may be asked for; it counts as asked for then."""
        if key in self._seen:
            return False
        if self._left == 0:
            self.passed_over += 1
            return False
        self._seen.add(key)
        if self._left is not None:
            self._left -= 1
        return True

    def is_seen(self, key: str) -> None:
        """Say that a page need not be asked for any more: it was seen under another address."""
        self._seen.add(key)
