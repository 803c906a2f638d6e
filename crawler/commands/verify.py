"""`tearsheet verify`: is every byte still what it says?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.commands import options


def verify(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Folders of collections, WARC or ARC files, WACZ files."),
    ],
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Mend collections before: torn ends, index, catalogue and texts."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --repair: say what would be done, and do nothing.")
    ] = False,
    as_json: options.AsJson = False,
    workers: options.Workers = None,
    outlets: options.Outlets = None,
) -> None:
    """Check that every byte is still what it says.

    Of WARC files that is every digest, length and gzip member, and how records belong together; of a collection also
    its index, its catalogue and its texts; of a WACZ file its directory, its digests and the WARC files in it. The exit
    status is 1 where there is damage. What is no damage but may puzzle other tools is a note.

    --repair mends a collection first: a torn end of a WARC file is cut off and kept in a file beside, and whatever is
    missing or wrong of index, catalogue and texts is made again from the WARC files. No byte of a record is rewritten,
    nothing is deleted: what has no place any more goes to the folder set-aside. All but the folder archive may be lost.

    \b
    Examples:
      tearsheet verify collections/news
      tearsheet verify crawl-2026.warc.gz newsroom.wacz
      tearsheet verify --repair --dry-run collections/news
      tearsheet verify --repair collections/news
    """
    from crawler.commands.verifying import verify_paths

    if dry_run and not repair:
        raise typer.BadParameter("it goes with --repair", param_hint="--dry-run")
    if repair and (odd := [str(path) for path in paths if not path.is_dir()]):
        sentence = f"{', '.join(odd)}: only collections can be repaired; name their folders"
        raise typer.BadParameter(sentence, param_hint="PATH")
    raise typer.Exit(
        verify_paths(paths, repair=repair, dry_run=dry_run, as_json=as_json, workers=workers, outlets=outlets)
    )
