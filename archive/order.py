"""The order in which a collection came to its captures, where the names of its WARC files do not tell it.

Files that were written here are named by their time, so their order is that of their names. Files taken in from
elsewhere have names of any kind, and may have grown between two replays. What the names do not tell is written to
`archive/order.txt`: lines `OFFSET NAME`, each for the records of a file from that place on, up to the file's next line.
A file that it does not name comes after those that it does, in the order of the names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.catalogue.catalogue import Catalogue
from archive.errors import CollectionError
from archive.fixity import sync_folder, write_synced
from archive.places import Places
from archive.warc.writer import OPEN_SUFFIX


@dataclass(frozen=True, slots=True)
class Stretch:
    """Records of a file: from those at offset `start` up to before `end`, or to the last one."""

    warc: str
    start: int = 0
    end: int | None = None


def read_order(places: Places) -> list[Stretch]:
    """All records of the archive folder in the order in which the collection came to them."""
    there = [path.name.removesuffix(OPEN_SUFFIX) for path in (*places.warcs(), *places.unfinished())]
    listed = [(start, warc) for start, warc in _listed(places) if warc in there]
    named = {warc for _, warc in listed}
    begins = [*listed, *((0, warc) for warc in sorted(there) if warc not in named)]
    return [
        Stretch(warc, start, next((later for later, other in begins[place + 1 :] if other == warc), None))
        for place, (start, warc) in enumerate(begins)
    ]


def keep_order(places: Places, catalogue: Catalogue) -> None:
    """Write down the order of the catalogue's captures, where names do not tell it. Raises CollectionError."""
    begins = [(0 if warc not in seen else offset, warc) for offset, warc, seen in _stretches(catalogue)]
    path = places.order
    try:
        if begins == [(0, warc) for warc in sorted({warc for _, warc in begins})]:
            if path.exists():
                path.unlink()
                sync_folder(path.parent)
            return
        content = "".join(f"{offset} {warc}\n" for offset, warc in begins).encode()
        if not path.exists() or path.read_bytes() != content:
            write_synced(path, content)
            sync_folder(path.parent)
    except OSError as error:
        raise CollectionError(
            f"{path}: can't be written ({error.strerror}); free some space and run the command again"
        ) from error


def _stretches(catalogue: Catalogue) -> Iterator[tuple[int, str, set[str]]]:
    seen: set[str] = set()
    for offset, warc in catalogue.stretches():
        yield offset, warc, seen
        seen.add(warc)


def _listed(places: Places) -> Iterator[tuple[int, str]]:
    try:
        lines = places.order.read_text().splitlines()
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(f"{places.order} can't be read ({error}); move it away") from error
    for line in lines:
        start, _, warc = line.partition(" ")
        if start.isdecimal() and warc:
            yield int(start), warc
