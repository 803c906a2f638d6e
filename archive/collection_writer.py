"""Adding to a collection: what is written when, so that nothing ever points at bytes that are not there."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.progress import FileRead, TakenIn
from archive.cdxj.update import update_index
from archive.collection import Collection
from archive.commits import Commits
from archive.errors import CollectionError, RecordError
from archive.exchange import Exchange
from archive.known import Known
from archive.lock import WriterLock
from archive.order import keep_order
from archive.outcomes import AsBefore, CaptureOutcome, NoPage, Settled
from archive.places import Places
from archive.recovery import recover
from archive.rendered import RenderedPage
from archive.repair.catalogue import catalogue_from_warcs
from archive.revisits import resolved
from archive.text.numbers import TextNumbers
from archive.text.store import TextStore
from archive.warc.exchanges import write_exchange
from archive.warc.renderings import write_rendering
from archive.warc.writer import Origin, Rotation, WarcWriter, utc_now


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
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Raises CollectionInUse when another process writes to it, CollectionError when it can't be written."""
        self.name = name
        self.places = Places.of(collections, name)
        self.places.make()
        self.texts = TextStore(self.places.text)
        self._lock = WriterLock(self.places.lock)
        self.repairs: list[str] = []
        """What had to be put in order, a sentence for each thing."""
        try:
            if not self.places.catalogue.exists():
                self.repairs += catalogue_from_warcs(self.places)
            self.catalogue = Catalogue(self.places.catalogue, writable=True)
        except BaseException:
            self._lock.abandon()
            raise
        self._open = True
        try:
            self._begin(origin, rotation, clock)
        except BaseException:
            self.abandon()
            raise

    def _begin(self, origin: Origin, rotation: Rotation, clock: Callable[[], datetime]) -> None:
        self._writer = WarcWriter(
            self.places.archive,
            origin=origin,
            rotation=rotation,
            before_rename=self._commit_before_rename,
            clock=clock,
        )
        new = self.catalogue.next_numbers() == (1, 0)
        if self._lock.was_killed or self.places.unfinished() or (new and self.places.warcs()):
            self.repairs += recover(self.places, self.catalogue, self.texts, self._lock.unclean_since)
        self._next_capture, next_text = self.catalogue.next_numbers()
        whole = not self.repairs and not self._lock.was_killed and self.places.index.exists()
        self._first_unindexed = self._next_capture if whole else 1
        self._known = Known(self.catalogue, self.places.warc, new=self._next_capture == 1)
        self._commits = Commits(self.catalogue, self.texts, self._known, next_text)
        self._settling = self._commits.settling
        self._adopted = bool(self.repairs)
        self._settled_at_rotation: list[Settled] = []

    def record(self, exchange: Exchange) -> Capture:
        """Write one exchange to the WARC. It is in the catalogue after the next `commit`.

        Raises CollectionError when the disk does not take it.
        """
        self._check_open()
        capture = write_exchange(self._writer, exchange, self._next_capture, self._known)
        self._add(capture)
        return capture

    def record_page(self, page: RenderedPage, started: datetime) -> Capture | None:
        """Write a page that a browser rendered, to which it was sent at `started` (aware): all of its records go into
        one WARC file.

        Returns the capture that stands for the page, as `write_rendering` does: no other one of them wants a text.
        Raises CollectionError where the disk does not take them; then none of them is there.
        """
        self._check_open()
        written: list[Capture] = []
        found = write_rendering(self._writer, page, started, self._next_capture, self._known, written.append)
        for capture in written:
            self._add(capture)
        return found

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
            self._adopted = True
            return known
        if known.block_digest != capture.block_digest and known.entity_digest != capture.entity_digest:
            raise RecordError(
                self.places.warc(capture.warc),
                capture.offset,
                f"its WARC-Record-ID {capture.record_id} is that of another record, in {known.warc} at offset "
                f"{known.offset}; it is left out",
            )
        if not known.wants_text:
            self.pass_by(known)
        return known

    def pass_by(self, capture: Capture) -> None:
        """Say that a capture gets no text in its turn: an article that waits for its address waits in vain, unless
        it is to have the text of the page that a browser made of it."""
        if capture.rendering == "part":
            return
        self._settling.turns.expect(capture)
        self.settle(capture.number, NoPage())

    def leave_out(self, capture: Capture, reason: str) -> None:
        """Say that an adopted capture, which wants a text, is not to get one. What was known before stays as it is."""
        self.pass_by(capture)
        self._commits.leave_out(capture, reason)

    def left_out(self, capture: Capture) -> bool:
        """Whether nothing was made of a capture that wants a text, since it was left out."""
        return capture.wants_text and self._commits.state(capture.number).state == "no-page"

    def read_up_to(self, read: FileRead) -> None:
        """Remember how far a file was read; on the disk with the next commit, as its captures are."""
        self._commits.read_up_to(read)

    def took_in(self, taken: TakenIn) -> None:
        """Remember which files of the archive folder hold what another file does; on the disk with the next commit."""
        self._commits.took_in(taken)

    def refers_to(self, capture: Capture) -> Capture | None:
        """What a revisit found unchanged: the capture that holds the page, where it is known."""
        return resolved(capture, self._known.by_record_id)

    def find(self, url: str, date: datetime) -> Capture | None:
        """The capture of `url` at `date`, to the second."""
        return self._known.find(url, date)

    def expect(self, capture: Capture) -> None:
        """Say that `settle` will be called for this capture; texts are numbered in the order of these calls.

        One that was settled before waits for extraction again, also where this process should be killed meanwhile.
        """
        self._settling.turns.expect(capture)
        self._commits.wait_again(capture)
        if capture.record_type == "revisit":
            self.settle(capture.number, AsBefore(capture.refers_to))

    def settle(self, number: int, outcome: CaptureOutcome) -> None:
        """What extraction made of an expected capture; in any order."""
        self._settling.turns.put(number, outcome)

    def number_texts(self, numbers: TextNumbers) -> None:
        """Say which numbers the texts get that are made from now on, where some were lost."""
        self._settling.numbers = numbers

    @property
    def unsettled(self) -> int:
        """How many expected captures no commit has settled yet."""
        return len(self._settling.turns)

    @property
    def continued(self) -> dict[int, str]:
        """Number of a capture -> the URL of the page on which its article goes on. Its text waits for a capture of
        that page, until `let_go` or the end."""
        return self._settling.continued

    def let_go(self, number: int) -> None:
        """Say that nobody captures the page which continues this capture's article."""
        self._settling.let_go(number)

    def pending(self, wanted: Callable[[Capture], bool] | None = None) -> Iterator[Capture]:
        """Committed captures that no extraction has looked at yet, in their order; only those `wanted`, if it is given.

        All of them are to be expected: their texts are numbered before those of captures that come in meanwhile.
        """
        if wanted is None:
            self._settling.turns.expect_first(self.catalogue.pending_numbers())
            return self.catalogue.pending()
        chosen = filter(wanted, self.catalogue.pending())
        self._settling.turns.expect_first(array("Q", (capture.number for capture in chosen)))
        return filter(wanted, self.catalogue.pending())

    def commit(self, *, last: bool = False) -> list[Settled]:
        """Make everything up to now durable; returns the captures that were settled by it.

        With `last`, articles that wait for a further page are settled without it. Raises CollectionError when the
        disk does not take it; the collection is then let go of as it is.
        """
        self._check_open()
        with self._or_abandoned():
            self._writer.sync()
            settled = self._commits.write(last=last)
        early, self._settled_at_rotation = self._settled_at_rotation, []
        return early + settled

    def close(self, *, last: bool = True) -> None:
        """Commit, finish the WARC file, bring the CDXJ up to date and let go of the lock.

        Without `last`, what waits for its extraction or for a further page goes on waiting, for the next writer. Does
        nothing for a collection that was let go of. Raises CollectionError as `commit` does.
        """
        if not self._open:
            return
        self.commit(last=last)
        with self._or_abandoned():
            self._writer.close()
            update_index(self.places.index, self.catalogue, self._first_unindexed, self._next_capture)
            if self._adopted:
                keep_order(self.places, self.catalogue)
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
        self._commits.add(capture)
        self._next_capture = capture.number + 1
        if not capture.wants_text:
            self.pass_by(capture)

    def _commit_before_rename(self) -> None:
        with self._or_abandoned():
            self._settled_at_rotation += self._commits.write()
