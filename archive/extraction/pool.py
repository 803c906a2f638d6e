"""Worker processes for extraction: one page a task, a time limit a page, a crash costs that page alone.

Extraction runs inside C code that no Python signal interrupts in time (regular expressions, libxml2), so a page that
takes too long is ended by killing its worker, and a new one takes its place. The parent never imports the extractor:
workers are forked by multiprocessing's fork server, which has loaded it once.
"""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import Future
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from archive.errors import ExtractionError, TearsheetError
from archive.extraction.article import Outcome, Rules

if TYPE_CHECKING:
    from pebble import ProcessFuture

_WORKER = "archive.extraction.worker"
TASKS_PER_WORKER = 2_000
"""Pages after which a worker is replaced, so that memory which C libraries do not give back stays bounded."""


class ExtractionPool:
    """Extracts raw HTTP responses in `workers` processes; `timeout` is the limit for one page in seconds."""

    def __init__(self, workers: int, rules: Rules, timeout: float = 20.0) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([_WORKER])
        self._timeout = timeout
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=TASKS_PER_WORKER,
            initializer=_start_worker,
            initargs=(rules,),
            context=context,
        )

    def submit(self, url: str, response: bytes) -> Future[Outcome]:
        """Extract the page of a raw response: status line, header and body as received, framing and coding included.

        The future ends with an Outcome, or with a TearsheetError that names the URL: DecodeError and MessageError as
        raised, ExtractionError for a page that broke the extractor, took longer than the limit or killed its worker.
        """
        future: Future[Outcome] = Future()
        task = self._pool.schedule(_work, args=(url, response), timeout=self._timeout)
        task.add_done_callback(lambda done: self._settle(future, done, url))
        return future

    def close(self) -> None:
        """Finish what was submitted, then end the workers."""
        self._pool.close()
        self._pool.join()

    def stop(self) -> None:
        """End the workers now; unfinished futures fail."""
        self._pool.stop()
        self._pool.join()

    def _settle(self, future: Future[Outcome], done: ProcessFuture[Outcome], url: str) -> None:
        if not future.set_running_or_notify_cancel():
            return
        if done.cancelled():
            future.set_exception(ExtractionError(f"{url}: extraction was stopped before it was done"))
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
            named = f"{url}: extraction took longer than {self._timeout:g} s and was ended; the capture is kept"
        elif isinstance(error, ProcessExpired):
            named = f"{url}: the extraction worker died (exit code {error.exitcode}); the capture is kept"
        else:
            named = f"{url}: extraction failed with {type(error).__name__}: {error}; please report the page"
        result = ExtractionError(named)
        result.__cause__ = error
        return result


_rules = Rules()


def _start_worker(rules: Rules) -> None:
    """Run first in each worker. The parent decides when work ends, so Ctrl-C at the terminal is its business."""
    global _rules
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _rules = rules


def _work(url: str, response: bytes) -> Outcome:
    from archive.extraction.worker import extract_response

    return extract_response(url, response, _rules)


