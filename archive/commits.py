"""What a writer has learned since its last commit, and how a commit takes it to the disk: texts first, then the rows
that point at them, all rows together or none."""

from __future__ import annotations

from dataclasses import replace

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.progress import FileRead, TakenIn
from archive.catalogue.rows import CaptureState
from archive.known import Known
from archive.outcomes import Settled
from archive.settling import Settling
from archive.text.numbers import TextNumbers
from archive.text.store import TextStore


class Commits:
    """The commits of one writer. The records of every capture that it is told of are in a WARC file by then; that they
    are on the disk before a commit is for the caller to see to.

    known     the captures that were added, and behind them those of the catalogue
    settling  what becomes of captures, in their order
    """

    def __init__(self, catalogue: Catalogue, texts: TextStore, known: Known, next_text: int) -> None:
        self.known = known
        self.settling = Settling(catalogue, texts, TextNumbers(next_text))
        self._catalogue = catalogue
        self._texts = texts
        self._states: dict[int, CaptureState] = {}  # of captures that are extracted anew, or left out
        self._files_read: dict[tuple[str, str], FileRead] = {}
        self._taken_in: list[TakenIn] = []

    def add(self, capture: Capture) -> None:
        """A new capture, which waits for extraction where it wants a text."""
        self.known.add(capture, "pending" if capture.wants_text else "no-page")

    def state(self, number: int) -> CaptureState:
        """What became of a capture: by the next commit, or before it."""
        fresh = self._states.get(number) or self.known.state(number)
        return fresh or self._catalogue.state(number) or CaptureState(number, "pending")

    def leave_out(self, capture: Capture, reason: str) -> None:
        """A new capture gets no text. What was known before stays as it is: what waited for extraction goes on
        waiting."""
        if self.known.state(capture.number):
            self._states[capture.number] = CaptureState(capture.number, "no-page", note=reason)

    def wait_again(self, capture: Capture) -> None:
        """A capture that was settled before waits for extraction again; it keeps its text until then."""
        known = self.state(capture.number)
        if known.state != "pending":
            self._states[capture.number] = replace(known, state="pending", note=None)

    def read_up_to(self, read: FileRead) -> None:
        self._files_read[read.warc, read.selection] = read

    def took_in(self, taken: TakenIn) -> None:
        self._taken_in.append(taken)

    def write(self, *, last: bool = False) -> list[Settled]:
        """Commit; returns the captures that were settled by it. With `last`, articles that wait for a further page are
        settled without it. Raises CollectionError and OSError."""
        batch = self.settling.take(self.known.number_of, last=last)
        self._texts.write(batch.contents, batch.records)
        if batch.records:
            self._texts.sync()
        changes, self._states = self._states | batch.changes, {}
        files_read, self._files_read = self._files_read, {}
        taken_in, self._taken_in = self._taken_in, []
        self._catalogue.commit(
            self.known.take(),
            batch.texts.values(),
            changes.values(),
            batch.refreshed.values(),
            files_read.values(),
            taken_in,
        )
        return batch.settled
