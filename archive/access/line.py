"""A line of an index, taken apart and written in the forms that pywb's CDX server gives."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One capture as the index has it.

    key        urlkey, by which the index is sorted
    timestamp  14 digits, UTC
    fields     what the line's JSON holds, in its order, as text
    """

    key: str
    timestamp: str
    fields: dict[str, str]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Takes a line of a CDXJ, its line end or not. Raises ValueError where it is none."""
        key, timestamp, rest = raw.decode().split(" ", 2)
        held = json.loads(rest)
        if not isinstance(held, dict):
            raise ValueError(f"no JSON object after the timestamp: {rest[:40]!r}")
        return cls(key, timestamp, {name: str(value) for name, value in held.items()})

    @property
    def url(self) -> str:
        return self.fields.get("url", "")

    @property
    def answers_get(self) -> bool:
        """Whether a browser that goes to the address was answered so."""
        return self.fields.get("method", "GET") == "GET"

    def get(self, name: str) -> str | None:
        if name == "urlkey":
            return self.key
        return self.timestamp if name == "timestamp" else self.fields.get(name)

    def whole(self) -> dict[str, str]:
        return {"urlkey": self.key, "timestamp": self.timestamp, **self.fields}

    def chosen(self, names: Iterable[str] | None) -> dict[str, str]:
        """The fields of these names that are there, all for None."""
        whole = self.whole()
        return whole if names is None else {name: whole[name] for name in names if name in whole}

    def as_cdxj(self, names: tuple[str, ...] | None) -> str:
        fields = self.chosen(names)
        held = {name: value for name, value in fields.items() if name not in ("urlkey", "timestamp")}
        return f"{self.key} {self.timestamp} {json.dumps(held)}\n"

    def as_json(self, names: tuple[str, ...] | None) -> str:
        return json.dumps(self.chosen(names)) + "\n"

    def as_text(self, names: tuple[str, ...] | None) -> str:
        """The values with a space between them, `-` for one that is not there."""
        whole = self.whole()
        return " ".join(whole.get(name, "-") for name in names or whole) + "\n"
