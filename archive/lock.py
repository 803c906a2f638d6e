"""One writer at a time: the lock of a collection, which also tells whether the last writer ended in order."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import CollectionError, CollectionInUse


class WriterLock:
    """Held by an open file: the system lets go of it when the process ends, in whatever way.

    The file names the holder. It is emptied when the writer closes the collection in order, so a next writer
    that finds it filled (`was_killed`) knows that there may be something to repair.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises CollectionInUse, naming the holder, when another process has it."""
        try:
            self._file = path.open("a+")
        except OSError as error:
            raise CollectionError(
                f"{path.parent} can't be written to ({error.strerror}); choose another folder with --collections"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = self._holder()
            self._file.close()
            raise CollectionInUse(
                f"the collection {path.parent} is being written to by {holder}; wait until that has ended, or "
                "name another collection with -c"
            ) from error
        self._file.seek(0)
        self.was_killed = bool(self._file.read().strip())
        """Whether the writer before this one ended without closing the collection."""
        self._say({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")})

    def release(self) -> None:
        """Say that all is in order, and let go."""
        self._say(None)
        self._file.close()

    def abandon(self) -> None:
        """Let go without saying that all is in order."""
        self._file.close()

    def _holder(self) -> str:
        self._file.seek(0)
        try:
            holder = json.loads(self._file.read())
        except ValueError:
            return "another process"
        return f"process {holder['pid']} (since {holder['since']})"

    def _say(self, holder: dict[str, object] | None) -> None:
        self._file.seek(0)
        self._file.truncate()
        if holder is not None:
            self._file.write(json.dumps(holder) + "\n")
        self._file.flush()
