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
    """Crawl a bundled newsroom, twice, and show what was kept.

    Three invented outlets are served on this machine for it; nothing goes over the network.

    \b
    Example:
      tearsheet demo --into /tmp/demo
    """
    from crawler.demo.tour import Tour

    if into.exists():
        sentence = f"{into} is there already; remove it, or name another folder"
        raise typer.BadParameter(sentence, param_hint="--into")
    raise typer.Exit(Tour(into).run())
