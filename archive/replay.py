"""Stored captures -> articles, in bulk and without a network."""

from __future__ import annotations

import queue
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from archive.accession import take_in_all
from archive.capture import Capture
from archive.collection_writer import CollectionWriter
from archive.errors import RecordError, TearsheetError, WaczError
from archive.extraction.article import Outcome, Page
from archive.extraction.workers.pool import ExtractionPool
from archive.outcomes import Failure, Settled, outcome_of
from archive.spool import Spool
from archive.warc.captures import read_captures
from archive.warc.record import RecordWarning

COMMIT_EVERY = 200
"""Captures between two commits: few enough for flat memory, many enough that syncing costs nothing."""
PAGE_LIMIT = 64 << 20
"""Bytes of a response that are handed to a worker: twice what a crawl takes of a page."""
_IN_FLIGHT = 4  # pages per worker that are handed over and not back yet


@dataclass(frozen=True, slots=True)
class Damage:
    """A record or file that can't be read. `lost` is False for a fault by which no byte is lost."""

    file: Path
    error: TearsheetError
    lost: bool = True


Event = Settled | Damage


class Replay:
    """Reads WARC files into a collection and extracts every page in them again, in the order of the records.

    Captures that the collection knows keep their numbers; the same text keeps its file. The result does not
    depend on the number of workers.
    """

    def __init__(self, collection: CollectionWriter, pool: ExtractionPool) -> None:
        self._collection = collection
        self._pool = pool
        self._done: queue.SimpleQueue[tuple[Capture, Future[Outcome]]] = queue.SimpleQueue()
        self._in_flight = 0
        self._since_commit = 0
        self._submitted: set[int] = set()  # numbers of captures that waited for this run; once is enough
        self._damages: list[RecordError | WaczError] = []

    def run(self, files: Iterable[Path]) -> Iterator[Event]:
        """Replay the files one after another. Each event is given when it is on the disk.

        Raises CollectionError where the collection can't be written.
        """
        for capture in self._collection.pending():
            self._submit_stored(capture)
            yield from self._events_if_due()
        for file in files:
            yield from self._file(file)
            yield from self._events()
        while self._in_flight:
            self._receive()
        yield from self._events(last=True)

    def _file(self, file: Path) -> Iterator[Event]:
        try:
            for stored in take_in_all(file, self._collection.places, self._damages.append):
                yield from self._stored(stored)
        except (RecordError, WaczError) as error:
            yield Damage(file, error)
        except OSError as error:
            yield Damage(file, TearsheetError(f"{file} can't be read: {error.strerror}; check the path"))

    def _stored(self, file: Path) -> Iterator[Event]:
        captures = read_captures(file, self._damages.append, self._collection.find)
        found = next(captures, None)
        while found is not None:
            self._take(*found)
            yield from self._events_if_due()
            found = next(captures, None)

    def _take(self, read: Capture, block: Spool) -> None:
        with block:
            try:
                capture = self._collection.adopt(read)
            except RecordError as error:
                self._damages.append(error)
                return
            if not capture.wants_text or capture.number in self._submitted:
                return
            self._collection.expect(capture)
            if capture.record_type == "revisit":
                return
            self._submit(capture, block)

    def _submit_stored(self, capture: Capture) -> None:
        """A capture that an earlier run left without extraction: it goes first, for its text's number."""
        self._collection.expect(capture)
        if capture.record_type == "revisit":
            self._submitted.add(capture.number)
            return
        try:
            with self._collection.read_response(capture) as block:
                self._submit(capture, block)
        except RecordError as error:
            self._collection.settle(capture.number, Failure(str(error)))
        else:
            self._submitted.add(capture.number)

    def _submit(self, capture: Capture, block: Spool) -> None:
        if sentence := too_large(capture, block):
            self._collection.settle(capture.number, Failure(sentence))
            return
        while self._in_flight >= self._pool.workers * _IN_FLIGHT:
            self._receive()
        self._in_flight += 1
        if capture.record_type == "resource":
            page = Page(capture.url, block.getvalue(), capture.mime, capture.date)
            future = self._pool.submit_page(page)
        else:
            future = self._pool.submit(capture.url, block.getvalue(), capture.date)
        future.add_done_callback(lambda done: self._done.put((capture, done)))

    def _receive(self) -> None:
        capture, future = self._done.get()
        self._in_flight -= 1
        self._collection.settle(capture.number, outcome_of(capture.url, future))

    def _events_if_due(self) -> Iterator[Event]:
        self._since_commit += 1
        if self._since_commit >= COMMIT_EVERY:
            yield from self._events()

    def _events(self, *, last: bool = False) -> Iterator[Event]:
        self._since_commit = 0
        while not self._done.empty():
            self._receive()
        yield from self._collection.commit(last=last)
        damages, self._damages = self._damages, []
        for error in damages:
            yield Damage(error.path, error, lost=not isinstance(error, RecordWarning))


def too_large(capture: Capture, block: Spool) -> str | None:
    """Why a capture is not handed to extraction for its size, or None where it is."""
    if block.size <= PAGE_LIMIT:
        return None
    return f"{capture.url}: {block.size} bytes are more than a page can have ({PAGE_LIMIT})"
