"""What a repair would do, without doing it: on a picture of the catalogue as the repair would have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.engines import copy_to
from archive.catalogue.soundness import faults
from archive.errors import CatalogueOutdated
from archive.places import Places
from archive.repair.captures import mend_captures
from archive.repair.deeds import Deed
from archive.repair.steps import index_is_wrong, mend_rows, take_texts, torn_ends
from archive.repair.texts import damaged_texts, relink
from archive.text.store import TextStore


def rehearse(places: Places) -> Iterator[Deed]:
    """What `repair` would do. Writes nothing below the collection's folder, and does not look at who else writes.

    A catalogue that would be built anew, or brought up to date, is so in a temporary folder. Raises CollectionError and
    OSError.
    """
    with TemporaryDirectory(prefix="tearsheet-") as folder:
        if places.catalogue.exists() and not faults(places.catalogue):
            catalogue, outdated = _as_it_would_be(places.catalogue, Path(folder))
            with catalogue:
                yield from _with_catalogue(places, catalogue, outdated=outdated)
        else:
            with Catalogue(Path(folder) / places.catalogue.name, writable=True) as catalogue:
                yield from _without_catalogue(places, catalogue)


def _as_it_would_be(path: Path, folder: Path) -> tuple[Catalogue, bool]:
    """A catalogue of this schema, and whether that is a copy of one of an older schema."""
    try:
        return Catalogue(path, writable=False), False
    except CatalogueOutdated:
        copy = folder / path.name
        copy_to(copy, path)
        return Catalogue(copy, writable=True), True


def _with_catalogue(places: Places, catalogue: Catalogue, *, outdated: bool) -> Iterator[Deed]:
    if outdated:
        yield Deed(places.catalogue, "was made by an older tearsheet; would be brought up to date")
    yield from torn_ends(places, catalogue.end_of, dry_run=True)
    added = yield from mend_rows(places, catalogue, dry_run=True)
    yield from take_texts(places, catalogue, dry_run=True)
    if added:
        yield _extraction(places, len(catalogue.pending_numbers()) + added)
    store = TextStore(places.text)
    for row in relink(catalogue, store, dry_run=True):
        yield Deed(store.record_path(row.name), "would name the captures that it should name")
    for row in damaged_texts(catalogue, store):
        yield Deed(store.path(row.name), "would be made again from its captures")
    if index_is_wrong(places, catalogue):
        yield Deed(places.index, "would be written anew")


def _without_catalogue(places: Places, catalogue: Catalogue) -> Iterator[Deed]:
    yield from torn_ends(places, lambda _: 0, dry_run=True)
    yield Deed(places.catalogue, "would be built anew from the WARC files")
    added = sum(mended.added for mended in mend_captures(places, catalogue))
    yield from take_texts(places, catalogue, dry_run=True)
    waiting = len(catalogue.pending_numbers())
    if waiting and added:
        yield _extraction(places, waiting)
    yield Deed(places.index, "would be written anew")


def _extraction(places: Places, waiting: int) -> Deed:
    return Deed(places.archive, f"the pages among {waiting} captures would be extracted")
