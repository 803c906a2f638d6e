"""A collection's sorted CDXJ file: merged into, and looked up by binary search."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from archive.fixity import sync_folder

_BLOCK = 4096


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as file:
            yield from file


def _write(path: Path, lines: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".tmp")
    last = b""
    with unfinished.open("wb") as file:
        for line in lines:
            if line != last:
                file.write(line)
                last = line
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def merge(path: Path, lines: Iterable[str]) -> None:
    """Merge new lines into the index at `path`, which is made if need be. A line that is there stays single."""
    new = sorted(line.encode() + b"\n" for line in lines)
    if new or not path.exists():
        _write(path, heapq.merge(_lines(path), new))


def rebuild(path: Path, lines: Iterable[str]) -> None:
    """Write the index anew from all of its lines, in any order."""
    _write(path, sorted(line.encode() + b"\n" for line in lines))


def lookup(path: Path, key: str) -> Iterator[str]:
    """The lines of one urlkey, oldest first."""
    if not path.exists():
        return
    wanted = key.encode() + b" "
    with path.open("rb") as file:
        _seek_line(file, wanted, path.stat().st_size)
        for line in file:
            if line.startswith(wanted):
                yield line.decode().rstrip("\n")
            elif line > wanted:
                return


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
