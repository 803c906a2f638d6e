"""The catalogue's captures against the records of the WARC files, file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.errors import RecordError, WaczError
from archive.warc.captures import Find, read_captures
from archive.warc.source import Opener, open_file

_COMPARED = (
    "record_id",
    "record_type",
    "url",
    "date",
    "length",
    "block_digest",
    "entity_digest",
    "method",
    "status",
    "mime",
    "peer",
    "truncated",
    "refers_to",
    "rendering",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A capture as the catalogue has it and as its record says; one of them is None where it is not there.

    differing  names of the fields of which the two say different things
    """

    row: Capture | None
    stored: Capture | None
    differing: tuple[str, ...] = ()


def pairs(
    name: str, path: Path, catalogue: Catalogue, settled: Callable[[], None] = lambda: None
) -> Iterator[Pair]:
    """What catalogue and file have, in the order of the places in the file. `name` is the file's in the catalogue.

    `settled` is called before the catalogue is asked for a capture that may have been added to it meanwhile.
    """
    rows = catalogue.captures_in(name)
    row = next(rows, None)

    def find(url: str, date: datetime) -> Capture | None:
        settled()
        return catalogue.find(url, date.replace(microsecond=0))

    for stored in stored_captures(path, find):
        while row is not None and row.offset < stored.offset:
            yield Pair(row, None)
            row = next(rows, None)
        if row is None or row.offset > stored.offset:
            yield Pair(None, stored)
            continue
        yield Pair(row, stored, _differing(row, stored))
        row = next(rows, None)
    while row is not None:
        yield Pair(row, None)
        row = next(rows, None)


def stored_captures(
    path: Path, find: Find = lambda _url, _date: None, *, opener: Opener = open_file
) -> Iterator[Capture]:
    """The captures of a file that can be read; what can't be is named elsewhere."""
    try:
        for capture, block in read_captures(path, lambda _damage: None, find, opener=opener):
            block.close()
            yield capture
    except (RecordError, WaczError, OSError):
        return


def _differing(row: Capture, stored: Capture) -> tuple[str, ...]:
    return tuple(name for name in _COMPARED if getattr(row, name) != getattr(stored, name))
