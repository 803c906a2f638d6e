"""Bringing the catalogue's captures in line with the records of the WARC files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.order import Stretch, read_order
from archive.places import Places
from archive.verification.rows import Pair, pairs

_AT_ONCE = 1_000  # captures added to the catalogue in one commit


@dataclass(slots=True)
class Mended:
    """What came of one file: rows that were added, rows that were set right, rows whose records are not there."""

    path: Path
    added: int = 0
    corrected: int = 0
    lost: int = 0


def mend_captures(places: Places, catalogue: Catalogue, *, dry_run: bool = False) -> Iterator[Mended]:
    """Add the captures that the catalogue lacks, in the order in which the collection came to them, and set right the
    rows that say something else than their records. A row whose record is not there stays as it is.

    Raises CollectionError, and OSError.
    """
    adding = _Adding(catalogue, dry_run=dry_run)
    for stretch in read_order(places):
        yield adding.mend(stretch, places.warc(stretch.warc))


class _Adding:
    def __init__(self, catalogue: Catalogue, *, dry_run: bool) -> None:
        self._catalogue = catalogue
        self._dry_run = dry_run
        self._new: dict[str, Capture] = {}
        self._next, _ = catalogue.next_numbers()
        self._before = 0
        """The number of the capture before the one at hand."""

    def mend(self, stretch: Stretch, path: Path) -> Mended:
        mended = Mended(path)
        for pair in pairs(stretch.warc, path, self._catalogue, settled=self._commit):
            if stretch.start <= _offset(pair) and (stretch.end is None or _offset(pair) < stretch.end):
                self._take(pair, mended)
        self._commit()
        return mended

    def _take(self, pair: Pair, mended: Mended) -> None:
        if pair.stored is None:
            mended.lost += 1
        elif pair.row is None:
            known = pair.stored.record_id in self._new or self._catalogue.by_record_id(pair.stored.record_id)
            if not known:
                self._add(pair.stored)
                mended.added += 1
        elif pair.differing:
            mended.corrected += 1
            if not self._dry_run:
                self._catalogue.correct([replace(pair.stored, number=pair.row.number)])
        if pair.row is not None:
            self._before = pair.row.number

    def _add(self, capture: Capture) -> None:
        """With the number that it had, where that can be told by those around it: else the next one."""
        number = self._before + 1
        if number < self._next and self._catalogue.state(number) is not None:
            number = self._next
        self._before = number
        self._next = max(self._next, number + 1)
        self._new[capture.record_id] = replace(capture, number=number)
        if len(self._new) >= _AT_ONCE:
            self._commit()

    def _commit(self) -> None:
        new, self._new = list(self._new.values()), {}
        if not self._dry_run:
            self._catalogue.commit(((c, "pending" if c.wants_text else "no-page") for c in new), (), ())


def _offset(pair: Pair) -> int:
    capture = pair.stored or pair.row
    assert capture is not None, "a pair has one of the two"
    return capture.offset
