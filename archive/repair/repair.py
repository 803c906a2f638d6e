"""Putting a collection in order: what is derived is made again from the WARC files, and these are left as they are.

No byte of a record is ever rewritten. A torn end is cut off and kept in a file beside; a catalogue that can't be used
and texts of nobody are set aside. What damage there is in records is for verification to name.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import TextRow
from archive.catalogue.soundness import faults
from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.errors import CollectionError, RecordError
from archive.extraction.workers.pool import ExtractionPool
from archive.lock import WriterLock
from archive.outcomes import Settled
from archive.places import Places
from archive.repair.captures import mend_captures
from archive.repair.catalogue import make_catalogue, set_catalogue_aside
from archive.repair.deeds import Deed
from archive.repair.evidence import (
    Evidence,
    drop_copies,
    lost_numbers,
    restore_versions,
    set_strays_aside,
    take_in_texts,
)
from archive.repair.tails import cut_off, torn_end, unfinished_end
from archive.repair.texts import damaged_texts, extract, relink
from archive.text.numbers import TextNumbers
from archive.text.store import TextStore
from archive.verification.index import verify_index
from archive.warc.writer import OPEN_SUFFIX

PoolMaker = Callable[[], ExtractionPool]


def repair(places: Places, pool: PoolMaker) -> Iterator[Deed]:
    """Mend a collection; gives each thing when it is done. `pool` is asked for when there are texts to be made, and
    is the caller's to close.

    Another process that writes to it is kept out, and must not be there: raises CollectionInUse, and CollectionError
    where the disk does not let it. What is killed on the way is gone on with by the next repair, or the next writer.
    """
    lock = WriterLock(places.lock)
    try:
        yield from _torn_ends(places, dry_run=False)
        rebuilt = yield from _catalogue(places)
        with Catalogue(places.catalogue, writable=True) as catalogue:
            added = yield from _captures(places, catalogue, dry_run=False)
            evidence = yield from _texts(places, catalogue, dry_run=False)
    except OSError as error:
        raise _stopped(places, error) from error
    finally:
        lock.abandon()  # the writer that comes next finds what it must bring to an end
    yield from _write(places, pool, evidence, pending=rebuilt or bool(added) or lock.was_killed)


def rehearse(places: Places) -> Iterator[Deed]:
    """What `repair` would do. Writes nothing, and does not look at who else writes."""
    yield from _torn_ends(places, dry_run=True)
    usable = places.catalogue.exists() and not faults(places.catalogue)
    with TemporaryDirectory(prefix="tearsheet-") as folder:
        path = places.catalogue if usable else Path(folder) / places.catalogue.name
        with Catalogue(path, writable=not usable) as catalogue:
            if usable:
                added = yield from _captures(places, catalogue, dry_run=True)
            else:
                yield Deed(places.catalogue, "would be built anew from the WARC files")
                added = sum(mended.added for mended in mend_captures(places, catalogue))
            yield from _texts(places, catalogue, dry_run=True)
            waiting = len(catalogue.pending_numbers()) + (added if usable else 0)
            if waiting and added:
                yield Deed(places.archive, f"the pages among {waiting} captures would be extracted")
    if usable:
        with Collection(places.root.parent, places.root.name) as collection:
            for row in relink(collection, dry_run=True):
                path = collection.texts.record_path(row.name)
                yield Deed(path, "would name the captures that it should name")
            for row in damaged_texts(collection):
                yield Deed(collection.texts.path(row.name), "would be made again from its captures")
    if not usable or _index_is_wrong(places):
        yield Deed(places.index, "would be written anew")


def _torn_ends(places: Places, *, dry_run: bool) -> Iterator[Deed]:
    unfinished = places.unfinished()
    for path in (*places.warcs(), *unfinished):
        committed = _committed(places, path.name.removesuffix(OPEN_SUFFIX))
        try:
            end = unfinished_end(path, committed) if path in unfinished else torn_end(path, committed)
        except RecordError as error:
            yield Deed(path, error.problem, done=False)
            continue
        if end is not None:
            yield cut_off(end, dry_run=dry_run)


def _committed(places: Places, warc: str) -> int:
    """Where in a file the last record ended that the catalogue knows, if there is one that can be asked."""
    try:
        with Catalogue(places.catalogue, writable=False) as catalogue:
            return catalogue.end_of(warc)
    except (CollectionError, AssertionError):
        return 0


def _catalogue(places: Places) -> Generator[Deed, None, bool]:
    """See that there is a catalogue that can be used; returns whether it was made."""
    if places.catalogue.exists():
        wrong = faults(places.catalogue)
        if not wrong:
            return False
        kept = set_catalogue_aside(places)
        where = kept.relative_to(places.root)
        yield Deed(places.catalogue, f"can't be used ({wrong[0]}); it is kept as {where}")
    elif not (places.warcs() or places.unfinished()):
        return False
    yield from make_catalogue(places)
    yield Deed(places.catalogue, "built anew from the WARC files")
    return True


def _captures(places: Places, catalogue: Catalogue, *, dry_run: bool) -> Generator[Deed, None, int]:
    """Returns how many were added."""
    would = "would be " if dry_run else ""
    added = 0
    for mended in mend_captures(places, catalogue, dry_run=dry_run):
        added += mended.added
        if mended.added:
            yield Deed(mended.path, f"{mended.added} captures {would}taken into the catalogue")
        if mended.corrected:
            yield Deed(mended.path, f"{mended.corrected} rows of the catalogue {would}set right")
    return added


def _texts(places: Places, catalogue: Catalogue, *, dry_run: bool) -> Generator[Deed, None, Evidence]:
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


def _write(places: Places, pool: PoolMaker, evidence: Evidence, *, pending: bool) -> Iterator[Deed]:
    """What a writer does: bring to an end what was begun, extract, and write the index."""
    index_was_wrong = _index_is_wrong(places)
    writer = CollectionWriter(places.root.parent, places.root.name)
    try:
        yield from (_told(places, sentence) for sentence in writer.repairs)
        for row in relink(writer):
            yield Deed(writer.texts.record_path(row.name), "names the captures that it should name")
        again = list(damaged_texts(writer))
        if again or (pending and writer.catalogue.pending_numbers()):
            yield from _made_again(writer, pool, evidence, again, pending=pending)
            restore_versions(evidence.moved, writer.texts)
        writer.close()
    except BaseException:
        writer.abandon()
        raise
    for path in drop_copies(evidence.moved, places.text):
        kept = path.relative_to(places.root)
        yield Deed(places.text / path.name, f"stood for no capture; it is kept as {kept}")
    _remove_if_empty(places.set_aside / "text", places.set_aside)
    if index_was_wrong:
        yield Deed(places.index, "written anew")


def _remove_if_empty(*folders: Path) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _told(places: Places, sentence: str) -> Deed:
    name, _, what = sentence.partition(": ")
    folder = places.text if name.endswith((".txt", ".json")) else places.archive
    return Deed(folder / name, what)


def _index_is_wrong(places: Places) -> bool:
    with Collection(places.root.parent, places.root.name) as collection:
        return any(verify_index(places.index, collection.captures()))


def _made_again(
    writer: CollectionWriter, pool: PoolMaker, evidence: Evidence, again: list[TextRow], *, pending: bool
) -> Iterator[Deed]:
    _, following = writer.catalogue.next_numbers()
    following = max([following, *(number + 1 for number in evidence.numbered.values())])
    writer.number_texts(TextNumbers(following, lost_numbers(writer.catalogue, evidence), evidence.numbered))
    made = failed = 0
    for event in extract(writer, pool(), {row.number for row in again}, pending=pending):
        if isinstance(event, Settled):
            made += event.new_text
            failed += event.state == "failed"
    if made:
        yield Deed(writer.places.text, f"{made} texts made from their captures")
    if failed:
        problem = (
            f"{failed} captures could not be extracted; `tearsheet history` tells why, address by address"
        )
        yield Deed(writer.places.text, problem, done=False)
    left = {row.number for row in damaged_texts(writer)}
    for row in again:
        path = writer.texts.path(row.name)
        if row.number not in left:
            yield Deed(path, "made again from its captures")
        elif writer.catalogue.captures_of(row.number):
            yield Deed(path, "can't be made again: its page could not be extracted", done=False)
        else:
            problem = (
                "can't be made again: other rules made it, and those of today make another text of its page"
            )
            yield Deed(path, problem, done=False)


def _stopped(places: Places, error: OSError) -> CollectionError:
    return CollectionError(
        f"{error.filename or places.root}: the repair can't go on ({error.strerror}); see that you may write there and "
        "that the disk has room, and run the command again"
    )
