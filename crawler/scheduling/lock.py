"""One daemon a folder of collections."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import BinaryIO, Self

from crawler.scheduling.errors import ScheduleError

_FILE = ".schedule.lock"
_TRIES, _PAUSE = 4, 0.05  # seconds


class DaemonLock:
    """Held by an open file, so that the system lets go of it in whatever way the process ends."""

    def __init__(self, collections: Path) -> None:
        """Take the lock. Raises ScheduleError, naming its holder, when another daemon has it."""
        path = collections / _FILE
        try:
            collections.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b", buffering=0)
        except OSError as error:
            raise ScheduleError(
                f"{collections} can't be written to ({error.strerror}); choose a folder that you may write to with "
                "--collections"
            ) from error
        try:
            _take(self._file)
            self._file.truncate(0)
            self._file.write(f"{os.getpid()}\n".encode())
        except BlockingIOError as error:
            self._file.seek(0)
            holder = self._file.read().decode("ascii", "replace").strip()
            self._file.close()
            raise ScheduleError(
                f"the collections in {collections} are being visited by process {holder}; stop that with "
                f"`kill {holder}`, or name another folder with --collections"
            ) from error
        except OSError as error:
            self._file.close()
            raise ScheduleError(
                f"{path} can't be locked ({error.strerror}); keep the collections on a disk that knows file locks and "
                "has room"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _take(file: BinaryIO) -> None:
    """Somebody who looks whether there is a daemon has the lock for a moment."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        else:
            return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def daemon_of(collections: Path) -> int | None:
    """The process id of the daemon that visits outlets for these collections; None where there is none."""
    try:
        with (collections / _FILE).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ScheduleError(
            f"{collections / _FILE} can't be read ({error}); check its permissions"
        ) from error
    return None
