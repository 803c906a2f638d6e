"""Worker processes for extraction: a page that hangs or crashes one costs that page only."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from pebble import ProcessExpired, ProcessPool

from archive.errors import ExtractionError
from archive.extraction.article import Outcome, Page, Rules

TIMEOUT = 20.0
"""Seconds after which a page is given up; real pages take 5 to 200 ms."""
MAX_TASKS = 5_000  # pages after which a worker is replaced, so that no leak of a library adds up

_rules = Rules()


class ExtractionPool:
    """Extracts pages in `workers` processes.

    They are started by a fork server, since this process runs threads and perhaps a reactor, and import the
    extraction themselves: the parent never loads it. Ctrl-C is the parent's affair; workers do not hear it.
    """

    def __init__(self, workers: int, rules: Rules, timeout: float = TIMEOUT) -> None:
        """`timeout` is in seconds, for one page."""
        self.workers = workers
        self._timeout = timeout
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["archive.extraction.pool"])
        self._pool = ProcessPool(
            max_workers=workers, max_tasks=MAX_TASKS, initializer=_begin, initargs=(rules,), context=context
        )

    def submit(self, url: str, response: bytes) -> Future[Outcome]:
        """Extract the page that a raw HTTP response holds, framing and codings included.

        The future gives what `extract` gives, or raises DecodeError or ExtractionError, naming the URL.
        """
        return self._schedule(url, partial(_extract_response, url, response))

    def submit_entity(self, url: str, body: bytes, content_type: str | None) -> Future[Outcome]:
        """Extract a page whose entity is known, such as a saved file or a `resource` record."""
        return self._schedule(url, partial(_extract_entity, url, body, content_type))

    def close(self) -> None:
        """Finish what was submitted and end the workers."""
        self._pool.close()  # type: ignore[no-untyped-call]
        self._pool.join()

    def stop(self) -> None:
        """End the workers at once."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _schedule(self, url: str, task: Callable[[], Outcome]) -> Future[Outcome]:
        outcome: Future[Outcome] = Future()
        work = self._pool.schedule(task, timeout=self._timeout)
        work.add_done_callback(partial(self._pass_on, url, outcome))
        return outcome

    def _pass_on(self, url: str, outcome: Future[Outcome], work: Future[Outcome]) -> None:
        error = work.exception()
        if error is None:
            outcome.set_result(work.result())
        elif isinstance(error, TimeoutError):
            outcome.set_exception(
                ExtractionError(f"{url}: extraction took longer than {self._timeout:g} s and was given up")
            )
        elif isinstance(error, ProcessExpired):
            outcome.set_exception(ExtractionError(f"{url}: the page crashed the extraction ({error})"))
        else:
            outcome.set_exception(error)


def _begin(rules: Rules) -> None:
    """First thing in a worker."""
    global _rules  # noqa: PLW0603 - a worker has one set of rules for its life
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _rules = rules
    from archive.extraction import extract  # noqa: F401 - loaded before the first page waits for it


def _extract_response(url: str, response: bytes) -> Outcome:
    from archive.warc.coding import entity

    head, body = entity(response)
    return _extract_entity(url, body, head.get("Content-Type"))


def _extract_entity(url: str, body: bytes, content_type: str | None) -> Outcome:
    from archive.extraction.extract import extract

    return extract(Page(url, body, content_type), _rules)
