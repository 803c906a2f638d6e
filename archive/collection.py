"""One collection: the facade over its WARC files, index, catalogue and texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import Counts, TextRow
from archive.cdxj.index import merge, rebuild
from archive.cdxj.line import cdxj_line
from archive.errors import CollectionError, RecordError
from archive.exchange import Exchange
from archive.known import Known
from archive.lock import WriterLock
from archive.places import Places
from archive.recovery import recover
from archive.settling import AsBefore, CaptureOutcome, Settled, Settling
from archive.spool import Spool
from archive.text.names import TextName
from archive.text.record import Json
from archive.text.store import TextStore
from archive.warc.exchanges import write_exchange
from archive.warc.reader import read_record_at
from archive.warc.writer import Origin, Rotation, WarcWriter


class Collection:
    """Reads a collection. Any number of readers may be open, beside one writer."""

    def __init__(self, collections: Path, name: str) -> None:
        """Open the collection `name` below the folder `collections`.

        Raises CollectionError where there is none or it can't be read.
        """
        self.name = name
        self.places = Places.of(collections, name)
        if not self.places.catalogue.exists():
            raise CollectionError(
                f"{self.places.root} is no collection; name one with -c, or make it with `tearsheet scrape`"
            )
        self.catalogue = Catalogue(self.places.catalogue, writable=False)
        self.texts = TextStore(self.places.text)

    def captures(self) -> Iterator[Capture]:
        """All captures in the order in which they were written."""
        return self.catalogue.captures()

    def text_rows(self) -> Iterator[TextRow]:
        """All texts by number."""
        return self.catalogue.texts()

    def counts(self) -> Counts:
        return self.catalogue.counts()

    def read_text(self, row: TextRow) -> tuple[str, Json]:
        """A text file's content and the JSON beside it."""
        name = TextName(row.number, row.hash)
        return self.texts.read(name).decode(), self.texts.read_record(name)

    def read_response(self, capture: Capture) -> Spool:
        """The response of a capture as it went over the wire; of a revisit, that of the capture it refers to.

        The caller closes it. Raises RecordError where the record is not what the catalogue says.
        """
        capture = self._original(capture)
        path = self.places.warc(capture.warc)
        try:
            record = read_record_at(path, capture.offset)
            if record.record_id not in (capture.record_id, None):
                record.close()
                raise RecordError(
                    path, capture.offset, f"it is {record.record_id}, not {capture.record_id} as it was"
                )
            return record.read_block()
        except OSError as error:
            raise RecordError(path, capture.offset, f"the file can't be read ({error.strerror})") from error

    def _original(self, capture: Capture) -> Capture:
        seen = {capture.record_id}
        while capture.record_type == "revisit":
            original = self.catalogue.by_record_id(capture.refers_to) if capture.refers_to else None
            if original is None or original.record_id in seen:
                problem = (
                    "it is a revisit, and what it refers to is not in the collection; replay its WARC file"
                )
                raise RecordError(self.places.warc(capture.warc), capture.offset, problem)
            seen.add(original.record_id)
            capture = original
        return capture

    def close(self) -> None:
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class CollectionWriter(Collection):
    """Adds to a collection, which is made if it is not there. To be used from one thread only.

    What `record` and `settle` were given is durable when `commit` has returned: first the WARC is synced, then
    the texts, then the catalogue, so nothing ever points at bytes that are not there.
    """

    def __init__(
        self,
        collections: Path,
        name: str,
        *,
        origin: Origin = Origin(),  # noqa: B008 - a frozen value
        rotation: Rotation = Rotation(),  # noqa: B008 - a frozen value
    ) -> None:
        """Raises CollectionInUse when another process writes to it, CollectionError when it can't be written."""
        self.name = name
        self.places = Places.of(collections, name)
        self.places.make()
        self.texts = TextStore(self.places.text)
        self._lock = WriterLock(self.places.lock)
        try:
            self.catalogue = Catalogue(self.places.catalogue, writable=True)
        except BaseException:
            self._lock.abandon()
            raise
        self._open = True
        try:
            self._begin(origin, rotation)
        except BaseException:
            self.abandon()
            raise

    def _begin(self, origin: Origin, rotation: Rotation) -> None:
        self.repairs: list[str] = []
        """What had to be put in order, a sentence for each thing."""
        new = self.catalogue.next_numbers() == (1, 0)
        if self._lock.was_killed or self.places.unfinished() or (new and self.places.warcs()):
            self.repairs = recover(self.places, self.catalogue, self.texts, self._lock.unclean_since)
        self._next_capture, next_text = self.catalogue.next_numbers()
        whole = not self.repairs and not self._lock.was_killed and self.places.index.exists()
        self._first_unindexed = self._next_capture if whole else 1
        self._settling = Settling(self.catalogue, self.texts, next_text)
        self._known = Known(self.catalogue, new=self._next_capture == 1)
        self._settled_at_rotation: list[Settled] = []
        self._writer = WarcWriter(
            self.places.archive, origin=origin, rotation=rotation, before_rename=self._commit_before_rename
        )

    def record(self, exchange: Exchange) -> Capture:
        """Write one exchange to the WARC. It is in the catalogue after the next `commit`.

        Raises CollectionError when the disk does not take it.
        """
        self._check_open()
        capture = write_exchange(self._writer, exchange, self._next_capture, self._known)
        self._add(capture)
        return capture

    def adopt(self, capture: Capture) -> Capture:
        """Take in a capture whose record lies in the archive folder already; gives it its number.

        One that is known comes back as the catalogue has it. Raises RecordError for another record with the
        record id of one that is known.
        """
        self._check_open()
        known = self._known.by_record_id(capture.record_id)
        if known is None:
            known = replace(capture, number=self._next_capture)
            self._add(known)
        elif known.block_digest != capture.block_digest and known.entity_digest != capture.entity_digest:
            raise RecordError(
                self.places.warc(capture.warc),
                capture.offset,
                f"its WARC-Record-ID {capture.record_id} is that of another record, in {known.warc} at offset "
                f"{known.offset}; it is left out",
            )
        return known

    def find(self, url: str, date: datetime) -> Capture | None:
        """The capture of `url` at `date`, to the second."""
        return self._known.find(url, date)

    def expect(self, capture: Capture) -> None:
        """Say that `settle` will be called for this capture; texts are numbered in the order of these calls."""
        self._settling.expect(capture)
        if capture.record_type == "revisit":
            self._settling.put(capture.number, AsBefore(capture.refers_to))

    def settle(self, number: int, outcome: CaptureOutcome) -> None:
        """What extraction made of an expected capture; in any order."""
        self._settling.put(number, outcome)

    @property
    def unsettled(self) -> int:
        """How many expected captures no commit has settled yet."""
        return self._settling.unsettled

    def pending(self) -> Iterator[Capture]:
        """Committed captures that no extraction has looked at yet, in their order.

        All of them are to be expected: their texts are numbered before those of captures that come in meanwhile.
        """
        self._settling.expect_first(self.catalogue.pending_numbers())
        return self.catalogue.pending()

    def commit(self) -> list[Settled]:
        """Make everything up to now durable; returns the captures that were settled by it.

        Raises CollectionError when the disk does not take it; the collection is then let go of as it is.
        """
        self._check_open()
        with self._or_abandoned():
            self._writer.sync()
            settled = self._commit_rows()
        early, self._settled_at_rotation = self._settled_at_rotation, []
        return early + settled

    def close(self) -> None:
        """Commit, finish the WARC file, bring the CDXJ up to date and let go of the lock.

        Does nothing for a collection that was let go of. Raises CollectionError as `commit` does.
        """
        if not self._open:
            return
        self.commit()
        with self._or_abandoned():
            self._writer.close()
            self._index()
            self.catalogue.close()
            self._lock.release()
        self._open = False

    def abandon(self) -> None:
        """Let go of everything without finishing it: the next writer repairs, as after a kill."""
        self._open = False
        self._writer.abandon()
        self.catalogue.close()
        self._lock.abandon()

    def _check_open(self) -> None:
        if not self._open:
            raise CollectionError(f"{self.places.root} is closed; open the collection again to write to it")

    @contextmanager
    def _or_abandoned(self) -> Iterator[None]:
        """What fails half-way leaves the collection to the next writer's repair."""
        try:
            yield
        except OSError as error:
            self.abandon()
            raise CollectionError(
                f"{error.filename or self.places.root}: can't be written ({error.strerror}); free some space or choose "
                "another folder with --collections, and run the command again"
            ) from error
        except BaseException:
            self.abandon()
            raise

    def _add(self, capture: Capture) -> None:
        self._known.add(capture, "pending" if capture.wants_text else "no-page")
        self._next_capture = capture.number + 1

    def _commit_rows(self) -> list[Settled]:
        batch = self._settling.take(self._known.number_of)
        self.texts.write(batch.contents, batch.records)
        if batch.records:
            self.texts.sync()
        changes, refreshed = batch.changes.values(), batch.refreshed.values()
        self.catalogue.commit(self._known.take(), batch.texts.values(), changes, refreshed)
        return batch.settled

    def _commit_before_rename(self) -> None:
        with self._or_abandoned():
            self._settled_at_rotation += self._commit_rows()

    def _index(self) -> None:
        if self._first_unindexed == self._next_capture and self.places.index.exists():
            return
        lines = (cdxj_line(capture) for capture in self.catalogue.captures(since=self._first_unindexed))
        if self._first_unindexed == 1:
            rebuild(self.places.index, lines)
        else:
            merge(self.places.index, lines)
