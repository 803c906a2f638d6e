"""Fixity of whatever a path is: a WARC, ARC or WACZ file, or the folder of a collection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.collection import Collection
from archive.errors import TearsheetError
from archive.places import Places
from archive.verification.collections import verify_collection, verify_without_catalogue
from archive.verification.findings import Finding, Tally
from archive.verification.references import References
from archive.verification.wacz import verify_wacz
from archive.verification.warcs import verify_warc
from archive.wacz.reader import is_zip


def verify_path(path: Path, tally: Tally) -> Iterator[Finding]:
    """Check every byte below `path` and add what was looked at to `tally`."""
    if not path.is_dir():
        yield from verify_wacz(path, tally) if is_zip(path) else _file(path, tally)
        return
    folder = path if path.name not in ("", "..") else path.resolve()
    places = Places(folder)
    if not places.catalogue.exists():
        if places.archive.is_dir():
            yield from verify_without_catalogue(places, tally)
        else:
            problem = "is no collection; name a folder such as collections/news, or a WARC or WACZ file"
            yield Finding(path, problem, code="unreadable")
        return
    try:
        with Collection(folder.parent, folder.name) as collection:
            yield from verify_collection(collection, tally)
    except TearsheetError as error:
        yield Finding(path, str(error).removeprefix(f"{path}: "), code="unreadable")


def _file(path: Path, tally: Tally) -> Iterator[Finding]:
    with References() as references:
        yield from verify_warc(path, tally, references)
        yield from references.findings()
