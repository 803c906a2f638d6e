"""Worker processes for extraction: one page a task, a time limit a page, a crash costs that page alone.

Extraction runs inside C code that no Python signal interrupts in time (regular expressions, libxml2), so a page that
takes too long is ended by killing its worker, and a new one takes its place. The parent never imports the extractor:
workers are forked by multiprocessing's fork server, which has loaded it once.
"""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from archive.errors import ExtractionError, TearsheetError
from archive.extraction.article import Outcome, Page, Rules

if TYPE_CHECKING:
    from archive.extraction.explained import Explanation

_WORKER = "archive.extraction.worker"
TASKS_PER_WORKER = 2_000
"""Pages after which a worker is replaced, so that memory which C libraries do not give back stays bounded."""


class ExtractionPool:
    """Extracts raw HTTP responses in `workers` processes; `timeout` is the limit for one page in seconds."""

    def __init__(self, workers: int, rules: Rules, timeout: float = 20.0) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([_WORKER])
        self.workers = workers
        self._timeout = timeout
        self._stopped = False
        self._unfinished: dict[Future[Any], str] = {}
        # The first task starts the fork server and waits until it has loaded the extractor, a second or two: a thread
        # of its own does the waiting, not the caller.
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="extraction")
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=TASKS_PER_WORKER,
            initializer=_start_worker,
            initargs=(rules,),
            context=context,
        )

    def submit(self, url: str, response: bytes, captured: datetime | None = None) -> Future[Outcome]:
        """Extract the page of a raw response: status line, header and body as received, framing and coding included.

        `captured` is when it was fetched. The future ends with an Outcome, or with a TearsheetError that names the
        URL: DecodeError and MessageError as raised, ExtractionError for a page that broke the extractor, took longer
        than the limit or killed its worker.
        """
        return self._schedule("extract_response", url, url, response, captured)

    def submit_page(self, page: Page) -> Future[Outcome]:
        """Extract a page whose entity is known, such as a saved file or a `resource` record; else as `submit`."""
        return self._schedule("extract_page", page.url, page)

    def explain(self, url: str, response: bytes, captured: datetime | None = None) -> Future[Explanation]:
        """As `submit`, with each line of the page and what became of it."""
        return self._schedule("explain_response", url, url, response, captured)

    def explain_page(self, page: Page) -> Future[Explanation]:
        """As `submit_page`, with each line of the page and what became of it."""
        return self._schedule("explain_page", page.url, page)

    def close(self) -> None:
        """Finish what was submitted, then end the workers."""
        self._sender.shutdown()
        self._pool.close()  # type: ignore[no-untyped-call]
        self._pool.join()

    def stop(self) -> None:
        """End the workers now; unfinished futures fail."""
        self._stopped = True
        self._sender.shutdown()
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        # pebble lets go of tasks that it had queued but not sent to a worker.
        for future, url in list(self._unfinished.items()):
            if future.set_running_or_notify_cancel():
                future.set_exception(_stopped(url))

    def _schedule(self, work: str, url: str, *page: object) -> Future[Any]:
        future: Future[Any] = Future()
        self._unfinished[future] = url
        future.add_done_callback(lambda done: self._unfinished.pop(done, None))
        self._sender.submit(self._send, future, work, url, page)
        return future

    def _send(self, future: Future[Any], work: str, url: str, page: tuple[object, ...]) -> None:
        try:
            task = self._pool.schedule(_work, args=(work, *page), timeout=self._timeout)
        except (
            RuntimeError
        ) as error:  # pebble's word for a pool that was closed or whose workers can't be started
            future.set_exception(ExtractionError(f"{url}: the extraction pool takes no more work ({error})"))
            return
        task.add_done_callback(lambda done: self._settle(future, done, url))

    def _settle(self, future: Future[Any], done: Future[Any], url: str) -> None:
        if not future.set_running_or_notify_cancel():
            return
        if done.cancelled() or self._stopped:
            future.set_exception(_stopped(url))
            return
        error = done.exception()
        if error is None:
            future.set_result(done.result())
        elif isinstance(error, TearsheetError):
            future.set_exception(error)
        else:
            future.set_exception(self._named(error, url))

    def _named(self, error: BaseException, url: str) -> ExtractionError:
        if isinstance(error, TimeoutError):
            named = (
                f"{url}: extraction took longer than {self._timeout:g} s and was ended; the capture is kept"
            )
        elif isinstance(error, ProcessExpired):
            named = f"{url}: the extraction worker died (exit code {error.exitcode}); the capture is kept"
        else:
            named = f"{url}: extraction failed with {type(error).__name__}: {error}; please report the page"
        result = ExtractionError(named)
        result.__cause__ = error
        return result


def _stopped(url: str) -> ExtractionError:
    return ExtractionError(f"{url}: extraction was stopped before it was done")


_rules = Rules()


def _start_worker(rules: Rules) -> None:
    """Run first in each worker. The parent decides when work ends, so Ctrl-C at the terminal is its business."""
    global _rules
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _rules = rules


def _work(work: str, *page: Any) -> Any:
    from archive.extraction import worker

    return getattr(worker, work)(*page, _rules)
