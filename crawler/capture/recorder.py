"""The recorder: one thread that writes a collection, between the reactor and the extraction workers.

The reactor hands over exchanges and awaits their captures; hashing, packing and writing happen here, for the most
part without Python's lock. Pages go on to the workers, as many of them as keep these busy while a commit takes its
time. What they find is committed in groups, at most every `COMMIT_EVERY` seconds, since each commit waits for the disk.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any

from archive.capture import Capture
from archive.collection_writer import CollectionWriter
from archive.exchange import Exchange
from archive.extraction.workers.pool import ExtractionPool
from archive.in_flight import InFlight
from archive.outcomes import Settled
from archive.rendered import RenderedPage
from archive.replay import Replay
from archive.spool import Spool

COMMIT_EVERY = 0.5  # seconds; what a kill can cost, and how long a row waits to be shown


Job = tuple[Callable[[], None], "Future[Recording] | None"]


@dataclass(frozen=True, slots=True)
class Recording:
    """A capture in the WARC, and what becomes of it.

    settled    what was made of it, once that is on the disk
    continued  the URL of the page on which its article goes on and which is to be captured next, or None. Until
               then, or until `let_go` is called, `settled` waits.
    """

    capture: Capture
    settled: Future[Settled]
    continued: Future[str | None]
    let_go: Callable[[], None]


class Recorder:
    """Writes exchanges to a collection from a thread of its own. Any thread may call `record`.

    Without a `pool` nothing is extracted: pages stay pending until a later run or a replay.
    """

    def __init__(self, collection: CollectionWriter, pool: ExtractionPool | None) -> None:
        self._collection = collection
        self._pool = pool
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._recordings: dict[int, Recording] = {}
        self._unextracted: list[Capture] = []
        self._in_flight = InFlight(pool, collection.settle) if pool else None
        self._next_commit = monotonic() + COMMIT_EVERY
        self._dirty = False
        self._closing = False
        self.failure: Exception | None = None
        """Why nothing can be written any more, once that is so."""
        # Daemonic, so that a crawl which could not start keeps no process alive; see recorders.py.
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def record(self, exchange: Exchange) -> Future[Recording]:
        """Write an exchange; the future fails with CollectionError when the disk does not take it."""
        future: Future[Recording] = _promise()
        if self._take(partial(self._record, exchange, future), future):
            return future
        exchange.response.close()
        future.set_exception(self.failure)
        return future

    def record_page(self, page: RenderedPage, started: datetime) -> Future[Recording | None]:
        """Write a page that a browser rendered, to which it was sent at `started` (aware). The recording is of the
        capture that stands for the page; None where nothing came of it at all. The future fails as that of `record`.
        """
        future: Future[Recording | None] = _promise()
        if self._take(partial(self._record_page, page, started, future), future):
            return future
        page.close()
        future.set_exception(self.failure)
        return future

    def _take(self, job: Callable[[], None], future: Future[Any]) -> bool:
        with self._lock:
            if self.failure is None:
                self._jobs.put((job, future))
                return True
        return False

    def close(self) -> None:
        """Wait for the workers, commit, and close the collection. Raises what kept it from being written."""
        self._jobs.put((self._close, None))
        self._thread.join()
        if self._pool is not None:
            self._pool.close()
        if self.failure is not None:
            raise self.failure

    def _close(self) -> None:
        self._closing = True

    def _run(self) -> None:
        try:
            self._work()
            self._collection.close()
        except Exception as error:  # noqa: BLE001 - the thread's outermost loop: told to all who wait
            with self._lock:
                self.failure = error
            self._collection.abandon()
            for recording in self._recordings.values():
                recording.settled.set_exception(error)
                if not recording.continued.done():
                    recording.continued.set_exception(error)
            while not self._jobs.empty():
                _, future = self._jobs.get()
                if future is not None:
                    future.set_exception(error)

    def _work(self) -> None:
        if self._pool is not None:
            # What an earlier run left unextracted goes first, for its texts' numbers; new exchanges wait.
            for _ in Replay(self._collection, self._pool).run(()):
                pass
        while not self._closing:
            self._do_next()
        while self._in_flight:
            self._in_flight.receive()
            self._commit_if_due()
        self._commit(last=True)

    def _do_next(self) -> None:
        timeout = max(0.0, self._next_commit - monotonic()) if self._is_dirty else None
        try:
            job, _ = self._jobs.get(timeout=timeout)
        except queue.Empty:
            self._commit()
            return
        job()
        self._commit_if_due()

    def _record(self, exchange: Exchange, future: Future[Recording]) -> None:
        try:
            capture = self._collection.record(exchange)
        except Exception as error:  # noqa: BLE001 - handed to the one who waits for it
            exchange.response.close()
            future.set_exception(error)
            return
        recording = self._begin(capture, exchange.response)
        exchange.response.close()
        future.set_result(recording)

    def _record_page(self, page: RenderedPage, started: datetime, future: Future[Recording | None]) -> None:
        try:
            capture = self._collection.record_page(page, started)
        except Exception as error:  # noqa: BLE001 - handed to the one who waits for it
            page.close()
            future.set_exception(error)
            return
        recording = None if capture is None else self._begin(capture, page.block_of(capture))
        page.close()
        future.set_result(recording)

    def _begin(self, capture: Capture, block: Spool) -> Recording:
        recording = Recording(capture, _promise(), _promise(), partial(self._ask_to_let_go, capture.number))
        self._recordings[capture.number] = recording
        self._dirty = True
        if self._in_flight is not None and capture.wants_text:
            self._collection.expect(capture)
            if capture.record_type != "revisit":
                self._in_flight.hand_over(capture, block)
        else:
            self._unextracted.append(capture)
        return recording

    def _ask_to_let_go(self, number: int) -> None:
        self._jobs.put((partial(self._let_go, number), None))

    def _let_go(self, number: int) -> None:
        self._collection.let_go(number)
        self._dirty = True

    @property
    def _is_dirty(self) -> bool:
        return self._dirty or bool(self._in_flight)

    def _commit_if_due(self) -> None:
        if self._is_dirty and monotonic() >= self._next_commit:
            self._commit()

    def _commit(self, *, last: bool = False) -> None:
        unextracted, self._unextracted = self._unextracted, []
        if self._in_flight is not None:
            self._in_flight.receive_ready()
        committed = self._collection.commit(last=last)
        committed += [Settled(c, "pending" if c.wants_text else "no-page") for c in unextracted]
        self._dirty = False
        self._next_commit = monotonic() + COMMIT_EVERY
        for settled in committed:
            if recording := self._recordings.pop(settled.capture.number, None):
                recording.settled.set_result(settled)
                if not recording.continued.done():
                    recording.continued.set_result(None)
        for number, url in self._collection.continued.items():
            recording = self._recordings.get(number)
            if recording and not recording.continued.done():
                recording.continued.set_result(url)


def _promise() -> Future[Any]:
    """A future that those who wait for it can't cancel: a result for nobody is no error of the recorder."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future
