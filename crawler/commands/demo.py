"""`tearsheet demo`: the main job on a bundled newsroom, without the internet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    into: Annotated[
        Path,
        typer.Option(
            "--into", metavar="DIR", help="A folder that is not there yet; all is written below it."
        ),
    ] = Path("demo"),
) -> None:
    """Crawl three invented outlets on this machine, twice, and show what was kept.

    Example: tearsheet demo --into /tmp/demo
    """
    from archive.errors import TearsheetError
    from crawler.demo.tour import Tour

    if into.exists():
        raise TearsheetError(f"{into} is there already; remove it, or name another folder with --into")
    raise typer.Exit(Tour(into).run())
