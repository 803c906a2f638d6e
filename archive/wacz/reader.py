"""Finds the WARC files in a WACZ file, anybody's.

The file may be hostile. No name in it is used as a path, nothing is unpacked to find out what there is, and what is
read of its directory is bounded.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path, PurePosixPath

from archive.errors import WaczError
from archive.places import WARC_SUFFIXES
from archive.wacz.members import Member

OnDamage = Callable[[WaczError], None]

_ARCHIVE = "archive/"
_STARTS = (b"PK\x03\x04", b"PK\x05\x06")  # of a zip file with entries, and of one without
_DIRECTORY_LIMIT = 8 << 20  # bytes: room for some 70,000 WARC files, and 100 MB of memory at the worst
_LOCAL_HEADER = struct.Struct(
    "<4s22xHH"
)  # APPNOTE 4.3.7: signature, lengths of the name and of the extra field
_ENCRYPTED = 0x1  # APPNOTE 4.4.4, bit 0
# An inflated WARC is ten times as large as the deflated one, or twenty; small ones may repeat themselves more.
_GROWTH_LIMIT = 100
_HARMLESS = 64 << 20
_NAME_LIMIT = 200  # bytes; most file systems take 255, and a name may have to grow by a few digits
_LEADING_OUT = re.compile(r"[\x00-\x1f\x7f\\]|^[A-Za-z]:|^/|(?:^|/)\.\.(?:/|$)")


def is_zip(path: Path) -> bool:
    """Whether a file is a zip file, as a WACZ is, by its first bytes or its name; False where it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _STARTS or path.suffix == ".wacz"
    except OSError:
        return False


def read_members(path: Path, on_damage: OnDamage) -> list[Member]:
    """The WARC and ARC files of the folder archive/ in a WACZ file, in the order in which they lie there.

    What is wrong with one of them goes to `on_damage`, and it is left out. Raises WaczError where the file is no WACZ
    or can't be read as one, and OSError.
    """
    return list(read_entries(path, on_damage, is_warc).values())


def is_warc(entry: str) -> bool:
    """Whether an entry is a WARC or ARC file, by its name in the zip file."""
    return entry.startswith(_ARCHIVE) and entry.endswith(WARC_SUFFIXES)


def read_entries(path: Path, on_damage: OnDamage, wanted: Callable[[str], bool]) -> dict[str, Member]:
    """As `read_members`, of all entries whose names are `wanted`, by these names."""
    with _Directory(path) as file:
        try:
            with zipfile.ZipFile(file) as opened:
                entries, end = opened.infolist(), opened.start_dir
        except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OverflowError) as error:
            problem = (
                f"its zip directory can't be read ({error}): the file is cut short or damaged; get it again"
            )
            raise WaczError(path, problem) from error
        ordered = sorted(entries, key=lambda entry: entry.header_offset)
        _check_places(path, ordered, end)
        members = {}
        for entry in _named(path, ordered, on_damage, wanted):
            try:
                members[entry.filename] = _member(path, file, entry, end)
            except WaczError as damage:
                on_damage(damage)
    return members


class _Directory(io.BufferedReader):
    """The file as zipfile reads it: its directory at once, however long it says that it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self._path = path

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _DIRECTORY_LIMIT:
            raise WaczError(
                self._path,
                f"its zip directory is said to be {size} bytes long, more than any WACZ file needs",
            )
        return super().read(size)

    def seek(self, target: int, whence: int = io.SEEK_SET, /) -> int:
        try:
            return super().seek(target, whence)
        except OSError as error:
            if (
                whence != io.SEEK_SET
            ):  # zipfile looks for what may lie before the end of a file as short as this
                raise
            raise zipfile.BadZipFile("it names a place before its beginning") from error


def _check_places(path: Path, ordered: list[zipfile.ZipInfo], end: int) -> None:
    """Entries that share bytes are how a small zip file holds any amount of data."""
    if ordered and ordered[0].header_offset < 0:
        raise WaczError(path, "its zip directory names a place before its beginning; get the file again")
    followers = chain((entry.header_offset for entry in ordered[1:]), (end,))
    for entry, follower in zip(ordered, followers, strict=False):
        if entry.header_offset + _LOCAL_HEADER.size + entry.compress_size > follower:
            raise WaczError(
                path,
                f"its entries overlap at {entry.filename!r}: a zip bomb, or a damaged file; it is not read",
            )


def _named(
    path: Path, ordered: list[zipfile.ZipInfo], on_damage: OnDamage, wanted: Callable[[str], bool]
) -> Iterator[zipfile.ZipInfo]:
    """The entries that are wanted by their names, each name once."""
    strange = [entry for entry in ordered if not _is_plain(entry)]
    if strange:
        example = strange[0].orig_filename[:_NAME_LIMIT]
        problem = f"{len(strange)} of its entries have names that lead out of it or fit no disk, such as {example!r}"
        on_damage(WaczError(path, f"{problem}; they are left out"))
    times = Counter(entry.filename for entry in ordered)
    for entry in ordered:
        if not (wanted(entry.filename) and _is_plain(entry)):
            continue
        if times[entry.filename] == 1:
            yield entry
        elif times.pop(entry.filename, 0):
            on_damage(
                WaczError(path / entry.filename, "the zip file has this name more than once; it is left out")
            )
    if not any(entry.filename.startswith(_ARCHIVE) for entry in ordered):
        raise WaczError(
            path, "it is a zip file without a folder archive/, and so no WACZ file; check the path"
        )


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    return not _LEADING_OUT.search(name) and len(PurePosixPath(name).name.encode()) <= _NAME_LIMIT


def _member(path: Path, file: _Directory, entry: zipfile.ZipInfo, end: int) -> Member:
    named = path / entry.filename
    if entry.flag_bits & _ENCRYPTED:
        raise WaczError(named, "it is encrypted; decrypt the file first")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise WaczError(named, "it is a symbolic link; it is not followed")
    deflated = entry.compress_type == zipfile.ZIP_DEFLATED
    if not deflated and (entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size):
        raise WaczError(
            named, "it is neither stored nor deflated; pack the WACZ file anew with its WARCs stored"
        )
    if entry.file_size > max(_HARMLESS, _GROWTH_LIMIT * entry.compress_size):
        sizes = f"{entry.compress_size} bytes that are to become {entry.file_size}"
        raise WaczError(named, f"it has {sizes}: a zip bomb; it is not read")
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(_STARTS[0]):
        raise WaczError(named, "it does not begin where the zip's directory says; get the file again")
    _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    offset = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    if offset + entry.compress_size > end:
        raise WaczError(named, "it reaches into the zip's directory; get the file again")
    name = PurePosixPath(entry.filename).name
    return Member(path, named, name, offset, entry.compress_size, entry.file_size, deflated, entry.CRC)
