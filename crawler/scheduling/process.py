"""One crawl of one outlet in a process of its own."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from crawler.scheduling.errors import ScheduleError

MAX_LOG = 1 << 20
"""Bytes of an outlet's log from which the next run begins a new one; one older log is kept."""
GRACE = timedelta(minutes=5)
"""What a crawl that was told to stop has for its pages in flight: some sixteen, with the pauses between them that their
server wants."""


@dataclass(frozen=True, slots=True)
class CrawlOrder:
    """What to run: `tearsheet crawl` with these arguments, in the folder `place`, its output appended to `log`."""

    outlet: str
    arguments: Sequence[str]
    place: Path
    log: Path
    limit: timedelta


@dataclass(frozen=True, slots=True)
class Ended:
    """How a crawl's process ended: with a status, negative for a signal; `cut` where its time was up."""

    status: int
    cut: bool = False


class CrawlProcess:
    """A crawl under way. It leads a process group of its own, so that a Ctrl-C at the daemon's terminal does not reach
    it, and its extraction workers can be killed with it."""

    def __init__(self, process: asyncio.subprocess.Process, limit: timedelta) -> None:
        self._process = process
        self._limit = limit
        self._stopping = asyncio.Event()

    @classmethod
    async def start(cls, order: CrawlOrder, began: datetime) -> CrawlProcess:
        """Raises ScheduleError where the log can't be written or no process be started."""
        command = (sys.executable, "-m", "crawler", "crawl", order.outlet, *order.arguments)
        try:
            with _opened(order.log) as log:
                log.write(
                    f"--- {began.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {shlex.join(command[1:])}\n".encode()
                )
                log.flush()
                process = await asyncio.create_subprocess_exec(
                    *command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=order.place,
                    env=_environment(os.environ),
                    process_group=0,
                )
        except OSError as error:
            raise ScheduleError(
                f"{order.outlet} can't be crawled ({error.strerror}: {error.filename or order.log}); see that its "
                "folder can be written to and that the machine has room"
            ) from error
        return cls(process, order.limit)

    async def wait(self) -> Ended:
        """Wait for its end. One whose time is up is told to stop, and one that goes on in spite of that is killed."""
        exited = asyncio.ensure_future(self._process.wait())
        told = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait(
                (exited, told), timeout=self._limit.total_seconds(), return_when=asyncio.FIRST_COMPLETED
            )
            cut = not exited.done() and not told.done()
            if not exited.done():
                self.stop()
                await asyncio.wait((exited,), timeout=GRACE.total_seconds())
            if not exited.done():
                self.kill()
            return Ended(await exited, cut)
        finally:
            told.cancel()

    def stop(self) -> None:
        """Tell it to finish its pages in flight and end: a crawl does so on SIGTERM. Its workers are needed for that,
        so the signal is for the crawl alone, and it comes once: a second one would break the pages off."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        with suppress(ProcessLookupError):  # it has just ended by itself
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and its workers at once; what was not yet on the disk is lost, and the next run repairs the rest."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _opened(log: Path) -> BinaryIO:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > MAX_LOG:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Ours without what the command line of the crawl says, and with paths that hold in another folder too."""
    theirs = {name: value for name, value in ours.items() if name not in ("TEARSHEET_OUTLETS", "COLUMNS")}
    if "PYTHONPATH" in theirs:
        folders = [
            str(Path(folder).absolute()) for folder in theirs["PYTHONPATH"].split(os.pathsep) if folder
        ]
        theirs["PYTHONPATH"] = os.pathsep.join(folders)
    return theirs
