"""What to start now, and when to look again: the daemon's decisions without its processes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler.scheduling.policy import Due, position


class Agenda:
    """The outlets with the times at which they are due, and those whose crawls are under way: at most `jobs`."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._due: dict[str, Due] = {}
        self._running: dict[str, datetime] = {}

    @property
    def running(self) -> dict[str, datetime]:
        """Outlet -> when its crawl was started."""
        return dict(self._running)

    @property
    def outlets(self) -> frozenset[str]:
        """Those that are visited, a crawl of them being under way or not."""
        return frozenset(self._due)

    def put(self, outlet: str, due: Due) -> None:
        self._due[outlet] = due

    def keep(self, outlets: Iterable[str]) -> None:
        """Forget the outlets that are not among these; a crawl that is under way goes on."""
        kept = set(outlets)
        self._due = {outlet: due for outlet, due in self._due.items() if outlet in kept}

    def startable(self, now: datetime) -> list[tuple[str, Due]]:
        """What is to be started now, the longest overdue first. Those due at the same time come in an order that has
        nothing to do with their names, so that outlets of one house do not follow each other."""
        ready = [
            (outlet, due)
            for outlet, due in self._due.items()
            if outlet not in self._running and due.at <= now
        ]
        ready.sort(key=lambda entry: (entry[1].at, position(entry[0])))
        return ready[: max(0, self._jobs - len(self._running))]

    def started(self, outlet: str, now: datetime) -> None:
        self._running[outlet] = now

    def ended(self, outlet: str) -> None:
        self._running.pop(outlet, None)

    def wait(self, now: datetime) -> timedelta | None:
        """How long nothing is to be started unless a crawl ends; None: until one does."""
        if len(self._running) >= self._jobs:
            return None
        waiting = [due.at for outlet, due in self._due.items() if outlet not in self._running]
        return max(timedelta(0), min(waiting) - now) if waiting else None
