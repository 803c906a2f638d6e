"""Fixity of a whole collection: WARC files, catalogue, CDXJ and texts, each against the others.

Memory stays flat but for the record ids, of which no two records may have the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.collection import Collection
from archive.places import Places
from archive.verification.findings import Finding, Tally
from archive.verification.index import verify_index
from archive.verification.rows import pairs
from archive.verification.texts import verify_texts
from archive.verification.warcs import verify_warc
from archive.warc.writer import OPEN_SUFFIX


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
    yield from verify_index(collection.places.index, collection.captures())
    yield from verify_texts(collection, tally)


def _files(places: Places) -> dict[str, Path]:
    """The WARC files by the names that the catalogue gives them."""
    return {path.name.removesuffix(OPEN_SUFFIX): path for path in (*places.warcs(), *places.unfinished())}


def _captures(name: str, path: Path, catalogue: Catalogue, tally: Tally) -> Iterator[Finding]:
    for pair in pairs(name, path, catalogue):
        if pair.stored is None:
            assert pair.row is not None, "a pair has one of the two"
            problem = f"the catalogue has a capture of {pair.row.url} here; no whole record of it is there"
            yield Finding(path, problem, pair.row.offset, code="catalogue")
            continue
        tally.captures += 1
        if pair.row is None:
            yield from _unknown(path, pair.stored, catalogue)
        elif pair.differing:
            problem = f"the catalogue has another {', '.join(pair.differing)} for it"
            yield Finding(path, problem, pair.stored.offset, code="catalogue")


def _unknown(path: Path, stored: Capture, catalogue: Catalogue) -> Iterator[Finding]:
    if catalogue.by_record_id(stored.record_id) is None:
        problem = f"the catalogue does not know this capture of {stored.url}; `verify --repair` takes it in"
        yield Finding(path, problem, stored.offset, code="catalogue")
    # Else its row lies elsewhere: the id stands twice, which verify_warc has named, or the row is named as lost.
