"""Taking WARC and ARC files, anybody's, into a collection: each is copied into the archive folder as it is."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.errors import CollectionError, RecordError, WaczError
from archive.fixity import sync_folder
from archive.places import WARC_SUFFIXES, Places
from archive.wacz.members import Member
from archive.wacz.reader import is_zip, read_members
from archive.warc.arc import ARC_STARTS
from archive.warc.kinds import recognise
from archive.warc.members import GzipSource
from archive.warc.reader import read_records

_PIECE = 1 << 20  # bytes compared at once


def take_in_all(path: Path, places: Places, on_damage: Callable[[WaczError], None]) -> Iterator[Path]:
    """The files of the archive folder that hold what `path` does: one for a WARC or ARC file, of a WACZ file one for
    each WARC in it.

    What is wrong with one of several goes to `on_damage`, and the others are taken in. Raises WaczError where the
    zip file as a whole can't be read, and what `take_in` does.
    """
    if not is_zip(path):
        yield take_in(path, places)
        return
    for member in read_members(path, on_damage):
        try:
            yield _take_out(member, places)
        except WaczError as damage:
            on_damage(damage)
        except RecordError as damage:
            on_damage(WaczError(member.path, damage.problem))


def take_in(path: Path, places: Places) -> Path:
    """The file of the archive folder that holds the same bytes as `path`, which is copied there if need be.

    A file that has grown since it was copied is copied on. Its name is kept; where another file has it, eight digits
    of the file's SHA-256 are added, and where it
    lacks the suffix of its kind, that. Raises RecordError for a file that is neither WARC nor ARC, OSError
    where it can't be read, CollectionError where it can't be copied.
    """
    kind = recognise(path)
    if next(read_records(path, lambda _damage: None), None) is None:
        raise RecordError(
            path, 0, "the file is neither WARC nor ARC: no record in it can be read; check the path"
        )
    real = path.resolve()
    if real.parent == places.archive.resolve() and real.name.endswith(WARC_SUFFIXES):
        return places.archive / real.name
    name = path.name.encode("utf-8", "replace").decode("utf-8")  # no name that a catalogue can't hold
    suffix = next((suffix for suffix in WARC_SUFFIXES if name.endswith(suffix)), "")
    stem = name.removesuffix(suffix)
    if not suffix:
        suffix = ".arc" if kind.starts is ARC_STARTS else ".warc"
        suffix += ".gz" if issubclass(kind.source, GzipSource) else ""
    target = places.archive / (stem + suffix)
    if target.exists() and not _same(path, target):
        if _begins(target, path):
            _copy_on(path, target)
            return target
        target = places.archive / f"{stem}-{_sha256(path)[:8]}{suffix}"
    if not target.exists():
        _copy(path, target)
    return target


def _take_out(member: Member, places: Places) -> Path:
    """As `take_in`, of a WARC file that lies in a WACZ file."""
    unpacked = places.archive / (member.name + ".tmp")
    try:
        with unpacked.open("wb") as file:
            file.writelines(member.pieces())
            file.flush()
            os.fsync(file.fileno())
        if next(read_records(unpacked, lambda _damage: None), None) is None:
            raise RecordError(member.path, 0, "the file is neither WARC nor ARC: no record in it can be read")
        target = places.archive / member.name
        if target.exists() and not _same(unpacked, target):
            suffix = next(suffix for suffix in WARC_SUFFIXES if target.name.endswith(suffix))
            target = target.with_name(f"{target.name.removesuffix(suffix)}-{_sha256(unpacked)[:8]}{suffix}")
        if not target.exists():
            unpacked.replace(target)
            sync_folder(target.parent)
        return target
    except OSError as error:
        raise _not_copied(member.path, places.archive / member.name, error) from error
    finally:
        unpacked.unlink(missing_ok=True)


def _same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and _sha256(one) == _sha256(other)


def _begins(one: Path, other: Path) -> bool:
    """Whether a file is as another one begins, which is longer."""
    if one.stat().st_size >= other.stat().st_size:
        return False
    with one.open("rb") as shorter, other.open("rb") as longer:
        while piece := shorter.read(_PIECE):
            if longer.read(len(piece)) != piece:
                return False
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(path: Path, target: Path) -> None:
    unfinished = target.with_name(target.name + ".tmp")
    try:
        shutil.copyfile(path, unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise _not_copied(path, target, error) from error


def _copy_on(path: Path, target: Path) -> None:
    """Add to a copy what its original has grown by. A kill on the way leaves a copy of less, to be copied on."""
    had = target.stat().st_size
    try:
        with path.open("rb") as file, target.open("ab") as copy:
            file.seek(had)
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
    except OSError as error:
        os.truncate(target, had)
        raise _not_copied(path, target, error) from error


def _not_copied(path: Path, target: Path, error: OSError) -> CollectionError:
    return CollectionError(
        f"{path} can't be copied to {target} ({error.strerror}); free some space or choose another folder with "
        "--collections"
    )
