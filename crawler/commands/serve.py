"""`tearsheet serve`: look at collections in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crawler.commands import options


def serve(
    port: Annotated[
        int,
        typer.Option(
            "--port",
            min=0,
            max=65534,
            metavar="N",
            help="Where to serve; archived pages are on the port after it. 0: free ones.",
        ),
    ] = 8400,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    hosts: Annotated[
        list[str] | None,
        typer.Option(
            "--host", metavar="NAME", help="Answer to this name too, such as that of a tunnel's end."
        ),
    ] = None,
) -> None:
    """Search and read collections in a browser, with the archived pages beside the texts.

    It listens on 127.0.0.1 alone, and nothing can be changed through it. Ctrl-C or SIGTERM ends it.

    \b
    Examples:
      tearsheet serve
      tearsheet serve --collections /data/collections --port 9000
    """
    from crawler.serving.app import app
    from crawler.serving.archived import Archived
    from crawler.serving.server import listen, run

    _check(collections)
    listener = listen(port)
    typer.echo(f"{collections} at {listener.origin}/")
    run([(listener, app(collections, Archived(app=listener.origin), names=hosts or ()))])


def _check(collections: Path) -> None:
    if not collections.is_dir():
        sentence = f"{collections} is no folder; name that of your collections"
        raise typer.BadParameter(sentence, param_hint="--collections")
