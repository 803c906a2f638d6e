"""What several crawls of one process hold together: one of a kind a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar


class _Closable(Protocol):
    def close(self) -> None: ...


_Held = TypeVar("_Held", bound=_Closable)


class Shared(Generic[_Held]):
    """Opened by the first that needs it, closed by the last that gives it back. `make` opens the one in a file."""

    def __init__(self, make: Callable[[Path], _Held]) -> None:
        self._make = make
        self._held: dict[Path, tuple[_Held, int]] = {}

    def acquire(self, path: Path) -> _Held:
        """The one in that file. Raises what opening it raises."""
        place = path.absolute()
        held, holders = self._held.get(place) or (self._make(place), 0)
        self._held[place] = (held, holders + 1)
        return held

    def release(self, path: Path) -> None:
        """Give it back."""
        place = path.absolute()
        held, holders = self._held.pop(place)
        if holders > 1:
            self._held[place] = (held, holders - 1)
        else:
            held.close()
