"""Fixity of a whole collection: WARC files, catalogue, CDXJ and texts, each against the others.

Memory stays flat: what has to be compared across files is sorted on the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.soundness import faults
from archive.collection import Collection
from archive.places import Places
from archive.text.store import TextStore
from archive.verification.findings import Finding, Tally
from archive.verification.index import verify_index
from archive.verification.references import References
from archive.verification.rows import pairs, stored_captures
from archive.verification.texts import verify_names, verify_texts
from archive.verification.warcs import verify_warc
from archive.warc.writer import OPEN_SUFFIX


def verify_collection(collection: Collection, tally: Tally) -> Iterator[Finding]:
    """Check every record, every row, every line of the index and every text."""
    places = collection.places
    for fault in faults(places.catalogue):
        problem = f"the catalogue's file is damaged ({fault}); `verify --repair` builds it anew"
        yield Finding(places.catalogue, problem, code="catalogue")
    files = _files(places)
    yield from _warcs(files.values(), tally)
    for name in sorted(collection.catalogue.warcs() - files.keys()):
        problem = "the catalogue has captures in it, but the file is not there"
        yield Finding(places.archive / name, problem, code="catalogue")
    for name, path in files.items():
        yield from _captures(name, path, collection.catalogue, tally)
    yield from verify_index(places.index, collection.captures())
    yield from verify_texts(collection, tally)


def verify_without_catalogue(places: Places, tally: Tally) -> Iterator[Finding]:
    """Check what can be checked of a collection whose catalogue is missing."""
    yield Finding(places.catalogue, "is missing; `verify --repair` builds it anew", code="catalogue")
    files = _files(places)
    yield from _warcs(files.values(), tally)
    stored = (
        replace(capture, warc=name) for name, path in files.items() for capture in stored_captures(path)
    )
    yield from verify_index(places.index, stored)
    yield from verify_names(TextStore(places.text), tally)


def _warcs(files: Iterable[Path], tally: Tally) -> Iterator[Finding]:
    with References(complete=True) as references:
        for path in files:
            yield from verify_warc(path, tally, references)
        yield from references.findings()


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
