"""Fixity of a whole collection: WARC files, catalogue, CDXJ and texts, each against the others."""

from __future__ import annotations

from collections.abc import Iterator

from archive.capture import Capture
from archive.cdxj.line import cdxj_line
from archive.collection import Collection
from archive.digests import text_hash
from archive.errors import CollectionError
from archive.text.names import TextName
from archive.verification.findings import Finding, Tally
from archive.verification.warcs import verify_warc
from archive.warc.captures import read_captures


def verify_collection(collection: Collection, tally: Tally) -> Iterator[Finding]:
    """Check every record, every row, every line of the index and every text."""
    ids: set[str] = set()
    places = collection.places
    for path in (*places.warcs(), *places.unfinished()):
        yield from verify_warc(path, tally, ids)
    yield from _captures(collection, tally)
    yield from _index(collection)
    yield from _texts(collection, tally)


def _captures(collection: Collection, tally: Tally) -> Iterator[Finding]:
    places, catalogue = collection.places, collection.catalogue
    files = {path.name.removesuffix(".open"): path for path in (*places.warcs(), *places.unfinished())}
    for name in sorted(catalogue.warcs() - files.keys()):
        yield Finding(places.archive / name, "the catalogue has captures in it, but the file is not there")
    for name, path in files.items():
        rows = {capture.offset: capture for capture in catalogue.captures(warc=name)}
        for stored, block in read_captures(path, lambda _damage: None):
            block.close()
            tally.captures += 1
            row = rows.pop(stored.offset, None)
            if row is None:
                problem = f"the catalogue does not know this capture of {stored.url}; replay the file"
                yield Finding(path, problem, stored.offset)
            elif different := _differences(row, stored):
                yield Finding(path, f"the catalogue has another {different} for it", stored.offset)
        for offset, row in rows.items():
            yield Finding(path, f"the catalogue has a capture of {row.url} here; there is none", offset)


def _differences(row: Capture, stored: Capture) -> str:
    names = ("record_id", "url", "date", "length", "block_digest", "entity_digest", "status")
    return ", ".join(name for name in names if getattr(row, name) != getattr(stored, name))


def _index(collection: Collection) -> Iterator[Finding]:
    path = collection.places.index
    if not path.exists():
        yield Finding(
            path, "the CDXJ index is missing; it is written anew when the collection is next written to"
        )
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines != sorted(lines, key=str.encode):
        yield Finding(path, "its lines are not sorted")
    wanted = {cdxj_line(capture) for capture in collection.captures()}
    for line in sorted(wanted.difference(lines)):
        yield Finding(path, f"a capture of the catalogue has no line: {line}")
    for line in sorted(set(lines) - wanted):
        yield Finding(path, f"a line stands for no capture of the catalogue: {line}")


def _texts(collection: Collection, tally: Tally) -> Iterator[Finding]:
    known: set[TextName] = set()
    for row in collection.text_rows():
        tally.texts += 1
        name = TextName(row.number, row.hash)
        known.add(name)
        path = collection.texts.path(name)
        try:
            if text_hash(collection.texts.read(name)) != name.hash:
                yield Finding(path, "its bytes do not have the hash in its name")
        except OSError as error:
            yield Finding(path, f"can't be read ({error.strerror}), but the catalogue has it")
        try:
            collection.texts.read_record(name)
        except CollectionError as error:
            yield Finding(path.with_suffix(".json"), str(error))
    for name in sorted(set(collection.texts.names()) - known):
        yield Finding(collection.texts.path(name), "the catalogue does not know this text")
