"""Taking a WARC or ARC file, anybody's, into a collection: it is copied into the archive folder as it is."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from archive.errors import CollectionError, RecordError
from archive.fixity import sync_folder
from archive.places import WARC_SUFFIXES, Places
from archive.warc.arc import ARC_STARTS
from archive.warc.kinds import recognise
from archive.warc.members import GzipSource
from archive.warc.reader import read_records


def take_in(path: Path, places: Places) -> Path:
    """The file of the archive folder that holds the same bytes as `path`, which is copied there if need be.

    Its name is kept; where another file has it, eight digits of the file's SHA-256 are added, and where it
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
        target = places.archive / f"{stem}-{_sha256(path)[:8]}{suffix}"
    if not target.exists():
        _copy(path, target)
    return target


def _same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and _sha256(one) == _sha256(other)


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
        raise CollectionError(
            f"{path} can't be copied to {target} ({error.strerror}); free some space or choose another folder "
            "with --collections"
        ) from error
