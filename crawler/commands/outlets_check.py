"""`tearsheet outlets check`: do the sources of outlets work?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands import options

if TYPE_CHECKING:
    from crawler.outlets.model import Outlet


def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Names of outlets; default: your own.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All outlets, the bundled ones too.")] = False,
    outlets: options.Outlets = None,
    collection: options.CollectionName = options.SOURCES_COLLECTION,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    as_json: options.AsJson = False,
    delay: options.Delay = None,
    concurrency: options.Concurrency = None,
    verbose: options.Verbose = False,
) -> None:
    """Fetch each source of outlets once and say how it is; the answers are archived.

    A source is ok, stale (nothing newer than 7 days), moved, empty, not found, blocked, not parseable, or failed
    (no answer). Exit status 1: one of the last five was met.

    \b
    Examples:
      tearsheet outlets check
      tearsheet outlets check al-monitor al-jazeera-en --json
    """
    from crawler.commands.crawling import run
    from crawler.commands.sources import SourceReport
    from crawler.commands.tuning import tuned
    from crawler.spiders.sources import CheckSpider

    chosen = _chosen(names or [], every, outlets)
    settings = tuned(
        collections=collections,
        collection=collection,
        extract=False,
        delay=delay,
        concurrency=concurrency,
        outlets=outlets,
        verbose=verbose,
    )
    with SourceReport(as_json=as_json) as report:
        run([(CheckSpider, {"outlets": chosen})], settings, report, report.source)
    raise typer.Exit(report.exit_status)


def _chosen(names: Sequence[str], every: bool, folder: Path | None) -> list[Outlet]:
    from crawler.outlets.loader import load_outlets, load_own_outlets

    if names:
        if every:
            raise typer.BadParameter("name outlets or give --all, not both", param_hint="NAME")
        return options.outlets_named(names, folder, "NAME")
    folders = options.outlet_folders(folder)
    chosen = list(load_outlets(folders) if every else load_own_outlets(folders))
    if not chosen:
        raise typer.BadParameter(
            "there are no outlet files of your own; name outlets, or give --all for the bundled ones",
            param_hint="NAME",
        )
    return chosen
