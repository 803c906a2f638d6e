"""Names of the WARC files that are written here: `TEARSHEET-<17-digit UTC time>-<serial>-<host>.warc.gz`."""

from __future__ import annotations

import re
import socket
from datetime import datetime, timedelta
from pathlib import Path

_NAME = re.compile(r"TEARSHEET-(?P<stamp>\d{17})-(?P<serial>\d{5,})-.*\.warc\.gz")
_TICK = timedelta(milliseconds=1)  # the least by which the times in two names differ


def host_name() -> str:
    """What this machine calls itself."""
    return socket.gethostname()


def serial_of(name: str) -> int | None:
    """Which of its writer's files a WARC file is, from 0; None for one that was not written here."""
    match = _NAME.fullmatch(name)
    return int(match["serial"]) if match else None


class FileNames:
    """Names for the files of one writer, in a folder that may hold those of others.

    The order of all names is that in which they were given, also where the clock has been put back.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._latest: str | None = None
        self._serial = 0

    def next(self, moment: datetime) -> str:
        """The name of a file that is begun at `moment` (aware, UTC), or as soon after it as no name is later."""
        if self._latest is None:
            names = (_NAME.match(path.name) for path in self._folder.iterdir())
            self._latest = max((match["stamp"] for match in names if match), default="")
        stamp = _stamp(moment)
        if stamp <= self._latest:
            stamp = _stamp(datetime.strptime(f"{self._latest}000+0000", "%Y%m%d%H%M%S%f%z") + _TICK)
        self._latest = stamp
        host = re.sub(r"[^A-Za-z0-9.-]", "-", host_name()) or "localhost"
        name = f"TEARSHEET-{stamp}-{self._serial:05}-{host}.warc.gz"
        self._serial += 1
        return name


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%S%f")[:17]
