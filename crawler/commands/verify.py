"""`tearsheet verify`: is every byte still what it says?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from archive.collection import Collection
from archive.verification.collections import verify_collection
from archive.verification.findings import Finding, Tally
from archive.verification.warcs import verify_warc


def verify(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Folders of collections, or WARC files.")
    ],
) -> None:
    """Check digests, gzip members and lengths of WARC files; of a collection also its index, catalogue and texts.

    Example: tearsheet verify collections/news
    """
    tally = Tally()
    damages = 0
    for path in paths:
        for finding in _verify(path, tally):
            damages += finding.damage
            typer.echo(f"{'damaged' if finding.damage else 'note'}: {finding}")
    looked_at = f"{tally.files} files, {tally.records} records, {tally.texts} texts"
    typer.echo(f"{looked_at}: {f'{damages} damages found' if damages else 'every byte is what it says'}")
    raise typer.Exit(1 if damages else 0)


def _verify(path: Path, tally: Tally) -> Iterator[Finding]:
    if not path.is_dir():
        yield from verify_warc(path, tally, set())
        return
    with Collection(path.parent, path.name) as collection:
        yield from verify_collection(collection, tally)
