"""Stored captures -> articles, in bulk and without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from archive.accession import take_in_all
from archive.capture import Capture
from archive.catalogue.progress import FileRead, TakenIn
from archive.collection_writer import CollectionWriter
from archive.errors import RecordError, TearsheetError, WaczError
from archive.extraction.workers.pool import ExtractionPool
from archive.in_flight import InFlight
from archive.outcomes import Failure, Settled
from archive.spool import Spool
from archive.wanted import EVERYTHING, Wanted
from archive.warc.captures import read_captures
from archive.warc.record import RecordWarning

COMMIT_EVERY = 200
"""Captures between two commits: few enough for flat memory, many enough that syncing costs nothing."""
LEFT_OUT = "left out by a filter of the replay that took it in; replay it without one"
_COMMIT_AFTER = 5.0
"""Seconds after which one is due anyway: what a kill can cost, and how long a result waits to be told."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A record or file that can't be read. `lost` is False for a fault by which no byte is lost."""

    file: Path
    error: TearsheetError
    lost: bool = True


Event = Settled | Damage


@dataclass(slots=True)
class Tally:
    """What a replay has read until now.

    files      that were read to their end
    known      files that an earlier run had read to their end, and that were not opened
    size       bytes of the files that are done with, and of the one at hand up to the record at hand
    passed     those of them that an earlier run had read
    pages      captures that were extracted or found to be the same as one that was, or that failed
    others     captures that hold no page: redirects, errors, pictures
    left_out   pages that a filter left out
    """

    files: int = 0
    known: int = 0
    size: int = 0
    passed: int = 0
    pages: int = 0
    others: int = 0
    left_out: int = 0


class Replay:
    """Reads WARC files into a collection and extracts the pages in them, in the order of the records.

    Captures that the collection knows keep their numbers; the same text keeps its file. The result does not
    depend on the number of workers, nor on interruptions: a run goes on where the one before, with the same `wanted`,
    was stopped or killed, and what was read to its end is not read again. With `again` it is; a run of that kind which
    did not come to its end is gone on with by the next one. A file whose records share a gzip member is read from its
    beginning.
    """

    def __init__(
        self,
        collection: CollectionWriter,
        pool: ExtractionPool,
        *,
        wanted: Wanted = EVERYTHING,
        again: bool = False,
        commit_every: int = COMMIT_EVERY,
    ) -> None:
        self._commit_every = commit_every
        self._collection = collection
        self._in_flight = InFlight(pool, collection.settle)
        self._wanted = wanted
        self._again = again
        self._selection = str(wanted)
        self._since_commit = 0
        self._next_commit = monotonic() + _COMMIT_AFTER
        self._submitted: set[int] = set()  # numbers of captures that waited for this run; once is enough
        self._damages: list[RecordError | WaczError] = []
        self._stopped = False
        self.tally = Tally()

    def stop(self) -> None:
        """End the run at the next capture. What is done by then is kept; the rest waits for the next run."""
        self._stopped = True

    def run(self, files: Iterable[Path]) -> Iterator[Event]:
        """Replay the files one after another. Each event is given when it is on the disk.

        Raises CollectionError where the collection can't be written.
        """
        chosen = None if self._wanted == EVERYTHING else self._wanted.takes
        for capture in self._collection.pending(chosen):
            if self._stopped:
                break
            self._submit_stored(capture)
            yield from self._events_if_due()
        read: list[str] = []
        for file in files:
            if self._stopped:
                break
            yield from self._file(file, read)
            yield from self._events()
        while self._in_flight and not self._stopped:
            self._in_flight.receive()
        if self._again and not self._stopped:
            for name in read:  # the next run of this kind is a new one
                self._collection.read_up_to(FileRead(name, self._selection_again, 0))
        yield from self._events(last=not self._stopped)

    def renew(self, captures: Iterable[Capture]) -> Iterator[Event]:
        """Extract captures that the collection holds once more, in the order in which they are given; else as `run`.

        Nothing may be pending but these. One that wants no text is passed by in its turn.
        """
        for capture in captures:
            if self._stopped:
                break
            if capture.wants_text:
                self._submit_stored(capture)
            else:
                self._collection.pass_by(capture)
            yield from self._events_if_due()
        while self._in_flight and not self._stopped:
            self._in_flight.receive()
        yield from self._events(last=not self._stopped)

    @property
    def _selection_again(self) -> str:
        return f"again; {self._selection}"

    def _file(self, file: Path, read: list[str]) -> Iterator[Event]:
        size = self.tally.size
        try:
            for stored in self._taken_in(file):
                read.append(stored.name)
                yield from self._stored(stored)
            self.tally.size = size + file.stat().st_size
        except (RecordError, WaczError) as error:
            yield Damage(file, error)
        except OSError as error:
            yield Damage(file, TearsheetError(f"{file} can't be read: {error.strerror}; check the path"))

    def _taken_in(self, file: Path) -> Iterator[Path]:
        """The files of the archive folder that hold what `file` does. One that was taken in is not read again."""
        source, state = str(file.resolve()), file.stat()
        known = self._collection.catalogue.taken_in(source)
        if known and (known.size, known.modified) == (state.st_size, state.st_mtime_ns):
            stored = [self._collection.places.archive / name for name in known.warcs]
            if all(path.exists() for path in stored):
                yield from stored
                return
        names: list[str] = []
        damages: list[WaczError] = []
        try:
            for path in take_in_all(file, self._collection.places, damages.append):
                names.append(path.name)
                yield path
        finally:
            self._damages += damages
        if not damages and not self._stopped:
            self._collection.took_in(TakenIn(source, state.st_size, state.st_mtime_ns, tuple(names)))

    def _stored(self, file: Path) -> Iterator[Event]:
        size, begun = file.stat().st_size, self.tally.size
        start = self._start(file.name, size)
        if start is None:
            self.tally.known += 1
            self.tally.passed += size
            return
        self.tally.passed += start
        selections = {self._selection, self._selection_again if self._again else self._selection}
        captures = read_captures(file, self._note, self._collection.find, start=start)
        for capture, block in captures:
            self._take(capture, block)
            if capture.length:
                start = capture.offset + capture.length
                for selection in selections:
                    self._collection.read_up_to(FileRead(file.name, selection, start))
            self.tally.size = begun + capture.offset
            yield from self._events_if_due()
            if self._stopped:
                return
        for selection in selections:
            self._collection.read_up_to(FileRead(file.name, selection, start, size))
        self.tally.files += 1

    def _note(self, damage: RecordError) -> None:
        self._damages.append(damage)  # the list is another one after each commit

    def _start(self, name: str, size: int) -> int | None:
        """Where to go on in a file, in bytes; None where nothing is left of it."""
        selection = self._selection_again if self._again else self._selection
        read = self._collection.catalogue.file_read(name, selection)
        if read is None or read.offset > size:
            return 0
        return None if read.size == size else read.offset

    def _take(self, read: Capture, block: Spool) -> None:
        with block:
            try:
                capture = self._collection.adopt(read)
            except RecordError as error:
                self._note(error)
                return
            if not capture.wants_text:
                self.tally.others += 1
            elif capture.number in self._submitted:
                return
            elif not self._wanted.takes(capture):
                self.tally.left_out += 1
                self._collection.leave_out(capture, LEFT_OUT)
            elif capture.record_type == "revisit":
                self._expect_revisit(capture)
            else:
                self._collection.expect(capture)
                self._submit(capture, block)

    def _expect_revisit(self, capture: Capture) -> None:
        """A revisit has the text of what it refers to, be that left out by a filter of this run or another."""
        original = self._collection.refers_to(capture)
        if original is not None and self._collection.left_out(original):
            self._submit_stored(original)
        self.tally.pages += 1
        self._collection.expect(capture)

    def _submit_stored(self, capture: Capture) -> None:
        """A capture that an earlier run left without extraction: it goes first, for its text's number."""
        self._submitted.add(capture.number)
        if capture.record_type == "revisit":
            self._expect_revisit(capture)
            return
        self._collection.expect(capture)
        try:
            with self._collection.read_response(capture) as block:
                self._submit(capture, block)
        except RecordError as error:
            self._collection.settle(capture.number, Failure(str(error)))

    def _submit(self, capture: Capture, block: Spool) -> None:
        self.tally.pages += 1
        self._in_flight.hand_over(capture, block)

    def _events_if_due(self) -> Iterator[Event]:
        self._since_commit += 1
        if self._since_commit >= self._commit_every or monotonic() >= self._next_commit:
            yield from self._events()

    def _events(self, *, last: bool = False) -> Iterator[Event]:
        self._since_commit = 0
        self._in_flight.receive_ready()
        yield from self._collection.commit(last=last)
        self._next_commit = monotonic() + _COMMIT_AFTER
        damages, self._damages = self._damages, []
        for error in damages:
            yield Damage(error.path, error, lost=not isinstance(error, RecordWarning))
