"""Putting a collection in order whose last writer was killed, or whose catalogue was taken away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.errors import CollectionError, RecordError
from archive.fixity import sync_folder
from archive.places import Places
from archive.repair.tails import cut_off, unfinished_end
from archive.text.names import TextName
from archive.text.record import capture_json
from archive.text.store import TextStore
from archive.warc.captures import read_captures
from archive.warc.writer import OPEN_SUFFIX

_COMMIT_EVERY = 1000  # captures taken in between two commits, so that memory stays flat


def recover(places: Places, catalogue: Catalogue, texts: TextStore, since: float | None) -> list[str]:
    """Finish what a killed writer left; returns a sentence for each thing done.

    Of each WARC file still open the torn end is cut off and kept in a file beside, whole records that the catalogue
    lacks are taken in, and the file gets its final name. What a commit wrote of texts before the catalogue had it is
    undone: texts are made again from their captures, under the same names. A catalogue without captures is filled from
    the finished WARC files. `since` is when the killed writer began, in seconds since 1970.

    Raises CollectionError where the disk does not let it.
    """
    try:
        return list(_recover(places, catalogue, texts, since))
    except OSError as error:
        raise CollectionError(
            f"{error.filename or places.root}: the collection can't be put in order after a process that was killed "
            f"({error.strerror}); see that you may write there and that the disk has room, and run the command again"
        ) from error


def _recover(places: Places, catalogue: Catalogue, texts: TextStore, since: float | None) -> Iterator[str]:
    for path in places.half_copied():
        path.unlink()
        yield f"{path.name}: not written to its end; deleted"
    finished = places.warcs() if catalogue.next_numbers() == (1, 0) else []
    for path in finished:
        yield f"{path.name}: {_take_in(path, catalogue, 0)} captures taken into a new catalogue"
    for path in places.unfinished():
        yield from _finish(path, catalogue)
    sync_folder(places.archive)
    texts.remove_unfinished()
    if not finished:
        yield from _remove_uncommitted(catalogue, texts)
    if since is not None:
        _undo_links(catalogue, texts, since)
    texts.sync()


def _finish(path: Path, catalogue: Catalogue) -> Iterator[str]:
    name = path.name.removesuffix(OPEN_SUFFIX)
    committed = catalogue.end_of(name)
    if end := unfinished_end(path, committed):
        yield f"{name}: {cut_off(end).what}"
    if not path.exists():
        return  # nothing in it was whole: all of it was set aside
    if path.stat().st_size == 0 and not committed:
        path.unlink()
        return
    added = _take_in(path, catalogue, committed)
    if added:
        yield f"{name}: {added} whole captures taken into the catalogue"
    path.rename(path.with_name(name))
    yield f"{name}: left open by a process that was killed; closed"


def _known_damage(_: RecordError) -> None:
    """Damage that verification names."""


def _take_in(path: Path, catalogue: Catalogue, start: int) -> int:
    """Add the captures from offset `start` on that the catalogue lacks; returns their count."""
    taking = _Taking(catalogue)
    for capture, block in read_captures(path, _known_damage, taking.find, start=start):
        block.close()
        taking.add(capture)
    taking.commit()
    return taking.count


class _Taking:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._number, _ = catalogue.next_numbers()
        self._added: dict[str, Capture] = {}
        self.count = 0

    def add(self, capture: Capture) -> None:
        record_id = capture.record_id
        if record_id in self._added or self._catalogue.by_record_id(record_id) is not None:
            return
        self._added[record_id] = replace(capture, number=self._number)
        self._number += 1
        self.count += 1
        if len(self._added) >= _COMMIT_EVERY:
            self.commit()

    def find(self, url: str, date: datetime) -> Capture | None:
        self.commit()
        return self._catalogue.find(url, date.replace(microsecond=0))

    def commit(self) -> None:
        added = self._added.values()
        self._catalogue.commit(((c, "pending" if c.wants_text else "no-page") for c in added), (), ())
        self._added = {}


def _remove_uncommitted(catalogue: Catalogue, texts: TextStore) -> Iterator[str]:
    _, next_text = catalogue.next_numbers()
    for name in sorted(texts.names()):
        if name.number >= next_text:
            texts.remove(name)
            yield f"{name.text}: not in the catalogue yet; its page is extracted again"


def _undo_links(catalogue: Catalogue, texts: TextStore, since: float) -> None:
    """Let the JSON of texts name the captures that the catalogue links to them, and no others."""
    for name in list(texts.written_since(since)):
        row = catalogue.text(name.number)
        if row is not None and name == row.name:
            _undo_links_of(name, catalogue, texts)


def _undo_links_of(name: TextName, catalogue: Catalogue, texts: TextStore) -> None:
    linked = {capture.record_id: capture for capture in catalogue.captures_of(name.number)}
    record = texts.read_record(name)
    named = {capture["record_id"] for capture in record["captures"]}
    if named != linked.keys():
        kept = [capture for capture in record["captures"] if capture["record_id"] in linked]
        kept += [capture_json(capture) for record_id, capture in linked.items() if record_id not in named]
        texts.write({}, {name: record | {"captures": kept}})
