"""Finds WARC, ARC and WACZ files by what a user names: files, folders and patterns."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from archive.errors import TearsheetError

SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".wacz")
"""How the names of files end that are taken out of a folder; reading one of a kind that can't be read is an error."""
_PATTERN = frozenset("*?[")


def find_files(name: str) -> Iterator[Path | TearsheetError]:
    """The files that a name stands for, in the order of their paths.

    A folder stands for all files in it and below whose names end as those of such files do, a name with `*`, `?` or `[`
    that no file has for what matches it (`**` for folders of any depth). A name that stands for nothing gives an
    error; one of a file that is not there is given as it is.
    """
    path = Path(name)
    if path.is_dir():
        yield from _in_folder(path)
    elif path.exists() or not _PATTERN & set(name):
        odd = path.exists() and not path.is_file()
        yield TearsheetError(f"{name} is no file on a disk; save what it gives as one first") if odd else path
    else:
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - the pattern may be absolute
        if not matches:
            yield TearsheetError(f"{name}: no file matches; check the pattern, or the folder that it names")
        seen: set[Path] = set()  # `**` goes round where links to folders do
        for match in map(Path, matches):
            if not match.is_dir() and (real := match.resolve()) not in seen:
                seen.add(real)
                yield match
            elif match.is_dir() and "**" not in name:
                yield from _in_folder(match)


def _in_folder(folder: Path) -> Iterator[Path | TearsheetError]:
    unreadable: list[OSError] = []
    named = sorted(
        Path(place, file)
        for place, _, files in os.walk(folder, onerror=unreadable.append)
        for file in files
        if file.lower().endswith(SUFFIXES)
    )
    found = [path for path in named if path.is_file() or not path.exists()]  # no pipes, which never end
    yield from found
    for error in unreadable:
        yield TearsheetError(f"{error.filename} can't be read: {error.strerror}; see that you may open it")
    if not (found or unreadable):
        yield TearsheetError(f"{folder} holds no file whose name ends as those of WARC, ARC or WACZ files do")
