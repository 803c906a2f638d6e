"""A new catalogue from the WARC files, and from what the texts prove."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.errors import CollectionError
from archive.fixity import sync_folder
from archive.places import Places
from archive.repair.captures import mend_captures
from archive.repair.deeds import Deed, free_name
from archive.repair.evidence import take_in_texts
from archive.text.store import TextStore

_SQLITE = ("", "-wal", "-shm")  # a database and the files that SQLite keeps beside it


def make_catalogue(places: Places) -> Iterator[Deed]:
    """Write the catalogue of a collection that has none: it is there whole or not at all.

    Raises CollectionError and OSError.
    """
    unfinished = places.catalogue.with_name(places.catalogue.name + ".tmp")
    for suffix in _SQLITE:
        _beside(unfinished, suffix).unlink(missing_ok=True)
    with Catalogue(unfinished, writable=True) as catalogue:
        yield from fill(places, catalogue)
    unfinished.rename(places.catalogue)
    sync_folder(places.root)


def catalogue_from_warcs(places: Places) -> list[str]:
    """As `make_catalogue`, if there are WARC files; returns a sentence for each thing done. Raises CollectionError."""
    if not (places.warcs() or places.unfinished()):
        return []
    try:
        return [f"{deed.path.name}: {deed.what}" for deed in make_catalogue(places)]
    except OSError as error:
        raise CollectionError(
            f"{error.filename or places.catalogue}: the catalogue can't be built from the WARC files "
            f"({error.strerror}); see that you may write there and that the disk has room, and run the command again"
        ) from error


def fill(places: Places, catalogue: Catalogue) -> Iterator[Deed]:
    """Take all captures into a catalogue that has none, and the texts that prove themselves."""
    for mended in mend_captures(places, catalogue):
        yield Deed(mended.path, f"{mended.added} captures taken into a new catalogue")
    taken, _ = take_in_texts(catalogue, TextStore(places.text))
    if taken:
        yield Deed(places.text, f"{taken} texts taken into a new catalogue")


def set_catalogue_aside(places: Places) -> Path:
    """Move a catalogue that can't be used away; returns where it lies now. Raises OSError."""
    places.set_aside.mkdir(exist_ok=True)
    target = free_name(places.set_aside / places.catalogue.name)
    for suffix in reversed(_SQLITE):  # the database last: without it nothing is taken for a catalogue
        path = _beside(places.catalogue, suffix)
        if path.exists():
            path.rename(_beside(target, suffix))
    sync_folder(places.root)
    return target


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
