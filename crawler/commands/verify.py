"""`tearsheet verify`: is every byte still what it says?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from archive.collection import Collection
from archive.errors import TearsheetError
from archive.places import Places
from archive.verification.collections import verify_collection
from archive.verification.findings import Finding, Tally
from archive.verification.warcs import verify_warc
from crawler.commands.console import counted, printable


def verify(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Folders of collections, or WARC files.")
    ],
) -> None:
    """Check that every byte is still what it says.

    Of WARC files that is every digest, length and gzip member; of a collection also its index, its catalogue and
    its texts.

    \b
    Examples:
      tearsheet verify collections/news
      tearsheet verify crawl-2026.warc.gz
    """
    tally = Tally()
    damages = 0
    for path in paths:
        for finding in _verify(path, tally):
            damages += finding.damage
            typer.echo(f"{'damaged' if finding.damage else 'note'}: {printable(str(finding))}")
    looked_at = (
        f"{counted(tally.files, 'file')}, {counted(tally.records, 'record')}, {counted(tally.texts, 'text')}"
    )
    found = f"{counted(damages, 'damage')} found" if damages else "every byte is what it says"
    typer.echo(f"{looked_at}: {found}")
    raise typer.Exit(1 if damages else 0)


def _verify(path: Path, tally: Tally) -> Iterator[Finding]:
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
