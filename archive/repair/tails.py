"""The torn end of a WARC or ARC file: what was not written, or not copied, to its end."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from archive.errors import RecordError
from archive.fixity import sync_folder
from archive.warc.reader import read_records

TORN_SUFFIX = ".torn"


@dataclass(frozen=True, slots=True)
class TornEnd:
    """The bytes from `offset` on, `size` of them, within which a record begins that the file does not hold whole."""

    path: Path
    offset: int
    size: int


def torn_end(path: Path, committed: int = 0) -> TornEnd | None:
    """The torn end of a file, or None where it has none: other damage, such as a changed byte, is none.

    A request without its response belongs to it, where nothing else speaks of that request. What lies before
    `committed`, where the last record ended that a catalogue knows, does not: it was whole once, so what is wrong with
    it is no torn end, unless the file has become shorter since. Raises RecordError for a file that is neither WARC nor
    ARC, and OSError.
    """
    size = path.stat().st_size
    committed = committed if committed <= size else 0
    damages: list[RecordError] = []
    whole = 0
    shared = False
    for record in read_records(path, damages.append):
        try:
            record.end()
        except RecordError:
            continue
        damages.clear()
        shared = shared or not record.length
        if record.type != "request" or record.get("WARC-Concurrent-To"):
            whole = record.offset + record.length
    torn = [damage.offset for damage in damages if damage.torn]
    if shared or not torn or max(torn) < committed:
        return None
    others = [damage.offset for damage in damages if not damage.torn]
    begin = max(torn) if others else max(whole, committed)
    return TornEnd(path, begin, size - begin)


def set_aside(end: TornEnd) -> Path:
    """Cut a torn end off and keep its bytes in a file beside, whose path this returns; a file of which nothing is left
    then is that file.

    A kill on the way leaves the file as it was, or the bytes in both places. Raises OSError.
    """
    target = _kept_at(end)
    if not end.offset:
        end.path.rename(target)
        sync_folder(target.parent)
        return target
    if not target.exists():
        unfinished = target.with_name(target.name + ".tmp")
        with end.path.open("rb") as file, unfinished.open("wb") as copy:
            file.seek(end.offset)
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        unfinished.replace(target)
        sync_folder(target.parent)
    with end.path.open("r+b") as file:
        file.truncate(end.offset)
        os.fsync(file.fileno())
    return target


def _kept_at(end: TornEnd) -> Path:
    """A name that is free, or that of a file which holds these bytes already."""
    for number in count(1):
        name = f"{end.path.name}{TORN_SUFFIX}" + (f"-{number}" if number > 1 else "")
        target = end.path.with_name(name)
        if not target.exists() or _holds(target, end):
            return target
    raise AssertionError("count() does not end")


def _holds(target: Path, end: TornEnd) -> bool:
    if target.stat().st_size != end.size:
        return False
    with end.path.open("rb") as file, target.open("rb") as kept:
        file.seek(end.offset)
        while piece := kept.read(1 << 20):
            if file.read(len(piece)) != piece:
                return False
    return True
