"""`tearsheet verify`: is every byte still what it says?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
    from archive.verification.findings import Tally
    from archive.verification.paths import verify_path

    tally = Tally()
    damages = 0
    for path in paths:
        for finding in verify_path(path, tally):
            damages += finding.damage
            typer.echo(f"{'damaged' if finding.damage else 'note'}: {printable(str(finding))}")
    looked_at = (
        f"{counted(tally.files, 'file')}, {counted(tally.records, 'record')}, {counted(tally.texts, 'text')}"
    )
    found = f"{counted(damages, 'damage')} found" if damages else "every byte is what it says"
    typer.echo(f"{looked_at}: {found}")
    raise typer.Exit(1 if damages else 0)
