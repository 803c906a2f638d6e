"""A collection -> one WACZ file (Web Archive Collection Zipped, 1.1.1)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

from archive.capture import Capture
from archive.catalogue.snapshot import Snapshot
from archive.cdxj.index import encoded, in_order
from archive.cdxj.line import cdxj_line
from archive.collection import Collection
from archive.errors import CollectionError, ExportError
from archive.fixity import written_whole
from archive.places import Places
from archive.wacz.index import BLOCKS, INDEX, CompressedIndex
from archive.wacz.package import Package
from archive.wacz.pages import PAGES, page_lines
from archive.warc.writer import OPEN_SUFFIX

ARCHIVE = "archive/"
_SUFFIXES = (".warc.gz", ".warc")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Exported:
    """What a WACZ file was made of.

    left_out  a sentence for each WARC or ARC file of the collection that is not in it
    damages   what of the collection could not be read; the rest is there
    """

    warcs: int
    captures: int
    pages: int
    size: int
    left_out: tuple[str, ...]
    damages: tuple[CollectionError, ...]


def export_wacz(
    collection: Collection, target: Path, *, title: str | None = None, replace: bool = False
) -> Exported:
    """Write the whole collection as it was committed now, whoever adds to it meanwhile.

    The same collection gives the same bytes: `created` is the date of its newest capture. `title` is its name by
    default. Raises ExportError where the target can't be written or a WARC file is not as the catalogue says.
    """
    with Snapshot(collection.places.catalogue) as snapshot:
        newest = snapshot.newest()
        if newest is None:
            raise ExportError(f"{collection.places.root} holds no capture yet; there is nothing to export")
        packing = _Packing(collection, snapshot.ends())
        with written_whole(target, replace=replace) as file:
            with Package(file) as package:
                packing.add_derived(package, snapshot)
                snapshot.close()  # else the writer's journal would grow for as long as the WARC files are copied
                packing.add_warcs(package)
                package.finish(
                    {
                        "title": title or collection.name,
                        "created": f"{newest:%Y-%m-%dT%H:%M:%SZ}",
                        "software": f"tearsheet {version('tearsheet')}",
                    }
                )
            return packing.exported(file.seek(0, 2))


class _Packing:
    def __init__(self, collection: Collection, ends: dict[str, int]) -> None:
        self._collection = collection
        self._ends = {name: end for name, end in ends.items() if name.endswith(_SUFFIXES)}
        self._left_out = tuple(_left_out(collection.places, ends))
        self._damages: list[CollectionError] = []
        self._captures = 0
        self._pages = -1  # the header is no page
        if not self._ends:
            raise ExportError(f"{collection.places.root} holds ARC files alone; a WACZ file takes WARC files")

    def add_derived(self, package: Package, snapshot: Snapshot) -> None:
        """Index and list of pages."""
        index = CompressedIndex(in_order(encoded(map(cdxj_line, self._packed(snapshot)))))
        package.add(INDEX, index.pieces())
        package.add(BLOCKS, index.blocks)
        with package.entry(PAGES, deflated=True) as entry:
            versions = ((capture, row) for capture, row in snapshot.versions() if capture.warc in self._ends)
            for line in page_lines(self._collection, versions, self._damages.append):
                entry.write(line)
                self._pages += 1

    def add_warcs(self, package: Package) -> None:
        """The WARC files as they are; of one that is still being written, what is committed."""
        for name, end in self._ends.items():
            with _opened(self._collection.places, name, end) as (file, size):
                package.add(ARCHIVE + name, _pieces(file, size, name), size=size)

    def exported(self, size: int) -> Exported:
        return Exported(
            len(self._ends), self._captures, self._pages, size, self._left_out, tuple(self._damages)
        )

    def _packed(self, snapshot: Snapshot) -> Iterator[Capture]:
        for capture in snapshot.captures():
            if capture.warc in self._ends:
                self._captures += 1
                yield capture


def _left_out(places: Places, ends: dict[str, int]) -> Iterator[str]:
    for name in ends:
        if not name.endswith(_SUFFIXES):
            yield f"{places.archive / name} is left out: it is an ARC file, and a WACZ file takes WARC files"
    for path in places.warcs():
        if path.name not in ends:
            yield (
                f"{path} is left out: no capture of the catalogue lies in it; `tearsheet replay` takes in what is "
                "new there"
            )


@contextmanager
def _opened(places: Places, name: str, end: int) -> Iterator[tuple[IO[bytes], int]]:
    """The WARC file and how many bytes of it to take."""
    path = places.warc(name)
    try:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            path = places.warc(name)  # it was finished, and has lost its suffix, a moment ago
            file = path.open("rb")
        there = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise ExportError(
            f"{path}: can't be read ({error.strerror}), and the catalogue has captures in it; see what "
            f"`tearsheet verify {places.root}` says"
        ) from error
    with file:
        if there < end:
            raise ExportError(f"{path} ends before its last capture does; see what `tearsheet verify` says")
        yield file, end if path.name.endswith(OPEN_SUFFIX) else there


def _pieces(file: IO[bytes], size: int, name: str) -> Iterator[bytes]:
    left = size
    while left:
        try:
            piece = file.read(min(_PIECE, left))
        except OSError as error:
            raise ExportError(f"{name}: can't be read ({error.strerror})") from error
        if not piece:
            raise ExportError(f"{name}: became shorter while it was read; export again")
        left -= len(piece)
        yield piece
