"""Putting a collection in order whose last writer was killed."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.errors import RecordError
from archive.fixity import sync_folder
from archive.places import Places
from archive.text.store import TextStore
from archive.warc.captures import read_captures
from archive.warc.reader import read_records
from archive.warc.writer import OPEN_SUFFIX


def recover(places: Places, catalogue: Catalogue, texts: TextStore) -> list[str]:
    """Finish what the killed writer left: returns a sentence for each thing done.

    Of each WARC file still open the torn end is cut off, whole records that the catalogue lacks are taken in,
    and the file gets its final name. Texts that no row of the catalogue knows are deleted: they are made again
    from their captures, under the same names.
    """
    done = [sentence for path in places.unfinished() for sentence in _finish(path, catalogue)]
    sync_folder(places.archive)
    texts.remove_unfinished()
    known = {(row.number, row.hash) for row in catalogue.texts()}
    for name in texts.names():
        if name not in known:
            texts.remove(name)
            done.append(f"{name.text}: not in the catalogue yet; its page is extracted again")
    return done


def _finish(path: Path, catalogue: Catalogue) -> list[str]:
    name = path.name.removesuffix(OPEN_SUFFIX)
    done = []
    cut = _cut_torn_end(path)
    if cut:
        done.append(f"{name}: cut {cut} bytes of a record that was not written to its end")
    if path.stat().st_size == 0:
        path.unlink()
        return done
    added = _take_in(path, catalogue)
    if added:
        done.append(f"{name}: {added} whole captures taken into the catalogue")
    path.rename(path.with_name(name))
    done.append(f"{name}: left open by a process that was killed; closed")
    return done


def _cut_torn_end(path: Path) -> int:
    """Cut what follows the last whole record, and a request whose response never came; returns the bytes cut."""
    whole = 0
    with suppress(RecordError):  # raised where not even the first record is whole: then nothing is
        for record in read_records(path, _known_damage):
            record.read_block().close()
            if record.type != "request":
                whole = record.offset + record.length
    size = path.stat().st_size
    if whole < size:
        with path.open("r+b") as file:
            file.truncate(whole)
            os.fsync(file.fileno())
    return size - whole


def _known_damage(_: RecordError) -> None:
    """The torn end that is about to be cut."""


def _take_in(path: Path, catalogue: Catalogue) -> int:
    number, _ = catalogue.next_numbers()
    added: list[Capture] = []
    for capture, block in read_captures(path, _known_damage):
        block.close()
        if catalogue.by_record_id(capture.record_id) is None:
            added.append(replace(capture, number=number + len(added)))
    catalogue.commit(((c, "pending" if c.wants_text else "no-page") for c in added), (), ())
    return len(added)
