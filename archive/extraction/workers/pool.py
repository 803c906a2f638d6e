"""Worker processes for extraction: one page a task, bounds on what a page may take, a crash costs that page alone.

Extraction runs inside C code that no Python signal interrupts in time (regular expressions, libxml2), so a page that
takes too long is ended together with its worker, and a new one takes its place. The limit is on processor time: on a
busy machine a page takes longer and is none the worse for it. The parent never imports the extractor: workers are
forked by multiprocessing's fork server, which has loaded it once.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from archive.errors import ExtractionError, TearsheetError
from archive.extraction.article import Outcome, Page, Rules
from archive.extraction.workers import limits
from archive.extraction.workers.server import start_server

if TYPE_CHECKING:
    from archive.extraction.explanation.explained import Explanation

TASKS_PER_WORKER = 2_000
"""Pages after which a worker is replaced, so that memory which C libraries do not give back stays bounded."""
WALL_FACTOR = 24.0
"""How much longer than its processor time a page may take by the clock: for a worker that waits or was stopped."""
_TRIES = 3


@dataclass(slots=True, eq=False)
class _Task:
    """One page. `tries` counts the pools that it was given to: one that breaks is replaced."""

    url: str
    work: str
    page: tuple[object, ...]
    future: Future[Any] = field(default_factory=Future)
    tries: int = 0


class ExtractionPool:
    """Extracts raw HTTP responses in `workers` processes.

    `timeout` is the limit for one page in seconds of processor time, `memory` that of a worker in bytes. The clock has
    a say only after `wall` seconds, WALL_FACTOR times as many as `timeout` where it is not given.
    """

    def __init__(
        self,
        workers: int,
        rules: Rules,
        timeout: float = limits.TIMEOUT,
        memory: int = limits.MEMORY,
        wall: float | None = None,
    ) -> None:
        self.workers = workers
        self._bounds = (rules, timeout, memory)
        self._wall = wall or WALL_FACTOR * timeout
        self._stopped = False
        self._unfinished: set[_Task] = set()
        # The first task waits until the fork server has loaded the extractor, a second or two: a thread of its own does
        # the waiting, not the caller.
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="extraction")
        self._pool = self._new_pool()

    def submit(self, url: str, response: bytes, captured: datetime | None = None) -> Future[Outcome]:
        """Extract the page of a raw response: status line, header and body as received, framing and coding included.

        `captured` is when it was fetched. The future ends with an Outcome, or with a TearsheetError that names the
        URL: DecodeError and MessageError as raised, ExtractionError for a page that broke the extractor, took more
        than the limits or killed its worker.
        """
        return self._submit(_Task(url, "extract_response", (url, response, captured)))

    def submit_page(self, page: Page) -> Future[Outcome]:
        """Extract a page whose entity is known, such as a saved file or a `resource` record; else as `submit`."""
        return self._submit(_Task(page.url, "extract_page", (page,)))

    def explain(self, url: str, response: bytes, captured: datetime | None = None) -> Future[Explanation]:
        """As `submit`, with each line of the page and what became of it."""
        return self._submit(_Task(url, "explain_response", (url, response, captured)))

    def explain_page(self, page: Page) -> Future[Explanation]:
        """As `submit_page`, with each line of the page and what became of it."""
        return self._submit(_Task(page.url, "explain_page", (page,)))

    def close(self) -> None:
        """Finish what was submitted, then end the workers."""
        self._sender.shutdown()
        self._pool.close()  # type: ignore[no-untyped-call]
        self._pool.join()

    def stop(self) -> None:
        """End the workers now; unfinished futures fail."""
        self._stopped = True
        self._sender.shutdown()
        self._end_pool()
        # pebble lets go of tasks that it had queued but not sent to a worker.
        for task in list(self._unfinished):
            self._fail(task, _stopped(task.url))

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.workers,
            max_tasks=TASKS_PER_WORKER,
            initializer=limits.start_worker,
            initargs=self._bounds,
            context=start_server(),
        )

    def _end_pool(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _submit(self, task: _Task) -> Future[Any]:
        self._unfinished.add(task)
        task.future.add_done_callback(lambda _: self._finish(task))
        self._sender.submit(self._send, task)
        return task.future

    def _finish(self, task: _Task) -> None:
        self._unfinished.discard(task)
        # Task and future hold each other until the garbage collector comes by, which may be a thousand pages later.
        task.page = ()

    def _send(self, task: _Task) -> None:
        """Give the task to the pool, or to a new one in place of a pool that broke: pebble's does when an idle worker
        dies, as one may by the hand of a kernel that is out of memory."""
        task.tries += 1
        try:
            done = self._pool.schedule(limits.work, args=(task.work, *task.page), timeout=self._wall)
        except RuntimeError as error:  # pebble's word for a pool that broke, was closed, or has no workers
            if self._stopped or task.tries >= _TRIES:
                self._fail(
                    task, ExtractionError(f"{task.url}: the extraction pool takes no more work ({error})")
                )
                return
            self._end_pool()
            self._pool = self._new_pool()
            self._send(task)
            return
        done.add_done_callback(lambda done: self._settle(task, done))

    def _settle(self, task: _Task, done: Future[Any]) -> None:
        if done.cancelled() or self._stopped:
            self._fail(task, _stopped(task.url))
            return
        error = done.exception()
        if error is None:
            if task.future.set_running_or_notify_cancel():
                task.future.set_result(done.result())
        elif isinstance(error, BrokenProcessPool) and task.tries < _TRIES and self._again(task):
            return
        else:
            self._fail(task, error if isinstance(error, TearsheetError) else self._named(error, task.url))

    def _again(self, task: _Task) -> bool:
        """Send a task that the pool had not begun when it broke. False where the pool is about to close."""
        try:
            self._sender.submit(self._send, task)
        except RuntimeError:
            return False
        return True

    @staticmethod
    def _fail(task: _Task, error: BaseException) -> None:
        if task.future.set_running_or_notify_cancel():
            task.future.set_exception(error)

    def _named(self, error: BaseException, url: str) -> ExtractionError:
        _, seconds, memory = self._bounds
        exit_code = error.exitcode if isinstance(error, ProcessExpired) else None
        if isinstance(error, TimeoutError):
            named = f"did not end within {self._wall:g} s and was ended; the capture is kept"
        elif exit_code == limits.OUT_OF_TIME:
            named = f"took longer than {seconds:g} s of processor time and was ended; the capture is kept"
        elif exit_code == limits.OUT_OF_MEMORY:
            named = f"took more than {memory >> 20} MiB of memory and was ended; the capture is kept"
        elif isinstance(error, ProcessExpired):
            named = f"failed: its worker died (exit code {exit_code}); the capture is kept"
        else:
            named = f"failed with {type(error).__name__}: {error}; please report the page"
        result = ExtractionError(f"{url}: extraction {named}")
        result.__cause__ = error
        return result


def _stopped(url: str) -> ExtractionError:
    return ExtractionError(f"{url}: extraction was stopped before it was done")
