"""The daemon in a process of its own, as a user starts it, listened to by its log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.command import environment, start

PATIENCE = 200  # seconds; a machine that does other things too is slow


class Daemon:
    """`tearsheet schedule run` in a folder; its log goes to a file there."""

    def __init__(self, folder: Path, *arguments: str, **env: str) -> None:
        self._log = folder / f"daemon-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self._process = start(
                "schedule",
                "run",
                "--log-format",
                "json",
                *arguments,
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=environment(**env),
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def lines(self, event: str) -> list[dict[str, Any]]:
        whole = [line for line in self._log.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return [row for row in map(json.loads, whole) if row["event"] == event]

    def outlets(self, event: str) -> list[str]:
        return sorted(row["outlet"] for row in self.lines(event))

    def wait_for(self, event: str, number: int = 1) -> list[dict[str, Any]]:
        self.until(lambda: len(self.lines(event)) >= number)
        return self.lines(event)

    def until(self, happened: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < end, self._log.read_text()
            assert self._process.poll() is None, self._log.read_text()
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def round(self) -> None:
        """Wait until it has started all that is due now: it looks at the files once more after that."""
        self.wait_for("ready")
        before = len(self.lines("read"))
        self.signal(signal.SIGHUP)
        self.wait_for("read", before + 1)
        self.signal(signal.SIGHUP)
        self.wait_for("read", before + 2)

    def end(self, *, interrupted: bool = False) -> int:
        """Its exit status, when it has ended by itself, or under one Ctrl-C after the other."""
        end = time.monotonic() + PATIENCE
        while interrupted and self._process.poll() is None and time.monotonic() < end:
            self.signal(signal.SIGINT)
            time.sleep(0.002)
        return self._process.wait(timeout=PATIENCE)

    def stop(self) -> int:
        self.signal(signal.SIGTERM)
        return self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.signal(signal.SIGTERM)
            self.signal(signal.SIGINT)
            self._process.wait(timeout=PATIENCE)


def until(happened: Callable[[], object]) -> None:
    """Wait for what the system does in its own time, such as taking the processes away whose parent was killed."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """The processes that a process started and that have not ended."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
