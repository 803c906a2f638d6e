"""Tells what a file is: WARC or ARC, plain or gzip, be its beginning damaged; or neither, and what then."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.errors import RecordError
from archive.warc.arc import ARC_STARTS
from archive.warc.header import WARC_STARTS
from archive.warc.members import GZIP_MAGIC, DamagedMember, GzipSource
from archive.warc.source import Opener, PlainSource, Starts, open_file

_OTHERS = {  # how files begin that are taken for WARCs now and then
    b"PK\x03\x04": "it is a zip file; if it is a WACZ, `tearsheet replay` and `tearsheet extract` read it as it is",
    b"\x28\xb5\x2f\xfd": "it is compressed with Zstandard; decompress it first",
    b"BZh": "it is compressed with bzip2; decompress it first",
}
_PROBE = (
    1 << 24
)  # bytes of a first gzip member that are inflated to tell a damaged file from one of another kind


@dataclass(frozen=True, slots=True)
class Kind:
    """How the records of a file are to be read."""

    source: type[GzipSource | PlainSource]
    starts: Starts


def recognise(path: Path, opener: Opener = open_file) -> Kind:
    """What `path` holds, by its content and not by its name.

    Raises RecordError if that is neither WARC nor ARC, and OSError.
    """
    with opener(path) as file:
        head = file.read(64)
        file.seek(0)
        if not head:
            raise _neither(path, "it is empty")
        magic = sum(have == wanted for have, wanted in zip(head, GZIP_MAGIC, strict=False))
        if magic >= len(GZIP_MAGIC) - 1:
            return _recognise_gzip(path, file)
        starts = _starts_of(PlainSource(file, WARC_STARTS))
        if starts is None:
            other = next((text for begin, text in _OTHERS.items() if head.startswith(begin)), None)
            raise _neither(path, other or f"it begins with {head[:40]!r}")
        return Kind(PlainSource, starts)


def _recognise_gzip(path: Path, file: BinaryIO) -> Kind:
    source = GzipSource(file, WARC_STARTS)
    try:
        starts = _starts_of(source)
        if starts is None:
            begins = source.take(40)
            problem = f"its gzip holds {begins!r}" if begins else "its gzip holds nothing"
            probed = 0
            while probed < _PROBE and (piece := source.take(_PROBE)):
                probed += len(piece)
            raise _neither(path, problem)
        return Kind(GzipSource, starts)
    except DamagedMember as damage:
        for starts in (WARC_STARTS, ARC_STARTS):
            source.starts = starts
            if source.resync(0):
                return Kind(GzipSource, starts)
        raise _neither(path, f"{damage}, and no member holds a record") from damage


def _starts_of(source: GzipSource | PlainSource) -> Starts | None:
    """By what starts the first record can be told, or None."""
    while source.at_data() and source.take_line_ends():
        pass
    for starts in (WARC_STARTS, ARC_STARTS):
        source.starts = starts
        if source.resembles_record():
            return starts
    return None


def _neither(path: Path, problem: str) -> RecordError:
    return RecordError(path, 0, f"the file is neither WARC nor ARC: {problem}")
