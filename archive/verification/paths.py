"""Fixity of whatever a path is: a WARC or ARC file, or the folder of a collection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.collection import Collection
from archive.errors import TearsheetError
from archive.places import Places
from archive.verification.collections import verify_collection
from archive.verification.findings import Finding, Tally
from archive.verification.warcs import verify_warc


def verify_path(path: Path, tally: Tally) -> Iterator[Finding]:
    """Check every byte below `path` and add what was looked at to `tally`."""
    if not path.is_dir():
        yield from verify_warc(path, tally, set())
        return
    folder = path if path.name not in ("", "..") else path.resolve()
    if not Places(folder).catalogue.exists():
        yield Finding(path, "is no collection; name a folder such as collections/news, or a WARC file")
        return
    try:
        with Collection(folder.parent, folder.name) as collection:
            yield from verify_collection(collection, tally)
    except TearsheetError as error:
        yield Finding(path, str(error).removeprefix(f"{path}: "))
