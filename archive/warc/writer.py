"""Writes WARC 1.1 files (ISO 28500:2017): one gzip member a record, rotated by size and age.

A file carries the suffix `.open` while it is written and gets its final name when it is complete. Records are
handed over as the bytes that went over the wire and are never serialised anew.
"""

from __future__ import annotations

import os
import platform
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import IO
from uuid import UUID

from isal import isal_zlib

from archive.capture import warc_date
from archive.digests import digest_of
from archive.errors import CollectionError
from archive.fixity import sync_folder
from archive.warc.names import FileNames, host_name

OPEN_SUFFIX = ".open"
_GZIP = 31  # zlib's window size for "with a gzip header"
# isal's level 2 packs real news pages to .220 of their size at 425 MB/s a core; level 3 to .213 at 156 MB/s,
# zlib's level 9 to .19 at 20 MB/s. See benchmarks/writing.py.
_LEVEL = 2
_WAITING_LIMIT = 1 << 20  # bytes of one packed piece above which it is written at once
_END = b"\r\n\r\n"

Headers = list[tuple[str, str]]


# Not uuid4(): that asks the system for each id, and each time gives Python's lock away in the middle of a record.
_random = random.Random(os.urandom(32))  # noqa: S311 - ids must be unique, not secret


def new_record_id() -> str:
    """A random UUID (RFC 9562 5.4) as a URN."""
    return f"<urn:uuid:{UUID(int=_random.getrandbits(128), version=4)}>"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Block:
    """A record's block: `pieces` gives the bytes anew at each call, `size` is their count."""

    pieces: Callable[[], Iterable[bytes]]
    size: int

    @classmethod
    def of(cls, data: bytes) -> Block:
        return cls(lambda: (data,), len(data))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: file name (without `.open`), offset and length in bytes as stored."""

    warc: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a file is closed and the next one begun: past `size` bytes as stored, or after `age`."""

    size: int = 1_000_000_000
    age: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Origin:
    """What the warcinfo record says of how the file came to be (ISO 28500:2017, 6.2)."""

    software: str = "tearsheet"
    fields: tuple[tuple[str, str], ...] = field(default=())


class WarcWriter:
    """Appends records to the WARC files of one folder. Not to be shared between threads.

    `before_rename` is called with every record on disk just before a finished file gets its final name.
    """

    def __init__(
        self,
        folder: Path,
        *,
        origin: Origin = Origin(),
        rotation: Rotation = Rotation(),
        before_rename: Callable[[], None] = lambda: None,
        clock: Callable[[], datetime] = utc_now,
        record_id: Callable[[], str] = new_record_id,
    ) -> None:
        self._folder = folder
        self._origin = origin
        self._rotation = rotation
        self._before_rename = before_rename
        self._clock = clock
        self.new_record_id = record_id
        self._file: IO[bytes] | None = None
        self._name = ""
        self._names = FileNames(folder)
        self._began = clock()
        self._offset = 0
        self._waiting: list[
            bytes
        ] = []  # packed records of the group, so that a pair is one write to the disk
        self._unsynced = False
        self._groups = 0
        self.warcinfo_id = ""

    @contextmanager
    def group(self) -> Iterator[None]:
        """Records that belong together, as a request and its response do: they share a file and a warcinfo
        record, and stand there all or none, whatever is raised between them. A group within a group is part of it."""
        if not self._groups:
            self._open_file()
        place = self._offset
        self._groups += 1
        try:
            yield
            self._flush()
        except BaseException:
            self._cut(place)
            raise
        finally:
            self._groups -= 1

    def _open_file(self) -> None:
        """See that a file with room in it is open."""
        if self._file is not None and (
            self._offset >= self._rotation.size or self._clock() - self._began >= self._rotation.age
        ):
            self.close()
        if self._file is None:
            self._begin()

    def write(
        self, record_type: str, headers: Headers, block: Block, block_digest: str | None = None
    ) -> Place:
        """Append one record and say where it lies.

        `headers` are the named fields in their order, WARC-Record-ID and WARC-Date among them; WARC-Type goes
        before them, WARC-Block-Digest and Content-Length after them. To be called within `group`; here or at
        its end CollectionError is raised when the disk does not take the records.
        """
        assert self._file is not None, "write() was called outside of group()"
        digest = block_digest or digest_of(block.pieces())
        lines = [("WARC-Type", record_type), *headers, ("WARC-Block-Digest", digest)]
        lines.append(("Content-Length", str(block.size)))
        start = f"WARC/1.1\r\n{_fields(lines)}\r\n".encode()
        place = self._offset
        for packed in _packed(chain((start,), block.pieces(), (_END,)), len(start) + block.size):
            self._append(packed)
        return Place(self._name, place, self._offset - place)

    def sync(self) -> None:
        """Return when every record written is on the disk."""
        if self._file is not None and self._unsynced:
            os.fsync(self._file.fileno())
            self._unsynced = False

    def close(self) -> None:
        """Finish the file that is open, if there is one, and give it its final name."""
        if self._file is None:
            return
        self.sync()
        self._before_rename()
        self._file.close()
        self._file = None
        self._path.rename(self._folder / self._name)
        sync_folder(self._folder)

    def abandon(self) -> None:
        """Let go of the file that is open, as it is: it keeps its suffix `.open`."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _append(self, data: bytes) -> None:
        self._waiting.append(data)
        self._offset += len(data)
        if len(data) > _WAITING_LIMIT or len(self._waiting) > 2:
            self._flush()

    def _flush(self) -> None:
        assert self._file is not None
        rest = memoryview(b"".join(self._waiting))
        self._waiting.clear()
        try:
            while rest:
                # Unbuffered, so a write may take a part alone: as much as the disk has room for, say.
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise CollectionError(
                f"{self._path}: can't be written ({error.strerror}); free some space or choose another folder "
                "with --collections, and run the command again"
            ) from error
        self._unsynced = True

    def _cut(self, place: int) -> None:
        assert self._file is not None
        self._waiting.clear()
        os.ftruncate(self._file.fileno(), place)
        self._file.seek(place)
        self._offset = place

    @property
    def _path(self) -> Path:
        return self._folder / (self._name + OPEN_SUFFIX)

    def _begin(self) -> None:
        self._began = self._clock()
        try:
            self._name = self._names.next(self._began)
            # Unbuffered: each record reaches the kernel as it is written, so a killed process loses none of them.
            self._file = self._path.open("xb", buffering=0)
        except OSError as error:
            raise CollectionError(
                f"{self._folder}: can't be written to ({error.strerror}); choose another folder with --collections"
            ) from error
        sync_folder(self._folder)
        self._offset = 0
        try:
            self._write_warcinfo()
            self._flush()
        except BaseException:
            self._file.close()
            self._file = None
            self._path.unlink()
            raise

    def _write_warcinfo(self) -> None:
        self.warcinfo_id = self.new_record_id()
        fields = (
            ("software", self._origin.software),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
            ("hostname", host_name()),
            ("python", platform.python_version()),
            *self._origin.fields,
        )
        self.write(
            "warcinfo",
            [
                ("WARC-Record-ID", self.warcinfo_id),
                ("WARC-Date", warc_date(self._began)),
                ("WARC-Filename", self._name),
                ("Content-Type", "application/warc-fields"),
            ],
            Block.of(_fields(fields).encode()),
        )


def _fields(fields: Iterable[tuple[str, str]]) -> str:
    """One line a field. No value may end its line and begin a field of its own."""
    lines = [f"{name}: {value}" for name, value in fields]
    text = "\r\n".join(lines)
    if text.count("\r") != len(lines) - 1 or text.count("\n") != len(lines) - 1:
        text = "\r\n".join(" ".join(line.split()) for line in lines)
    return text + "\r\n"


def _packed(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The pieces as one gzip member: at once where they are few bytes, so that isal runs without the GIL."""
    if size <= 1 << 21:
        yield isal_zlib.compress(b"".join(pieces), _LEVEL, wbits=_GZIP)
        return
    packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
