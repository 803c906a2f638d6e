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
    fetch: Annotated[
        bool,
        typer.Option(
            "--get-replay",
            help="Get the files of replayweb.page, by which archived pages are shown, and end.",
        ),
    ] = False,
    hosts: Annotated[
        list[str] | None,
        typer.Option(
            "--host", metavar="NAME", help="Answer to this name too, such as that of a tunnel's end."
        ),
    ] = None,
) -> None:
    """Search and read collections in a browser, with the archived pages beside the texts.

    It listens on 127.0.0.1 alone, and nothing can be changed through it. Ctrl-C or SIGTERM ends it. Archived pages are
    replayed on a port of their own, so that nothing in them can reach the rest.

    \b
    Examples:
      tearsheet serve
      tearsheet serve --collections /data/collections --port 9000
      tearsheet serve --get-replay
    """
    from crawler.serving.app import app
    from crawler.serving.archived import Archived
    from crawler.serving.machine.routes import routes
    from crawler.serving.replay.app import can_replay, replay_app
    from crawler.serving.server import listen_beside, run

    if fetch:
        _get_replay()
        return
    _check(collections)
    pages, replay = listen_beside(port)
    archived = Archived(replay.origin, pages.origin, installed=can_replay())
    names = hosts or ()
    further = routes(collections, mementos_at=replay.origin)
    shown = app(collections, archived, names=names, further=further)
    typer.echo(f"{collections} at {pages.origin}/")
    run([(pages, shown), (replay, replay_app(collections, pages.origin, names=names))])


def _get_replay() -> None:
    from crawler.serving.replay.getting import get_replay

    got = get_replay()
    typer.echo(f"replayweb.page is in {got.folder}{'' if got.fetched else ', where it was already'}")


def _check(collections: Path) -> None:
    if not collections.is_dir():
        sentence = f"{collections} is no folder; name that of your collections"
        raise typer.BadParameter(sentence, param_hint="--collections")
