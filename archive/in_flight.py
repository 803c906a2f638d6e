"""Pages that extraction workers have in hand: enough that none waits for the next, few enough for flat memory."""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future

from archive.capture import PAGE_LIMIT, Capture
from archive.extraction.article import Article, NoArticle, Outcome
from archive.extraction.workers.pool import ExtractionPool
from archive.outcomes import Failure, outcome_of
from archive.spool import Spool
from archive.warc.captures import page_of

_PAGES = 64  # for each worker: more than it gets done while a commit keeps this process busy
_BYTES = 32 << 20  # of all of them: so many pages of 256 kB for each of two workers
_AHEAD = 1_000  # pages handed over after one that is not back: their articles wait for its turn in memory

Settle = Callable[[int, Article | NoArticle | Failure], None]


class InFlight:
    """Hands pages to the workers and gives what comes back, in any order, to `settle` with the capture's number.

    All of it happens in the thread that calls.
    """

    def __init__(self, pool: ExtractionPool, settle: Settle) -> None:
        self._pool = pool
        self._settle = settle
        self._done: queue.SimpleQueue[tuple[int, Capture, Future[Outcome]]] = queue.SimpleQueue()
        self._sizes: dict[int, int] = {}  # task -> bytes of its page, the oldest first
        self._bytes = 0
        self._task = 0

    def __bool__(self) -> bool:
        return bool(self._sizes)

    def hand_over(self, capture: Capture, block: Spool) -> None:
        """Have a capture extracted. Waits until there is room; one that is too large fails at once."""
        if sentence := too_large(capture, block):
            self._settle(capture.number, Failure(sentence))
            return
        while self._is_full(block.size):
            self.receive()
        self._task = task = self._task + 1
        self._sizes[task] = block.size
        self._bytes += block.size
        if capture.record_type == "resource":
            future = self._pool.submit_page(page_of(capture, block))
        else:
            future = self._pool.submit(capture.url, block.getvalue(), capture.date)
        future.add_done_callback(lambda done: self._done.put((task, capture, done)))

    def receive(self) -> None:
        """Settle the next page that comes back, or came back before. There must be one in flight."""
        task, capture, future = self._done.get()
        self._bytes -= self._sizes.pop(task)
        self._settle(capture.number, outcome_of(capture.url, future))

    def receive_ready(self) -> None:
        """Settle all that came back."""
        while not self._done.empty():
            self.receive()

    def _is_full(self, more: int) -> bool:
        if not self._sizes:
            return False
        if len(self._sizes) >= self._pool.workers * _PAGES or self._bytes + more > _BYTES:
            return True
        return self._task - next(iter(self._sizes)) >= _AHEAD


def too_large(capture: Capture, block: Spool) -> str | None:
    """Why a capture is not handed to extraction for its size, or None where it is."""
    if block.size <= PAGE_LIMIT:
        return None
    return f"{capture.url}: {block.size} bytes are more than a page can have ({PAGE_LIMIT})"
