"""Fixity of a whole collection: WARC files, catalogue, CDXJ and texts, each against the others.

Memory stays flat but for the record ids, of which no two records may have the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import TextRow
from archive.cdxj.index import encoded, in_order, read_lines
from archive.cdxj.line import cdxj_line
from archive.collection import Collection
from archive.digests import text_hash
from archive.errors import CollectionError, RecordError
from archive.places import Places
from archive.text.names import TextName
from archive.text.record import capture_json
from archive.verification.findings import Finding, Tally
from archive.verification.warcs import verify_warc
from archive.warc.captures import read_captures
from archive.warc.writer import OPEN_SUFFIX

_COMPARED = (
    "record_id",
    "record_type",
    "url",
    "date",
    "length",
    "block_digest",
    "entity_digest",
    "status",
    "mime",
)
_TEXT_FIELDS = ("url", "headline", "canonical_url", "outlet", "date_published", "language")


def verify_collection(collection: Collection, tally: Tally) -> Iterator[Finding]:
    """Check every record, every row, every line of the index and every text."""
    ids: set[str] = set()
    files = _files(collection.places)
    for path in files.values():
        yield from verify_warc(path, tally, ids)
    for name in sorted(collection.catalogue.warcs() - files.keys()):
        path = collection.places.archive / name
        yield Finding(path, "the catalogue has captures in it, but the file is not there")
    for name, path in files.items():
        yield from _captures(name, path, collection.catalogue, tally)
    yield from _index(collection)
    yield from _texts(collection, tally)


def _files(places: Places) -> dict[str, Path]:
    """The WARC files by the names that the catalogue gives them."""
    return {path.name.removesuffix(OPEN_SUFFIX): path for path in (*places.warcs(), *places.unfinished())}


def _captures(name: str, path: Path, catalogue: Catalogue, tally: Tally) -> Iterator[Finding]:
    rows = catalogue.captures_in(name)
    row = next(rows, None)
    for stored in _stored(path):
        tally.captures += 1
        while row is not None and row.offset < stored.offset:
            yield _lost(path, row)
            row = next(rows, None)
        if row is None or row.offset > stored.offset:
            yield from _unknown(path, stored, catalogue)
            continue
        if different := _differences(row, stored):
            yield Finding(path, f"the catalogue has another {different} for it", stored.offset)
        row = next(rows, None)
    while row is not None:
        yield _lost(path, row)
        row = next(rows, None)


def _stored(path: Path) -> Iterator[Capture]:
    try:
        for capture, block in read_captures(path, lambda _damage: None):
            block.close()
            yield capture
    except (RecordError, OSError):
        return  # verify_warc has named it


def _lost(path: Path, row: Capture) -> Finding:
    return Finding(
        path, f"the catalogue has a capture of {row.url} here; no whole record of it is there", row.offset
    )


def _unknown(path: Path, stored: Capture, catalogue: Catalogue) -> Iterator[Finding]:
    if catalogue.by_record_id(stored.record_id) is None:
        problem = f"the catalogue does not know this capture of {stored.url}; replay the file"
        yield Finding(path, problem, stored.offset)
    # Else its row lies elsewhere: the id stands twice, which verify_warc has named, or the row is named as lost.


def _differences(row: Capture, stored: Capture) -> str:
    return ", ".join(name for name in _COMPARED if getattr(row, name) != getattr(stored, name))


def _index(collection: Collection) -> Iterator[Finding]:
    path = collection.places.index
    if not path.exists():
        problem = "the CDXJ index is missing; it is written anew when the collection is next written to"
        yield Finding(path, problem)
        return
    have = read_lines(path)
    if any(line > following for line, following in pairwise(read_lines(path))):
        yield Finding(
            path, "its lines are not sorted; delete it: it is written anew when the collection next is"
        )
        have = in_order(read_lines(path))
    yield from _compared(path, have, in_order(encoded(map(cdxj_line, collection.captures()))))


def _compared(path: Path, have: Iterator[bytes], wanted: Iterator[bytes]) -> Iterator[Finding]:
    line, expected = next(have, None), next(wanted, None)
    while line is not None or expected is not None:
        if expected is None or (line is not None and line < expected):
            yield _line(
                path, "a line stands for no capture of the catalogue, or stands there twice", line or b""
            )
            line = next(have, None)
        elif line is None or expected < line:
            yield _line(path, "a capture of the catalogue has no line", expected)
            expected = next(wanted, None)
        else:
            line, expected = next(have, None), next(wanted, None)


def _line(path: Path, problem: str, line: bytes) -> Finding:
    shown = line.decode("utf-8", "replace").rstrip("\n")
    return Finding(
        path, f"{problem} (delete the index: it is written anew when the collection next is): {shown}"
    )


def _texts(collection: Collection, tally: Tally) -> Iterator[Finding]:
    for row in collection.text_rows():
        tally.texts += 1
        name = row.name
        try:
            if text_hash(collection.texts.read(name)) != name.hash:
                yield Finding(collection.texts.path(name), "its bytes do not have the hash in its name")
        except CollectionError as error:
            yield Finding(collection.texts.path(name), f"the catalogue has this text: {error}")
        yield from _record(collection, row, name)
    for name in sorted(collection.texts.names()):
        known = collection.catalogue.text(name.number)
        if known is None or known.hash != name.hash:
            yield Finding(
                collection.texts.path(name), "the catalogue does not know this text; delete it and its JSON"
            )


def _record(collection: Collection, row: TextRow, name: TextName) -> Iterator[Finding]:
    path = collection.texts.record_path(name)
    try:
        record = collection.texts.read_record(name)
    except CollectionError as error:
        yield Finding(path, f"the catalogue has this text: {error}")
        return
    for field in _TEXT_FIELDS:
        if record.get(field) != getattr(row, field):
            yield Finding(path, f"its {field} is not what the catalogue has")
    named = {capture["record_id"]: capture for capture in record["captures"]}
    linked = {
        capture.record_id: capture_json(capture) for capture in collection.catalogue.captures_of(row.number)
    }
    for record_id in sorted(named.keys() | linked.keys()):
        if named.get(record_id) != linked.get(record_id):
            yield Finding(path, f"its capture {record_id} is not what the catalogue has")
