"""WARC bytes written by hand, and what the reader makes of a file."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import RecordError
from archive.warc.reader import read_records

HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def warc_record(
    uri: str,
    block: bytes,
    *,
    kind: str = "response",
    length: int | None = None,
    version: str = "WARC/1.1",
    fields: tuple[bytes, ...] = (),
    line_end: bytes = b"\r\n",
) -> bytes:
    """One record; `length` is the Content-Length to claim where it is not the block's."""
    lines = [
        version.encode(),
        b"WARC-Type: " + kind.encode(),
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012x>" % len(uri),
        b"WARC-Date: 2026-03-01T12:00:00.250000Z",
        b"WARC-Target-URI: " + uri.encode(),
        b"Content-Type: application/http; msgtype=response",
        *fields,
        b"Content-Length: %d" % (len(block) if length is None else length),
    ]
    return line_end.join(lines) + 2 * line_end + block + 2 * line_end


def url(name: str) -> str:
    return f"http://news.example/{name}"


def page(name: str) -> bytes:
    return HTTP + b"".join(b"<p>%s, line %d</p>\r\n\r\n" % (name.encode(), line * line) for line in range(12))


RECORDS = tuple(warc_record(url(name), page(name)) for name in ("one", "two-two", "three"))
PLAIN = b"".join(RECORDS)
MEMBERS = tuple(gzip.compress(record, mtime=0) for record in RECORDS)
GZIPPED = b"".join(MEMBERS)


@dataclass
class Reading:
    """The whole records of a file as (offset, length, URI, block), and what was reported."""

    records: list[tuple[int, int, str | None, bytes]] = field(default_factory=list)
    damages: list[RecordError] = field(default_factory=list)

    @property
    def uris(self) -> list[str | None]:
        return [uri for _, _, uri, _ in self.records]

    @property
    def problems(self) -> list[tuple[str, int, str]]:
        return [(type(damage).__name__, damage.offset, damage.problem) for damage in self.damages]


def read(path: Path, start: int = 0) -> Reading:
    """Read all blocks; a record whose block raises is left out, and must be reported too."""
    reading = Reading()
    raised: list[RecordError] = []
    for record in read_records(path, reading.damages.append, start=start):
        try:
            with record.read_block() as spool:
                reading.records.append((record.offset, record.length, record.target_uri, spool.getvalue()))
        except RecordError as damage:
            raised.append(damage)
    assert [damage for damage in raised if reading.damages.count(damage) != 1] == []
    return reading


def read_bytes(folder: Path, data: bytes, name: str = "sample.warc.gz") -> Reading:
    path = folder / name
    path.write_bytes(data)
    return read(path)


def whole(
    pieces: tuple[bytes, ...], names: tuple[str, ...] = ("one", "two-two", "three")
) -> list[tuple[int, int, str | None, bytes]]:
    """What a file of `pieces` one after another holds when all is well."""
    offsets = [sum(map(len, pieces[:count])) for count in range(len(pieces))]
    return [
        (offset, len(piece), url(name), page(name))
        for offset, piece, name in zip(offsets, pieces, names, strict=True)
    ]
