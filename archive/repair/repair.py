"""Putting a collection in order: what is derived is made again from the WARC files, and these are left as they are.

No byte of a record is ever rewritten. A torn end is cut off and kept in a file beside; a catalogue that can't be used
and texts of nobody are set aside. What damage there is in records is for verification to name.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import TextRow
from archive.catalogue.soundness import faults
from archive.collection_writer import CollectionWriter
from archive.errors import CatalogueOutdated, CollectionError
from archive.extraction.workers.pool import ExtractionPool
from archive.lock import WriterLock
from archive.outcomes import Settled
from archive.places import Places
from archive.repair.catalogue import make_catalogue, set_catalogue_aside
from archive.repair.deeds import Deed
from archive.repair.evidence import (
    Evidence,
    drop_copies,
    lost_numbers,
    restore_versions,
)
from archive.repair.steps import index_is_wrong, mend_rows, take_texts, torn_ends
from archive.repair.texts import damaged_texts, extract, relink
from archive.text.numbers import TextNumbers

PoolMaker = Callable[[], ExtractionPool]


def repair(places: Places, pool: PoolMaker) -> Iterator[Deed]:
    """Mend a collection; gives each thing when it is done. `pool` is asked for when there are texts to be made, and
    is the caller's to close.

    Another process that writes to it is kept out, and must not be there: raises CollectionInUse, and CollectionError
    where the disk does not let it. What is killed on the way is gone on with by the next repair, or the next writer.
    """
    lock = WriterLock(places.lock)
    try:
        there = places.catalogue.exists()
        wrong = faults(places.catalogue) if there else []
        yield from _torn_ends(places, usable=there and not wrong)
        rebuilt = yield from _catalogue(places, wrong)
        with Catalogue(places.catalogue, writable=True) as catalogue:
            added = yield from mend_rows(places, catalogue)
            evidence = yield from take_texts(places, catalogue)
    except OSError as error:
        raise _stopped(places, error) from error
    finally:
        lock.abandon()  # the writer that comes next finds what it must bring to an end
    yield from _write(places, pool, evidence, pending=rebuilt or bool(added) or lock.was_killed)


def _torn_ends(places: Places, *, usable: bool) -> Iterator[Deed]:
    if not usable:
        yield from torn_ends(places, lambda _: 0)
        return
    try:
        Catalogue(places.catalogue, writable=False).close()
    except CatalogueOutdated:
        Catalogue(places.catalogue, writable=True).close()
        yield Deed(places.catalogue, "was made by an older tearsheet; brought up to date")
    with Catalogue(places.catalogue, writable=False) as catalogue:
        yield from torn_ends(places, catalogue.end_of)


def _catalogue(places: Places, wrong: list[str]) -> Generator[Deed, None, bool]:
    """See that there is a catalogue that can be used, where one is `wrong`; returns whether it was made."""
    if places.catalogue.exists():
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


def _write(places: Places, pool: PoolMaker, evidence: Evidence, *, pending: bool) -> Iterator[Deed]:
    """What a writer does: bring to an end what was begun, extract, and write the index."""
    writer = CollectionWriter(places.root.parent, places.root.name)
    try:
        index_was_wrong = index_is_wrong(places, writer.catalogue)
        yield from (_told(places, sentence) for sentence in writer.repairs)
        for row in relink(writer.catalogue, writer.texts):
            yield Deed(writer.texts.record_path(row.name), "names the captures that it should name")
        again = list(damaged_texts(writer.catalogue, writer.texts))
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
    left = {row.number for row in damaged_texts(writer.catalogue, writer.texts)}
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
