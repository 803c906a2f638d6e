"""Making texts again from their captures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import TextRow
from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.digests import text_hash
from archive.errors import CollectionError
from archive.extraction.workers.pool import ExtractionPool
from archive.replay import Event, Replay
from archive.text.record import Json, capture_json
from archive.text.store import TextStore
from archive.verification.texts import TEXT_FIELDS
from archive.warc.names import serial_of


def damaged_texts(catalogue: Catalogue, store: TextStore) -> Iterator[TextRow]:
    """The texts of the catalogue whose file or JSON is missing, damaged, or says something else than the catalogue."""
    for row in catalogue.texts():
        try:
            record = store.read_record(row.name)
            whole = text_hash(store.read(row.name)) == row.hash
        except CollectionError:
            yield row
            continue
        if not whole or any(record.get(field) != getattr(row, field) for field in TEXT_FIELDS):
            yield row


def relink(catalogue: Catalogue, store: TextStore, *, dry_run: bool = False) -> Iterator[TextRow]:
    """Let the JSON of each text name the captures that the catalogue links to it; gives the texts of which it did not.

    Raises CollectionError where the disk does not take one.
    """
    for row in catalogue.texts():
        try:
            record = store.read_record(row.name)
        except CollectionError:
            continue  # it is made again
        captures = _captures(catalogue, row, record)
        if captures != record["captures"]:
            yield row
            if not dry_run:
                store.write({}, {row.name: record | {"captures": captures}})
    if not dry_run:
        store.sync()


def _captures(catalogue: Catalogue, row: TextRow, record: Json) -> list[Json]:
    """The captures that a JSON should name: those of the catalogue, and such as the catalogue can't know any more."""
    linked = {capture.record_id: capture_json(capture) for capture in catalogue.captures_of(row.number)}
    captures = [
        linked.pop(each["record_id"], each)
        for each in record["captures"]
        if each["record_id"] in linked or catalogue.by_record_id(each["record_id"]) is None
    ]
    return captures + list(linked.values())


def _wanted(collection: Collection, again: set[int], *, pending: bool) -> Callable[[Capture], bool]:
    """Which captures have their turn: those of the texts `again`, those that are no pages, for which an article may
    have waited, and if `pending` those that wait for extraction."""

    def wanted(capture: Capture) -> bool:
        state = collection.catalogue.state(capture.number)
        if not capture.wants_text:
            return True
        return state is not None and (state.text_number in again or (pending and state.state == "pending"))

    return wanted


def extract(
    writer: CollectionWriter, pool: ExtractionPool, again: set[int], *, pending: bool
) -> Iterator[Event]:
    """Extract what waits and what is damaged, in the order in which it was written.

    The captures of each session are extracted on their own, since at its end no article waited for a further page any
    more. A session is told by the serial number in the names of its files; files from elsewhere came in one."""
    replay = Replay(writer, pool)
    wanted = filter(_wanted(writer, again, pending=pending), writer.captures())
    for _, session in groupby(wanted, key=_Sessions()):
        yield from replay.renew(session)


class _Sessions:
    """Counts the sessions of writing that captures come from."""

    def __init__(self) -> None:
        self._warc = ""
        self._number = 0

    def __call__(self, capture: Capture) -> int:
        if capture.warc != self._warc:
            serial, before = serial_of(capture.warc), serial_of(self._warc)
            self._number += serial == 0 or (serial is None) != (before is None)
            self._warc = capture.warc
        return self._number
