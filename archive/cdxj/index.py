"""A collection's sorted CDXJ file: merged into, and looked up by binary search."""

from __future__ import annotations

import heapq
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from archive.errors import CollectionError
from archive.fixity import sync_folder

_BLOCK = 4096
_RUN = 50_000  # lines that are sorted in memory at once: about 25 MB as a rule
_RUN_BYTES = 64 << 20  # and their bytes, where addresses are long
_LINE_LIMIT = 1 << 20  # bytes; what goes on longer is no line of an index, and cut


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of an index as they stand, each with its line end; none where there is no file."""
    if path.exists():
        with path.open("rb") as file:
            while line := file.readline(_LINE_LIMIT):
                whole = line.endswith(b"\n")
                yield line if whole else line + b"\n"
                while not whole and (rest := file.readline(_LINE_LIMIT)):
                    whole = rest.endswith(b"\n")


def in_order(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Any number of lines, sorted bytewise; runs too many for memory wait in temporary files."""
    source = iter(lines)
    with ExitStack() as files:
        runs: list[Iterable[bytes]] = []
        while run := _sorted_run(source):
            file = files.enter_context(tempfile.TemporaryFile(prefix="tearsheet-"))
            file.writelines(run)
            file.seek(0)
            runs.append(file)
        yield from heapq.merge(*runs)


def _sorted_run(lines: Iterator[bytes]) -> list[bytes]:
    run: list[bytes] = []
    size = 0
    for line in lines:
        run.append(line)
        size += len(line)
        if len(run) == _RUN or size > _RUN_BYTES:
            break
    return sorted(run)


def encoded(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines as they stand in the file."""
    return (line.encode() + b"\n" for line in lines)


def merge(path: Path, lines: Iterable[str]) -> None:
    """Merge new lines into the index at `path`, which is made if need be. A line that is there stays single.

    Raises CollectionError when the disk does not take it.
    """
    _write(path, heapq.merge(read_lines(path), in_order(encoded(lines))))


def rebuild(path: Path, lines: Iterable[str]) -> None:
    """Write the index anew from all of its lines, in any order. Raises CollectionError as `merge` does."""
    _write(path, in_order(encoded(lines)))


def _write(path: Path, lines: Iterable[bytes]) -> None:
    unfinished = path.with_name(path.name + ".tmp")
    last = b""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            for line in lines:
                if line != last:
                    file.write(line)
                    last = line
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise CollectionError(
            f"{path}: can't be written ({error.strerror}); free some space and run the command again"
        ) from error


def lookup(path: Path, key: str) -> Iterator[str]:
    """The lines of one urlkey, oldest first."""
    for line in between(path, f"{key} ".encode(), f"{key}!".encode()):
        yield line.decode().rstrip("\n")


def between(path: Path, begin: bytes, end: bytes) -> Iterator[bytes]:
    """The lines from `begin` on that sort before `end`, as they stand; none where there is no file."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        _seek_line(file, begin, os.fstat(file.fileno()).st_size)
        for line in file:
            if line >= end:
                return
            if line >= begin:
                yield line


def _seek_line(file: IO[bytes], wanted: bytes, size: int) -> None:
    """Leave `file` at the start of a line at or before the first that is not less than `wanted`."""
    low, high = 0, size
    while high - low > _BLOCK:
        middle = (low + high) // 2
        file.seek(middle)
        file.readline()
        if file.tell() < high and file.readline() < wanted:
            low = middle
        else:
            high = middle
    file.seek(low)
    if low:
        file.readline()
