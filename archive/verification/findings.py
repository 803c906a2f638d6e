"""What a verification finds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Code = Literal[
    "unreadable",
    "record",
    "field",
    "date",
    "digest",
    "id",
    "pair",
    "revisit",
    "catalogue",
    "index",
    "text",
    "wacz",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a file.

    offset   where in the file as stored, in bytes, or None for the file as a whole
    damage   False for a habit that the standard does not share, by which nothing is lost
    code     what it is about, for machines
    """

    path: Path
    problem: str
    offset: int | None = None
    damage: bool = True
    code: Code = "record"

    def __str__(self) -> str:
        where = f"{self.path}" if self.offset is None else f"{self.path}: record at offset {self.offset}"
        return f"{where}: {self.problem}"


@dataclass(slots=True)
class Tally:
    """How much was looked at."""

    files: int = 0
    records: int = 0
    captures: int = 0
    texts: int = 0
