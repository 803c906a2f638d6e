"""What a repair does, told thing by thing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done to a file, or that would be, as a phrase such as `cut 7 bytes of its torn end`.

    done  False for what can't be mended: `what` then says why
    """

    path: Path
    what: str
    done: bool = True

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def free_name(path: Path) -> Path:
    """`path`, or where that is taken, the same with the first number that is free."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free
