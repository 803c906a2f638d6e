"""Names of text files: `000_312ac729c335d70b.txt`."""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = re.compile(r"(?P<number>[0-9]{3,})_(?P<hash>[0-9a-f]{16})\.(?:txt|json)")


class TextName(NamedTuple):
    """`number` counts up within the collection; `hash` is the first 16 hex digits of the file's SHA-256."""

    number: int
    hash: str

    @property
    def stem(self) -> str:
        return f"{self.number:03}_{self.hash}"

    @property
    def text(self) -> str:
        return f"{self.stem}.txt"

    @property
    def json(self) -> str:
        return f"{self.stem}.json"


def parse_name(name: str) -> TextName | None:
    """The parts of a text file's or its JSON's name, or None for a file of another kind."""
    match = _NAME.fullmatch(name)
    parsed = TextName(int(match["number"]), match["hash"]) if match else None
    return parsed if parsed and name.startswith(parsed.stem) else None  # 0001_... is no name of number 1
