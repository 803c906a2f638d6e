"""`tearsheet search`: find articles by their words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands import options

if TYPE_CHECKING:
    from archive.catalogue.search_rows import Order

_DAY = ["%Y-%m-%d"]


def search(
    typed: Annotated[
        str, typer.Argument(metavar="QUERY", help='Words; "a phrase"; -without these; beginn* of words.')
    ],
    collection: Annotated[
        str | None,
        options.collection("This collection alone; default: all."),
    ] = None,
    outlet: Annotated[
        list[str] | None,
        typer.Option("--outlet", metavar="NAME", help="Of this outlet alone, by name or title."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", metavar="CODE", help="In this language alone (ISO 639-1, such as ar)."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--since", metavar="YYYY-MM-DD", formats=_DAY, help="Published on this day or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", metavar="YYYY-MM-DD", formats=_DAY, help="Published on this day or before."),
    ] = None,
    newest: Annotated[
        bool, typer.Option("--newest", help="The newest first, not the most relevant.")
    ] = False,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, metavar="N", help="At most so many.")] = 20,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    outlets: options.Outlets = None,
    as_json: options.AsJson = False,
) -> None:
    """Find articles by their words: spelling variants, accents and vowel points make no difference.

    An Arabic or Hebrew word is found with what is written onto its front (and, the, with ...); Chinese, Japanese,
    Korean and Thai are found wherever a word begins. Options stand before a query that begins with a dash: `-- -word`.

    All collections of the folder are searched: the best of each, then the second of each, or with --newest by date. One
    that can't be searched is left out, is told of, and makes the exit status 1.

    \b
    Examples:
      tearsheet search "harbour fire"
      tearsheet search '"رئيس الوزراء"' -c elections --language ar --since 2026-11-01 --json
    """
    from archive.catalogue.search_rows import Wanted
    from archive.search.query import parse
    from crawler.commands.exporting import selection_of
    from crawler.commands.searching import show

    query = parse(typed)
    if not query:
        raise typer.BadParameter("there is no word in it that can be looked for", param_hint="QUERY")
    order: Order = "newest" if newest else "relevance"
    selection = selection_of(outlet or (), language or (), since, until, outlets)
    wanted = Wanted(query, selection, order=order, limit=limit)
    raise typer.Exit(show(collections, collection, wanted, as_json=as_json))
