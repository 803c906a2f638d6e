"""Range requests (RFC 9110, 14): one range of bytes; where several are asked for, the whole is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ONE = re.compile(r"bytes[ \t]*=[ \t]*(\d{0,18})[ \t]*-[ \t]*(\d{0,18})[ \t]*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes `first` to `last`, both included, of `size`."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    @property
    def content_range(self) -> str:
        return f"bytes {self.first}-{self.last}/{self.size}"

    def of(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """That part of the bytes that come in pieces."""
        place = 0
        for piece in pieces:
            begin, end = max(self.first - place, 0), self.last + 1 - place
            if begin < len(piece):
                yield piece[begin:end]
            place += len(piece)
            if place > self.last:
                return


def parse_range(header: str | None, size: int) -> Stretch | None:
    """The bytes that a Range header asks for; None where the whole is to be given.

    Raises IndexError where not one of the bytes that it asks for is there (416).
    """
    match = _ONE.fullmatch(header) if header else None
    if match is None or match[1] == match[2] == "":
        return None
    if not match[1]:
        first, last = max(size - int(match[2]), 0), size - 1
    else:
        first, last = int(match[1]), min(int(match[2]), size - 1) if match[2] else size - 1
        if match[2] and int(match[2]) < first:
            return None  # RFC 9110, 14.1.1: it is invalid, and so it is as if it were not there
    if first >= size or last < first:
        raise IndexError(f"bytes */{size}")
    return Stretch(first, last, size)
