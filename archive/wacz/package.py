"""The zip file that a WACZ is: entries in the order in which they are added, each with its digest."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Self

import orjson

from archive.text.record import Json

WACZ_VERSION = "1.1.1"
DATAPACKAGE = "datapackage.json"
DATAPACKAGE_DIGEST = "datapackage-digest.json"

# The same entries give the same bytes, so no entry tells of the clock, the machine or its umask.
_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can name
_UNIX = 3
_FILE_MODE = 0o100644 << 16
_ZIP64_FROM = 1 << 31  # bytes; the length of an entry of this size may not fit the older form
# An entry whose length is not known before has a field for a long one in its local header, which the zip's directory
# then lacks. replayweb.page takes a directory without extra fields for a sign that the local header has none either,
# and reads such an entry 20 bytes too early: so both have a field that says nothing, the one that JAR files begin with.
_SAYS_NOTHING = b"\xfe\xca\x00\x00"
_NOT_IN_NAME = re.compile(r"[^-a-z0-9._/]")


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry as datapackage.json lists it. `hash` is `sha256:` and hex digits; `size` is in bytes."""

    path: str
    hash: str
    size: int


class Entry:
    """An entry that is being written."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._out.write(data)
        self._hash.update(data)
        self.size += len(data)

    def resource(self, path: str) -> Resource:
        return Resource(path, f"sha256:{self._hash.hexdigest()}", self.size)


class Package:
    """Writes entries one after another into a seekable file, as they come: memory stays flat.

    A context manager, which writes the zip's directory at its end.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self.resources: list[Resource] = []

    @contextmanager
    def entry(self, path: str, *, size: int | None = None, deflated: bool = False) -> Iterator[Entry]:
        """The entry `path`, to be written to; `size` is its length in bytes where that is known before."""
        info = zipfile.ZipInfo(path, _TIME)
        info.create_system = _UNIX
        info.external_attr = _FILE_MODE
        info.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
        if size is None:
            info.extra = _SAYS_NOTHING
        with self._zip.open(info, "w", force_zip64=size is None or size >= _ZIP64_FROM) as out:
            entry = Entry(out)
            yield entry
        self.resources.append(entry.resource(path))

    def add(
        self, path: str, pieces: Iterable[bytes], *, size: int | None = None, deflated: bool = False
    ) -> None:
        with self.entry(path, size=size, deflated=deflated) as entry:
            for piece in pieces:
                entry.write(piece)

    def finish(self, description: Json) -> None:
        """Add datapackage.json, which lists the other entries, and the file that holds its digest."""
        listed = [
            {"name": name, "path": resource.path, "hash": resource.hash, "bytes": resource.size}
            for name, resource in zip(_names(self.resources), self.resources, strict=True)
        ]
        whole = {"profile": "data-package", **description, "wacz_version": WACZ_VERSION, "resources": listed}
        content = orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        self.add(DATAPACKAGE, (content,), size=len(content))
        digest = {"path": DATAPACKAGE, "hash": self.resources[-1].hash}
        content = orjson.dumps(digest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        self.add(DATAPACKAGE_DIGEST, (content,), size=len(content))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


def _names(resources: list[Resource]) -> Iterator[str]:
    """A name for each resource as Data Package has them: small letters, digits, `-`, `.`, `_`, each name once."""
    seen: set[str] = set()
    for number, resource in enumerate(resources):
        name = _NOT_IN_NAME.sub("-", resource.path.rpartition("/")[2].lower())
        if name in seen:
            name = f"{number}-{name}"
        seen.add(name)
        yield name
