"""Bytes that arrive piece by piece: in memory up to a limit, then in a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Self

MEMORY_LIMIT = (
    1 << 20
)  # a news page seldom passes 1 MiB; with 16 exchanges in flight that is 16 MiB at the most
_PIECE = 1 << 18


class Spool:
    """An append-only byte buffer of any size that keeps memory flat.

    It is closed (and its temporary file removed) by `close`, or as a context manager.
    """

    __slots__ = ("_file", "_limit", "_pieces", "size")

    def __init__(self, data: bytes = b"", *, limit: int = MEMORY_LIMIT) -> None:
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._limit = limit
        self.size = 0
        """Bytes held."""
        if data:
            self.write(data)

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if self._file is not None:
            self._file.write(data)
            return
        self._pieces.append(data)
        if self.size > self._limit:
            self._file = tempfile.TemporaryFile(prefix="tearsheet-")  # noqa: SIM115 - closed by close()
            self._file.writelines(self._pieces)
            self._pieces = []

    def truncate(self, size: int) -> None:
        """Keep the first `size` bytes."""
        if size >= self.size:
            return
        if self._file is not None:
            self._file.flush()
            self._file.truncate(size)
            self._file.seek(size)
        else:
            self._pieces = [b"".join(self._pieces)[:size]]
        self.size = size

    def drop_head(self, count: int) -> None:
        """Take the first `count` bytes away."""
        if not count:
            return
        rest = list(self.pieces(count))
        self.close()
        for piece in rest:
            self.write(piece)

    def peek(self, count: int) -> bytes:
        """The first `count` bytes, or fewer where there are no more."""
        if self._file is None:
            if len(self._pieces) != 1:
                self._pieces = [b"".join(self._pieces)]
            return self._pieces[0][:count]
        self._file.seek(0)
        data = self._file.read(count)
        self._file.seek(self.size)
        return data

    def pieces(self, start: int = 0) -> Iterator[bytes]:
        """The bytes from `start` on, in pieces of bounded size. Not to be mixed with `write`."""
        if self._file is None:
            joined = self.peek(self.size)
            if start < len(joined):
                yield joined[start:] if start else joined
            return
        self._file.seek(start)
        while piece := self._file.read(_PIECE):
            yield piece
        self._file.seek(self.size)

    def getvalue(self) -> bytes:
        """All bytes at once."""
        return b"".join(self.pieces())

    def close(self) -> None:
        """Forget the bytes and remove the temporary file, if there is one."""
        self._pieces = []
        if self._file is not None:
            self._file.close()
            self._file = None
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
