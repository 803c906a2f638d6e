"""Making sure that bytes are on the disk."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.errors import ExportError


def sync_folder(folder: Path) -> None:
    """Return when names added to or changed in `folder` are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_synced(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that it is there whole or not at all, and return when it is on the disk.

    The folder's entry is synced by `sync_folder`, once for many files.
    """
    unfinished = path.with_name(path.name + ".tmp")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


@contextmanager
def written_whole(target: Path, *, replace: bool = False) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the name `target` when all went well; else nothing of it is left.

    Until then it lies beside the target under its name and `.tmp`, where a second writer finds it locked. A file
    that is there is only replaced with `replace`. Raises ExportError.
    """
    check_free(target, replace=replace)
    unfinished = target.with_name(target.name + ".tmp")
    try:
        with _locked(unfinished) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                unfinished.replace(target)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
        sync_folder(target.parent)
    except OSError as error:
        raise ExportError(
            f"{target}: can't be written ({error.strerror}); see that its folder is there, that you may write to it "
            "and that the disk has room"
        ) from error


def check_free(target: Path, *, replace: bool) -> None:
    """Raises ExportError where `target` can't be written, or only by replacing a file without being asked to."""
    if target.is_dir():
        raise ExportError(f"{target} is a folder; name a file in it")
    if not target.exists():
        return
    if not target.is_file():
        raise ExportError(
            f"{target} is no regular file; name one that can be replaced, or - for standard output"
        )
    if not replace:
        raise ExportError(f"{target} is there already; name another file, or replace it with --force")


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    # Not "wb", which would cut the file of another writer before it is known that there is none.
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ExportError(
                f"{path} is being written by another process; wait for it, or name another file"
            ) from error
        file.truncate()
        yield file
