"""One writer at a time: the lock of a collection, which also tells whether the last writer ended in order."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.errors import CollectionError, CollectionInUse
from archive.fixity import sync_folder


class WriterLock:
    """Held by an open file: the system lets go of it when the process ends, in whatever way.

    The file names the holder. It is emptied when the writer closes the collection in order, so a next writer
    that finds it filled (`was_killed`) knows that there may be something to repair.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises CollectionInUse, naming the holder, when another process has it."""
        try:
            # Unbuffered: what a full disk did not take must not be tried again by close().
            self._file = path.open("a+b", buffering=0)
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            self._take(path)
        except BaseException:
            self._file.close()
            raise

    @property
    def was_killed(self) -> bool:
        """Whether the writer before this one ended without closing the collection."""
        return self.unclean_since is not None

    def release(self) -> None:
        """Say that all is in order, and let go."""
        if not self._file.closed:
            self._say(None)
            self._file.close()

    def abandon(self) -> None:
        """Let go without saying that all is in order."""
        self._file.close()

    def _take(self, path: Path) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CollectionInUse(
                f"the collection {path.parent} is being written to by {self._holder()}; wait until that has ended, "
                "or name another collection with -c"
            ) from error
        except OSError as error:
            raise CollectionError(
                f"{path} can't be locked ({error.strerror}); keep the collection on a disk that knows file locks"
            ) from error
        self.unclean_since = self._unclean_since()
        """When the first of the writers began that did not end in order, in seconds since 1970 by the disk's
        clock; None where the last one did."""
        holder = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        try:
            self._say(holder | ({"unclean_since": self.unclean_since} if self.was_killed else {}))
            sync_folder(path.parent)
        except OSError as error:
            raise _unwritable(path, error) from error

    def _holder(self) -> str:
        said = self._read()
        return (
            f"process {said['pid']} (since {said['since']})"
            if {"pid", "since"} <= said.keys()
            else "another process"
        )

    def _unclean_since(self) -> float | None:
        state = os.fstat(self._file.fileno())
        if not state.st_size:
            return None
        earlier = self._read().get("unclean_since")
        return earlier if isinstance(earlier, float) else state.st_mtime

    def _read(self) -> dict[str, Any]:
        self._file.seek(0)
        try:
            said = json.loads(self._file.read())
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}

    def _say(self, holder: Mapping[str, object] | None) -> None:
        self._file.seek(0)
        self._file.truncate()
        if holder is not None:
            self._file.write(json.dumps(holder).encode() + b"\n")
        os.fsync(self._file.fileno())


def _unwritable(path: Path, error: OSError) -> CollectionError:
    return CollectionError(
        f"{path.parent} can't be written to ({error.strerror}); free some space or choose another folder with "
        "--collections"
    )
