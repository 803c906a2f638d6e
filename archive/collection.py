"""One collection: the facade over its WARC files, index, catalogue and texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue, Counts, State, TextRow
from archive.cdxj.index import merge, rebuild
from archive.cdxj.line import cdxj_line
from archive.errors import CollectionError
from archive.exchange import Exchange
from archive.lock import WriterLock
from archive.places import Places
from archive.recovery import recover
from archive.settling import AsBefore, Batch, CaptureOutcome, Settled, Settling
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
        if capture.refers_to:
            original = self.catalogue.by_record_id(capture.refers_to)
            if original is not None:
                capture = original
        return read_record_at(self.places.warc(capture.warc), capture.offset).read_block()

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
        places = Places.of(collections, name)
        places.make()
        self._lock = WriterLock(places.lock)
        try:
            Catalogue(places.catalogue, writable=True).close()
            super().__init__(collections, name)
            self.catalogue.close()
            self.catalogue = Catalogue(places.catalogue, writable=True)
            self.repairs = recover(places, self.catalogue, self.texts) if self._lock.was_killed else []
        except BaseException:
            self._lock.abandon()
            raise
        self._next_capture, next_text = self.catalogue.next_numbers()
        self._first_unindexed = 1 if self._lock.was_killed else self._next_capture
        self._settling = Settling(self.catalogue, self.texts, next_text)
        self._fresh = _Fresh(self.catalogue)
        self._settled_at_rotation: list[Settled] = []
        self._writer = WarcWriter(
            places.archive, origin=origin, rotation=rotation, before_rename=self._commit_before_rename
        )

    def record(self, exchange: Exchange) -> Capture:
        """Write one exchange to the WARC. It is in the catalogue after the next `commit`."""
        capture = write_exchange(self._writer, exchange, self._next_capture, self._fresh)
        self._add(capture)
        return capture

    def adopt(self, capture: Capture) -> Capture:
        """Take in a capture whose record lies in the archive folder already; gives it its number.

        One that is known comes back as the catalogue has it.
        """
        known = self._fresh.by_record_id(capture.record_id)
        if known is None:
            known = replace(capture, number=self._next_capture)
            self._add(known)
        return known

    def find(self, url: str, date: datetime) -> Capture | None:
        """The capture of `url` at `date`, to the second."""
        return self._fresh.find(url, date)

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

    def pending(self) -> list[Capture]:
        """Committed captures that no extraction has looked at yet, in their order."""
        return self.catalogue.pending()

    def commit(self) -> list[Settled]:
        """Make everything up to now durable; returns the captures that were settled by it."""
        self._writer.sync()
        early, self._settled_at_rotation = self._settled_at_rotation, []
        return early + self._commit_rows()

    def close(self) -> None:
        """Commit, finish the WARC file, bring the CDXJ up to date and let go of the lock."""
        try:
            self.commit()
            self._writer.close()
            self._index()
        except BaseException:
            self.abandon()
            raise
        self.catalogue.close()
        self._lock.release()

    def abandon(self) -> None:
        """Let go of everything without finishing it: the next writer repairs, as after a kill."""
        self.catalogue.close()
        self._lock.abandon()

    def _add(self, capture: Capture) -> None:
        self._fresh.add(capture, "pending" if capture.wants_text else "no-page")
        self._next_capture = capture.number + 1

    def _commit_rows(self) -> list[Settled]:
        batch = self._settling.take(self._fresh.numbers())
        self._write_texts(batch)
        self.catalogue.commit(self._fresh.take(), batch.texts, batch.changes.values())
        return batch.settled

    def _write_texts(self, batch: Batch) -> None:
        for name, content in batch.contents.items():
            self.texts.write(name, content, batch.records.pop(name))
        for name, record in batch.records.items():
            self.texts.write_record(name, record)
        if batch.contents or batch.records:
            self.texts.sync()

    def _commit_before_rename(self) -> None:
        self._settled_at_rotation += self._commit_rows()

    def _index(self) -> None:
        lines = (cdxj_line(capture) for capture in self.catalogue.captures(since=self._first_unindexed))
        if self._first_unindexed == 1:
            rebuild(self.places.index, lines)
        else:
            merge(self.places.index, lines)


class _Fresh:
    """Captures written since the last commit, and behind them those of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._captures: list[tuple[Capture, State]] = []

    def add(self, capture: Capture, state: State) -> None:
        self._captures.append((capture, state))

    def take(self) -> Iterable[tuple[Capture, State]]:
        taken, self._captures = self._captures, []
        return taken

    def numbers(self) -> dict[str, int]:
        return {capture.record_id: capture.number for capture, _ in self._captures}

    def by_record_id(self, record_id: str) -> Capture | None:
        for capture, _ in self._captures:
            if capture.record_id == record_id:
                return capture
        return self._catalogue.by_record_id(record_id)

    def find(self, url: str, date: datetime) -> Capture | None:
        second = date.replace(microsecond=0)
        for capture, _ in self._captures:
            if capture.url == url and capture.date.replace(microsecond=0) == second:
                return capture
        return self._catalogue.find(url, second)

    def same(self, url: str, entity_digest: str) -> Capture | None:
        for capture, _ in self._captures:
            if (
                capture.url == url
                and capture.entity_digest == entity_digest
                and capture.record_type == "response"
                and not capture.truncated
            ):
                return capture
        return self._catalogue.same(url, entity_digest)

    def latest(self, url: str) -> Capture | None:
        for capture, _ in reversed(self._captures):
            if (
                capture.url == url
                and capture.record_type == "response"
                and capture.status == 200
                and not capture.truncated
            ):
                return capture
        return self._catalogue.latest(url)
