"""The torn end of a WARC or ARC file: what was not written, or not copied, to its end.

It is cut off and kept in a file beside, whoever finds it: a repair that was asked for, or the writer that comes after
one that was killed.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from archive.errors import RecordError
from archive.fixity import sync_folder
from archive.repair.deeds import Deed
from archive.warc.reader import read_records
from archive.warc.writer import OPEN_SUFFIX

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


def unfinished_end(path: Path, committed: int) -> TornEnd | None:
    """What follows the last whole capture of a file that was left open, and a request whose response never came.

    Nothing before `committed`, where the last record ends that the catalogue knows, is looked at: what is wrong there
    is damage for verification to name. Raises OSError.
    """
    whole = committed
    with suppress(RecordError):  # raised where not even the first record is whole: then nothing is
        for record in read_records(path, _told_by_the_iteration, start=committed):
            try:
                record.end()
            except RecordError:
                continue  # whole records may follow a damaged one
            if record.type != "request":
                whole = record.offset + record.length
    size = path.stat().st_size
    return TornEnd(path, whole, size - whole) if whole < size else None


def _told_by_the_iteration(_: RecordError) -> None:
    """Damage is what `unfinished_end` looks past, or finds as the end itself."""


def cut_off(end: TornEnd, *, dry_run: bool = False) -> Deed:
    """Set a torn end aside, and tell where it is; with `dry_run`, tell what would be done. Raises OSError."""
    said = f"{end.size} bytes from offset {end.offset} on, which were not written to their end"
    if dry_run:
        return Deed(end.path, f"would cut off {said}")
    return Deed(end.path, f"cut off {said}; they are kept in {set_aside(end).name}")


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
    of = end.path.name.removesuffix(OPEN_SUFFIX)
    for number in count(1):
        name = f"{of}{TORN_SUFFIX}" + (f"-{number}" if number > 1 else "")
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
