"""One WARC file in a WACZ file, read where it lies."""

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.errors import WaczError

_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Member:
    """Where the bytes of an entry lie.

    wacz      the file that it lies in
    path      that and the entry's name: for messages, never to be opened
    name      a name that is safe for a file, without folder
    offset    where its bytes begin in the file
    packed    how many they are there
    size      how many they are as read
    deflated  whether they are deflated (RFC 1951), not stored as they are
    crc       CRC-32 of the bytes as read
    """

    wacz: Path
    path: Path
    name: str
    offset: int
    packed: int
    size: int
    deflated: bool
    crc: int

    def open(self) -> BinaryIO:
        """The bytes as a file that can be sought in: in place, or in a temporary file where they are deflated.

        Raises WaczError where they can't be inflated, and OSError.
        """
        if not self.deflated:
            return io.BufferedReader(_Stretch(self.wacz, self.offset, self.size))
        file = tempfile.TemporaryFile(prefix="tearsheet-")  # noqa: SIM115 - closed by the caller
        try:
            for piece in self.pieces():
                file.write(piece)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def pieces(self) -> Iterator[bytes]:
        """The bytes in order. Raises WaczError where they are not those that the zip's directory tells of."""
        size = crc = 0
        with self.wacz.open("rb") as file:
            file.seek(self.offset)
            stored = _exactly(file, self.packed)
            for piece in _inflated(stored, self) if self.deflated else stored:
                size += len(piece)
                crc = zlib.crc32(piece, crc)
                if size > self.size:
                    break
                yield piece
        if (size, crc) != (self.size, self.crc):
            raise WaczError(
                self.path, "its bytes are not those that the zip's directory tells of; get the file again"
            )


def _exactly(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (piece := file.read(min(_PIECE, size))):
        size -= len(piece)
        yield piece


def _inflated(stored: Iterator[bytes], member: Member) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in stored:
            rest = piece
            while rest and not inflater.eof:
                yield inflater.decompress(rest, _PIECE)
                rest = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error as error:
        raise WaczError(member.path, f"its bytes can't be inflated ({error}); get the file again") from error


class _Stretch(io.RawIOBase):
    """The `size` bytes of a file from `start` on, as a file of its own."""

    def __init__(self, path: Path, start: int, size: int) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self._start = start
        self._size = size
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        wanted = max(0, min(len(buffer), self._size - self._place))
        self._file.seek(self._start + self._place)
        read = self._file.readinto(memoryview(buffer)[:wanted]) or 0
        self._place += read
        return read

    def close(self) -> None:
        self._file.close()
        super().close()
