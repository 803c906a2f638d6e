"""The decoded bytes of a WARC or ARC file in order, and where in them records begin.

Memory stays flat: at most a few pieces are held at once.
"""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 18  # bytes read or inflated at once
_LINE_LIMIT = 1 << 16
_LINE_ENDS_KEPT = 16
_FIRST_STEP = 1 << 12  # bytes read after damage; twice as many then, up to a piece
_LOOK = 1 << 12  # bytes after a block in which a first line is looked for
_CROSSED_LIMIT = 1_000  # gzip members that a header may reach into
_LINE_ENDS = re.compile(rb"[\r\n]+")


Opener = Callable[[Path], BinaryIO]
"""Opens a WARC file for reading: by its path, unless it lies within another file."""


def open_file(path: Path) -> BinaryIO:
    return path.open("rb")


@dataclass(frozen=True, slots=True)
class Starts:
    """How the first line of a record looks.

    first      at a place where a record should begin
    inside     among other bytes, so that text which speaks of records is not taken for one
    resembles  tells whether a line was such a first line before a few of its bytes were damaged
    """

    first: re.Pattern[bytes]
    inside: re.Pattern[bytes]
    resembles: Callable[[bytes], bool]


class Source(ABC):
    """Reads decoded bytes in order. `take` and `take_until` stay within the gzip member at hand."""

    def __init__(self, file: BinaryIO, starts: Starts) -> None:
        self._file = file
        self.starts = starts
        self.shares_members = False
        """Whether two records in one gzip member have been seen."""
        self._buffer = b""
        self._place = 0

    @property
    @abstractmethod
    def offset(self) -> int:
        """Where a record that begins at the current place begins in the file as stored."""

    @abstractmethod
    def end(self) -> int | None:
        """Where in the file as stored the bytes end that were taken; None in the middle of a gzip member."""

    @abstractmethod
    def enter_next(self) -> bool:
        """Go to the next gzip member; False where the file ends."""

    @abstractmethod
    def resync(self, offset: int) -> bool:
        """After damage to the record at `offset`: go to where the next one begins; False if none does."""

    @abstractmethod
    def _more(self) -> bytes:
        """The next decoded bytes of this member; empty at its end."""

    def missing(self, size: int) -> int:
        """How many of the next `size` bytes the file does not have, as far as that is known without reading them."""
        return 0

    def may_end_after(self, size: int) -> bool:
        """Whether a record may end after the next `size` bytes, as far as that is known without reading them."""
        return True

    def at_more(self) -> bool:
        """Whether any byte is left in this member."""
        return self._fill()

    def at_data(self) -> bool:
        """Whether any byte is left, here or in a later member. Goes there."""
        while not self._fill():
            if not self.enter_next():
                return False
        return True

    def take(self, size: int) -> bytes:
        """At most `size` bytes; none only where the member ends."""
        if not self._fill():
            return b""
        taken = self._buffer[self._place : self._place + size]
        self._place += len(taken)
        return taken

    def take_line_ends(self) -> bytes:
        """Step over all CR and LF that stand here; returns the first few of them."""
        taken = b""
        while self._fill() and (match := _LINE_ENDS.match(self._buffer, self._place)):
            taken = (taken + match[0])[:_LINE_ENDS_KEPT]
            self._place = match.end()
        return taken

    def take_until(self, end: re.Pattern[bytes], limit: int) -> bytes | None:
        """Bytes up to and with a match of `end`, going on into members that continue this record.

        None where there is no match within about `limit` bytes; they have then been passed over.
        """
        searched = self._place
        crossed = 0
        while crossed <= _CROSSED_LIMIT:
            if match := end.search(self._buffer, searched):
                taken = self._buffer[self._place : match.end()]
                self._place = match.end()
                return taken
            held = len(self._buffer) - self._place
            if held > limit:
                self._place = len(self._buffer)
                return None
            if not self._grow():
                crossed += 1
                if not self.cross():
                    return None
            searched = self._place + max(0, held - 3)
        return None

    def cross(self) -> bool:
        """Go into the next member if it continues this record: if no record begins there."""
        held = self._buffer[self._place :]
        if not self.enter_next():
            return False
        if self.starts_record():
            return False
        self._buffer = held + self._buffer[self._place :]
        self._place = 0
        return True

    def line(self) -> bytes:
        """The line that begins here, not taken; cut at a bound."""
        end = self._buffer.find(b"\n", self._place)
        while end < 0 and len(self._buffer) - self._place < _LINE_LIMIT and self._grow():
            end = self._buffer.find(b"\n", self._place)
        return self._buffer[self._place : end + 1 if end >= 0 else self._place + _LINE_LIMIT]

    def starts_record(self) -> bool:
        """Whether a record begins here."""
        return self.starts.first.match(self.line()) is not None

    def resembles_record(self) -> bool:
        """Whether a record begins here, be its first line a little damaged."""
        line = self.line()
        return self.starts.first.match(line) is not None or self.starts.resembles(line)

    def scan(self) -> bool:
        """Go to the next place in this member where a record begins; False (at its end) if none does."""
        while True:
            if match := self.starts.inside.search(self._buffer, self._place):
                self._place = match.start()
                return True
            self._place = max(self._place, len(self._buffer) - _LINE_LIMIT)
            if not self._grow():
                self._place = len(self._buffer)
                return False

    def close(self) -> None:
        self._file.close()

    def _fill(self) -> bool:
        return self._place < len(self._buffer) or self._grow()

    def _grow(self) -> bool:
        piece = self._more()
        if not piece:
            return False
        self._buffer = self._buffer[self._place :] + piece if self._place < len(self._buffer) else piece
        self._place = 0
        return True

    def _forget(self) -> None:
        self._buffer = b""
        self._place = 0


class PlainSource(Source):
    """An uncompressed file.

    Where a record ends can be looked at first: else each of many that claim to be long would be read to the file's end.
    """

    def __init__(self, file: BinaryIO, starts: Starts) -> None:
        super().__init__(file, starts)
        self._step = PIECE

    @property
    def offset(self) -> int:
        return self._file.tell() - len(self._buffer) + self._place

    def end(self) -> int:
        return self.offset

    def enter_next(self) -> bool:
        return False

    def resync(self, offset: int) -> bool:
        before = min(offset, 1)  # kept in sight, for what a first line may stand after
        self._file.seek(offset - before)
        self._step = _FIRST_STEP  # the next record is near, as a rule
        self._forget()
        self._grow()
        self._place = before + 1
        return self.scan()

    def missing(self, size: int) -> int:
        if size <= len(self._buffer) - self._place:
            return 0
        place = self._file.tell()
        begin, end = self.offset, self._file.seek(0, os.SEEK_END)
        self._file.seek(place)
        return max(0, begin + size - end)

    def may_end_after(self, size: int) -> bool:
        if size <= len(self._buffer) - self._place:
            return True  # told soon enough when it is read
        place, end = self._file.tell(), self.offset + size
        self._file.seek(end)
        follows = self._file.read(_LOOK)
        self._file.seek(place)
        rest = follows.lstrip(b"\r\n")
        line = rest[: rest.find(b"\n") + 1] or rest
        return not rest or self.starts.first.match(line) is not None or self.starts.resembles(line)

    def _more(self) -> bytes:
        piece = self._file.read(self._step)
        self._step = min(PIECE, 2 * self._step)
        return piece
