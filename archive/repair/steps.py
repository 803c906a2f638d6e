"""What a repair and its rehearsal have in common: the steps that are either done or only told of."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from archive.catalogue.catalogue import Catalogue
from archive.errors import RecordError
from archive.places import Places
from archive.repair.captures import mend_captures
from archive.repair.deeds import Deed
from archive.repair.evidence import Evidence, set_strays_aside, take_in_texts
from archive.repair.tails import cut_off, torn_end, unfinished_end
from archive.text.store import TextStore
from archive.verification.index import verify_index
from archive.warc.writer import OPEN_SUFFIX


def torn_ends(places: Places, end_of: Callable[[str], int], *, dry_run: bool = False) -> Iterator[Deed]:
    """Set torn ends of WARC files aside. `end_of` says where in a file the last record ends that the catalogue knows,
    by the file's name. Raises OSError."""
    unfinished = places.unfinished()
    for path in (*places.warcs(), *unfinished):
        committed = end_of(path.name.removesuffix(OPEN_SUFFIX))
        try:
            end = unfinished_end(path, committed) if path in unfinished else torn_end(path, committed)
        except RecordError as error:
            yield Deed(path, error.problem, done=False)
            continue
        if end is not None:
            yield cut_off(end, dry_run=dry_run)


def mend_rows(places: Places, catalogue: Catalogue, *, dry_run: bool = False) -> Generator[Deed, None, int]:
    """Bring the rows of captures in line with the records; returns how many were added."""
    would = "would be " if dry_run else ""
    added = 0
    for mended in mend_captures(places, catalogue, dry_run=dry_run):
        added += mended.added
        if mended.added:
            yield Deed(mended.path, f"{mended.added} captures {would}taken into the catalogue")
        if mended.corrected:
            yield Deed(mended.path, f"{mended.corrected} rows of the catalogue {would}set right")
    return added


def take_texts(
    places: Places, catalogue: Catalogue, *, dry_run: bool = False
) -> Generator[Deed, None, Evidence]:
    """Take in texts that prove themselves, and set aside those that don't."""
    would = "would be " if dry_run else ""
    store = TextStore(places.text)
    taken, evidence = take_in_texts(catalogue, store, dry_run=dry_run)
    if taken:
        yield Deed(places.text, f"{taken} texts {would}taken into the catalogue")
    if dry_run:
        for name in evidence.strays:
            yield Deed(store.path(name), "stands for no capture; would be set aside")
        return evidence
    evidence.moved = set_strays_aside(store, evidence.strays, places.set_aside / "text")
    return evidence


def index_is_wrong(places: Places, catalogue: Catalogue) -> bool:
    """Whether the index has other lines than the catalogue's captures."""
    return any(verify_index(places.index, catalogue.captures()))
