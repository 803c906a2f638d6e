"""What a command costs: by the clock, and of the processors."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.5  # seconds between two looks at the processes; ten times as often took a fifth of two processors


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds of processor time of all its processes, those of the first one alone, and of these
    what its main thread took."""

    wall: float
    cpu: float
    first: float
    main: float


def cost_of(command: list[str], cwd: Path | None = None) -> Cost:
    """Run a command to its end, without its output. Raises CalledProcessError if it fails.

    Processor time is read from /proc (Linux), since the extraction workers are not the command's children but those
    of their fork server, so that no wait tells of them. What a process takes in its last moments is missed.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    session = _Session(process.pid)
    _, errors = process.communicate()
    wall = time.perf_counter() - started
    ticks = session.ticks()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=errors)
    a_second = os.sysconf("SC_CLK_TCK")
    first = ticks.get(process.pid, 0) / a_second
    return Cost(wall, sum(ticks.values()) / a_second, first, session.ticks_of_main_thread / a_second)


class _Session:
    """Asks again and again how much processor time the processes of a session have taken."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.ticks_of_main_thread = 0
        self._ticks: dict[int, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def ticks(self) -> dict[int, int]:
        """Process id -> clock ticks, once the session is over."""
        self._over.set()
        self._thread.join()
        return self._ticks

    def _watch(self) -> None:
        while not self._over.wait(_EVERY):
            for entry in Path("/proc").iterdir():
                if entry.name.isdecimal():
                    self._look(int(entry.name))
            _, ticks = _read(Path(f"/proc/{self._number}/task/{self._number}/stat"))
            self.ticks_of_main_thread = max(self.ticks_of_main_thread, ticks)

    def _look(self, pid: int) -> None:
        session, ticks = _read(Path(f"/proc/{pid}/stat"))
        if session == self._number:
            self._ticks[pid] = max(self._ticks.get(pid, 0), ticks)


def _read(stat: Path) -> tuple[int, int]:
    """Session and ticks of a process or thread; nothing of one that has ended meanwhile."""
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return 0, 0
    session, user, system = (int(fields[index - 3]) for index in (6, 14, 15))  # numbered as in proc(5)
    return session, user + system
