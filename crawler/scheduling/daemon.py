"""The daemon that visits outlets day after day: `tearsheet schedule run`.

An asyncio loop over processes, and no scheduling library: APScheduler 3 starts jobs at times that are known when they
are added, from a store of its own. Here the next time follows from what the run before found, so each job would be
added anew after each run, its store would be a second memory beside the log of runs, and the processes, their bounds
and their end would still be ours to care for.

Nothing is kept in memory that a restart would need: when an outlet is due follows from the log of runs and the state of
its crawls.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType

from archive.errors import TearsheetError
from crawler.commands.console import counted
from crawler.health.run import Run
from crawler.scheduling.agenda import Agenda
from crawler.scheduling.history import History, log_of
from crawler.scheduling.journal import Journal
from crawler.scheduling.plan import Foreseen, Plan
from crawler.scheduling.policy import Due, Visit, brief
from crawler.scheduling.process import CrawlOrder, CrawlProcess, Ended
from crawler.scheduling.selection import OutletCopies, Selection

_LOOK = timedelta(seconds=30)
"""The outlet files are looked at that often, and the clock too, since a machine may have slept."""
_UNLOGGED_KEPT = 50


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How crawls are run: at most `jobs` at once, each for `limit` at most and with so many extraction workers."""

    jobs: int
    limit: timedelta
    workers: int


class Daemon:
    """Visits the outlets of a selection until it is told to stop. To be used once, by the holder of the lock."""

    def __init__(
        self,
        collections: Path,
        selection: Selection,
        plan: Plan,
        options: RunOptions,
        clock: Callable[[], datetime],
        journal: Journal,
    ) -> None:
        self._collections = collections.absolute()
        self._selection = selection
        self._plan = plan
        self._options = options
        self._clock = clock
        self._journal = journal
        self._copies = OutletCopies(collections)
        # A collection has one writer at a time.
        self._agenda = Agenda(1 if plan.collection else options.jobs)
        self._crawls: dict[str, CrawlProcess] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unlogged: dict[str, list[Visit]] = {}
        self._foreseen: dict[str, Foreseen] = {}
        self._woken = asyncio.Event()
        self._stopping = False
        self._broken: BaseException | None = None
        self._reread = False
        self._fingerprint = selection.fingerprint()
        self._place, self._outlet_options = self._copies.take(selection.folders)

    async def serve(self) -> None:
        """Raises TearsheetError where the log of runs or the plan can't be read or written at the start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            # Not by the loop, which takes its handlers along: a second Ctrl-C at the very end would be a failure.
            signal.signal(number, partial(self._heard, loop))
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)
        self._visit(self._plan.outlets)
        self._write_plan()
        self._tell_start()
        while not self._stopping:
            self._look_at_files()
            await self._start_what_is_due()
            await self._sleep()
        while self._tasks:
            await asyncio.wait(self._tasks)
        for number in (signal.SIGTERM, signal.SIGINT):
            # What Python handles itself it hands back to the system as it ends, and the system would kill.
            signal.signal(number, signal.SIG_IGN)
        if self._broken is not None:
            raise self._broken
        self._journal.say("stopped", "stopped; the same command goes on from here")

    def _heard(self, loop: asyncio.AbstractEventLoop, _number: int, _frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._stop)

    def _visit(self, outlets: tuple[str, ...]) -> None:
        """Visit these from now on, and no others."""
        self._agenda.keep(outlets)
        with History(self._collections) as history:
            for outlet in sorted(set(outlets) - self._agenda.outlets):
                self._agenda.put(outlet, self._foresee(history, outlet))

    async def _start_what_is_due(self) -> None:
        for outlet, _ in self._agenda.startable(self._clock()):
            if self._stopping:
                return
            due = self._due_now(outlet)
            if due.at <= self._clock():
                await self._start(outlet, due)

    async def _start(self, outlet: str, due: Due) -> None:
        collection = self._plan.collection_of(outlet)
        arguments = ["-c", collection, "--collections", str(self._collections), *self._outlet_options]
        order = CrawlOrder(
            outlet,
            [*arguments, "--workers", str(self._options.workers)],
            self._place,
            log_of(self._collections, collection, outlet),
            self._options.limit,
        )
        began = self._clock()
        try:
            crawl = await CrawlProcess.start(order, began)
        except TearsheetError as error:
            self._journal.say("failed", str(error), outlet=outlet)
            self._settle(outlet, began)
            return
        self._agenda.started(outlet, began)
        self._crawls[outlet] = crawl
        self._journal.say("started", f"started ({due.why})", outlet=outlet, why=due.why)
        self._write_plan()
        if self._stopping:  # the signal came while the process was being made
            crawl.stop()
        task = asyncio.create_task(self._follow(outlet, crawl, began))
        self._tasks.add(task)
        task.add_done_callback(self._followed)

    def _followed(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken = error
            self._stop()

    async def _follow(self, outlet: str, crawl: CrawlProcess, began: datetime) -> None:
        ended = await crawl.wait()
        del self._crawls[outlet]
        self._agenda.ended(outlet)
        last, due = self._settle(outlet, began)
        self._tell_end(outlet, began, ended, last, due)
        self._write_plan()
        self._woken.set()

    def _settle(self, outlet: str, began: datetime) -> tuple[Run | None, Due]:
        """Note what became of a run, and when the outlet is due next."""
        logged: Run | None = None
        try:
            with History(self._collections) as history:
                last = history.last(outlet, self._plan.collection_of(outlet))
                # The log has times in whole seconds.
                if last is not None and last.started >= began.replace(microsecond=0):
                    logged = last
                    self._unlogged.pop(outlet, None)
                elif not self._stopping:
                    unlogged = self._unlogged.setdefault(outlet, [])
                    unlogged.append(Visit(began, self._clock(), failed=True))
                    del unlogged[:-_UNLOGGED_KEPT]
        except TearsheetError as error:
            self._journal.say("failed", str(error), outlet=outlet)
        return logged, self._due_now(outlet)

    def _due_now(self, outlet: str) -> Due:
        """When an outlet is due, asked once more before it is started: somebody may have crawled it by hand."""
        try:
            with History(self._collections) as history:
                due = self._foresee(history, outlet)
        except TearsheetError as error:
            self._journal.say("failed", str(error), outlet=outlet)
            due = Due(self._clock() + self._plan.bounds.at_most, "its log can't be read")
        if outlet in self._agenda.outlets:
            self._agenda.put(outlet, due)
        return due

    def _foresee(self, history: History, outlet: str) -> Due:
        collection, bounds = self._plan.collection_of(outlet), self._plan.bounds
        unlogged = self._unlogged.get(outlet, ())
        self._foreseen[outlet] = history.foresee(outlet, collection, bounds, self._clock(), unlogged)
        return self._foreseen[outlet].due

    def _tell_start(self) -> None:
        collection, jobs = self._plan.collection, self._options.jobs
        into = f"the collection {collection}" if collection else "a collection for each"
        text = f"{counted(len(self._plan.outlets), 'outlet')} into {into} below {self._collections}, {jobs} at a time"
        self._journal.say("ready", text, outlets=len(self._plan.outlets), jobs=jobs)

    def _tell_end(self, outlet: str, began: datetime, ended: Ended, last: Run | None, due: Due) -> None:
        now = self._clock()
        took = brief(now - began)
        if last is None:
            log = log_of(self._collections, self._plan.collection_of(outlet), outlet)
            found = f"ended with status {ended.status} after {took} and is not in the log of runs; see {log}"
        elif last.finished is None:
            found = f"broke off after {took} with status {ended.status}; the next run repairs what that left"
        else:
            found = f"ended after {took}: {last.new} new, {last.new_texts} new texts, {last.failed} failed"
            if last.verdict is not None and last.severity != "fine":
                found += f"; {last.verdict}: {last.reason}"
        if ended.cut:
            found += f"; its time was up, {brief(self._options.limit)}"
        coming = "" if self._stopping else f"; next in {brief(due.at - now)} ({due.why})"
        facts = {"new": last.new, "new_texts": last.new_texts, "failed": last.failed} if last else {}
        self._journal.say(
            "ended", found + coming, outlet=outlet, status=ended.status, cut=ended.cut, next=due.at, **facts
        )

    async def _sleep(self) -> None:
        wait = min(self._agenda.wait(self._clock()) or _LOOK, _LOOK)
        self._woken.clear()
        if self._stopping or self._reread:
            return
        try:
            await asyncio.wait_for(self._woken.wait(), wait.total_seconds())
        except TimeoutError:
            return

    def _look_at_files(self) -> None:
        fingerprint = self._selection.fingerprint()
        if fingerprint == self._fingerprint and not self._reread:
            return
        self._fingerprint, self._reread = fingerprint, False
        try:
            outlets = tuple(outlet.name for outlet in self._selection.outlets())
            self._place, self._outlet_options = self._copies.take(self._selection.folders)
            self._visit(outlets)
            self._write_plan()
        except TearsheetError as error:
            self._journal.say("failed", f"{error}; the outlets stay as they were")
            return
        self._journal.say("read", f"the outlet files were read again: {counted(len(outlets), 'outlet')}")

    def _write_plan(self) -> None:
        outlets = tuple(sorted(self._agenda.outlets))
        foreseen = {outlet: self._foreseen[outlet] for outlet in outlets if outlet in self._foreseen}
        plan = replace(self._plan, outlets=outlets, running=self._agenda.running, foreseen=foreseen)
        try:
            plan.write(self._collections)
        except TearsheetError as error:
            self._journal.say("failed", str(error))

    def _stop(self) -> None:
        crawls = list(self._crawls.values())
        if self._stopping:
            self._journal.say(
                "killing", f"told to stop again: {counted(len(crawls), 'crawl')} under way killed"
            )
            for crawl in crawls:
                crawl.kill()
            return
        self._stopping = True
        self._journal.say(
            "stopping",
            f"told to stop: {counted(len(crawls), 'crawl')} under way, pages in flight are finished",
        )
        for crawl in crawls:
            crawl.stop()
        self._woken.set()

    def _hang_up(self) -> None:
        self._reread = True
        self._woken.set()
