"""WARC and ARC files made of gzip members.

A member that is damaged can be left behind: `resync` goes on at the next one in which a record begins.
"""

from __future__ import annotations

from typing import BinaryIO, Protocol

from isal import isal_zlib

from archive.errors import TearsheetError
from archive.warc.source import PIECE, PlainSource, Source, Starts

GZIP_MAGIC = b"\x1f\x8b\x08"  # RFC 1952 2.3.1: the magic number, then the only compression method there is
INFLATE_ERROR: type[Exception] = isal_zlib.error  # type: ignore[assignment]  # its stub types it as a value
_INPUT = 1 << 15  # bytes given to the inflater at once; what it leaves over is copied, so not too many
# Pages inflate to ten times what they are packed to, or twenty; deflate can do a thousand.
_GROWTH_LIMIT = 100
_HARMLESS = 64 << 20
_PROBES_LIMIT = 100_000  # random bytes hold the magic number of a member once in 16 MiB


class Inflater(Protocol):
    """What zlib's decompression objects are, and those of its drop-in kin."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: bytes | memoryview, max_length: int, /) -> bytes: ...


class DamagedMember(TearsheetError):  # noqa: N818 - what was found, told as such
    """A gzip member is damaged, cut short, or not there; `offset` is where it begins in the file, `torn` says that the
    file ends within it."""

    def __init__(self, offset: int, problem: str, *, torn: bool = False) -> None:
        super().__init__(f"the gzip member at offset {offset} {problem}")
        self.offset = offset
        self.torn = torn


class GzipSource(Source):
    """A file of gzip members (RFC 1952), read from the member that begins where `file` stands."""

    def __init__(self, file: BinaryIO, starts: Starts) -> None:
        super().__init__(file, starts)
        self._input = b""
        self._used = 0  # bytes of the input given to an inflater
        self._input_offset = file.tell()
        self._inflater: Inflater | None = None
        self._member = self._input_offset
        self._broken = False
        self._begin = self._input_offset
        self._inflated = 0  # bytes out of all members
        self._probes = 0

    @property
    def offset(self) -> int:
        return self._member

    def end(self) -> int | None:
        return None if self._fill() else self._input_offset + self._used

    def enter_next(self) -> bool:
        self._forget()
        self._member = self._input_offset + self._used
        if not self._fill_input():
            return False
        magic = self._input[self._used : self._used + len(GZIP_MAGIC)]
        if len(magic) < len(GZIP_MAGIC):
            magic += self._file.read(len(GZIP_MAGIC) - len(magic))
            self._input, self._input_offset, self._used = magic, self._member, 0
        if not magic.strip(b"\0") and self._only_zeros_left():
            return False
        if magic != GZIP_MAGIC:
            raise self._damage(
                "does not begin as one; it and what follows up to the next member is passed over",
                torn=len(magic) < len(GZIP_MAGIC) and GZIP_MAGIC.startswith(magic),
            )
        self._inflater = isal_zlib.decompressobj(wbits=31)
        return True

    def resync(self, offset: int) -> bool:
        if self._broken:
            return self._find_member(self._member + 1)
        if self._place == 0 and self.starts_record():  # the record was cut short by the next one's member
            return True
        while not self.scan():
            if not self.enter_next():
                return False
            if self.starts_record():
                return True
        return True

    def _more(self) -> bytes:
        while self._inflater is not None:
            more = self._fill_input()
            piece = memoryview(self._input)[self._used : self._used + _INPUT]
            try:
                data = self._inflater.decompress(piece, PIECE)
            except INFLATE_ERROR as error:
                raise self._damage(f"is damaged ({error})") from error
            left = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            self._used += len(piece) - len(left)
            if self._inflater.eof:
                self._inflater = None
            elif not (more or data):
                raise self._damage("is cut short: the file ends within it", torn=True)
            self._inflated += len(data)
            if self._inflated > _HARMLESS and self._is_bomb():
                raise self._damage(
                    f"is a bomb: up to here the file inflates to more than {_GROWTH_LIMIT} times its bytes; the rest "
                    "of the member is passed over"
                )
            if data:
                return data
        return b""

    def _is_bomb(self) -> bool:
        read = self._input_offset + self._used - self._begin
        return self._inflated > _HARMLESS + _GROWTH_LIMIT * read

    def _damage(self, problem: str, *, torn: bool = False) -> DamagedMember:
        self._broken = True
        self._inflater = None
        return DamagedMember(self._member, problem, torn=torn)

    def _fill_input(self) -> bool:
        if self._used < len(self._input):
            return True
        self._input_offset += len(self._input)
        self._input, self._used = self._file.read(PIECE), 0
        return bool(self._input)

    def _only_zeros_left(self) -> bool:
        """Whether the file ends in zero bytes, as tapes and some disks pad it."""
        place = self._file.tell()
        left = self._input[self._used :]
        while left and not left.strip(b"\0"):
            left = self._file.read(PIECE)
        self._file.seek(place)
        return not left

    def _find_member(self, offset: int) -> bool:
        """Go to the first member from `offset` on that inflates to the beginning of a record."""
        overlap = len(GZIP_MAGIC) - 1
        while True:
            self._file.seek(offset)
            stretch = self._file.read(PIECE)
            place = stretch.find(GZIP_MAGIC)
            while place >= 0 and self._probes < _PROBES_LIMIT:
                if self._begin_at(offset + place):
                    return True
                place = stretch.find(GZIP_MAGIC, place + 1)
            if len(stretch) < PIECE or self._probes >= _PROBES_LIMIT:
                return False
            offset += len(stretch) - overlap

    def _begin_at(self, offset: int) -> bool:
        self._probes += 1
        self._file.seek(offset)
        self._input, self._used, self._input_offset = b"", 0, offset
        try:
            begun = self.enter_next() and self.starts_record()
        except DamagedMember:
            return False
        self._broken = not begun
        return begun


def open_source(file: BinaryIO, starts: Starts) -> Source:
    """Read `file` from where it stands; gzip is told by its magic number, not by a name."""
    place = file.tell()
    magic = file.read(len(GZIP_MAGIC))
    file.seek(place)
    return GzipSource(file, starts) if magic == GZIP_MAGIC else PlainSource(file, starts)
