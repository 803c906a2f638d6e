"""`tearsheet search`: find articles of a collection by their words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands import options

if TYPE_CHECKING:
    from pathlib import Path

    from archive.catalogue.search_rows import Hit, Order, Wanted
    from archive.collection import Collection
    from archive.search.marking import Piece
    from archive.search.query import Query
    from archive.text.names import TextName
    from archive.text.record import Json

_DAY = ["%Y-%m-%d"]


def search(
    typed: Annotated[
        str, typer.Argument(metavar="QUERY", help='Words; "a phrase"; -without these; beginn* of words.')
    ],
    collection: options.CollectionName = options.DEFAULT_COLLECTION,
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

    \b
    Examples:
      tearsheet search "harbour fire" -c elections
      tearsheet search '"رئيس الوزراء"' -c elections --language ar --since 2026-11-01 --json
    """
    from archive.catalogue.search_rows import Wanted
    from archive.search.query import parse
    from crawler.commands.exporting import selection_of

    query = parse(typed)
    if not query:
        raise typer.BadParameter("there is no word in it that can be looked for", param_hint="QUERY")
    order: Order = "newest" if newest else "relevance"
    selection = selection_of(outlet or (), language or (), since, until, outlets)
    _show(collections, collection, Wanted(query, selection, order=order, limit=limit), as_json=as_json)


def _show(collections: Path, name: str, wanted: Wanted, *, as_json: bool) -> None:
    from archive.collection import Collection
    from archive.search.searching import searching
    from crawler.commands.console import print_json
    from crawler.commands.exporting import say

    with searching(collections, name) as search, Collection(collections, name) as opened:
        if search.note:
            say(f"note: {search.note}")
        found = search.find(wanted)
        if as_json:
            for row in _rows(opened, found.hits, wanted.query):
                print_json(row)
        else:
            _print(opened, found.hits, found.total, wanted.query)


def _rows(collection: Collection, hits: tuple[Hit, ...], query: Query) -> Iterator[Json]:
    for hit in hits:
        yield {
            "text_file": str(collection.texts.path(_name(hit))),
            "headline": hit.headline,
            "outlet": hit.outlet,
            "language": hit.language,
            "date_published": hit.published,
            "url": hit.url,
            "words": hit.words,
            "current": hit.current,
            "snippet": "".join(piece.text for piece in _snippet(collection, hit, query)),
        }


def _print(collection: Collection, hits: tuple[Hit, ...], total: int, query: Query) -> None:
    from rich.text import Text

    from crawler.commands.console import Console, counted, printable

    out = Console(highlight=False, soft_wrap=True)
    for hit in hits:
        out.print(Text(printable(hit.headline), style="bold"))
        where = filter(
            None, (hit.outlet, hit.day, _name(hit).text, None if hit.current else "earlier version")
        )
        out.print(Text("  " + "  ".join(map(printable, where)), style="dim"))
        line = Text("  ")
        for piece in _snippet(collection, hit, query):
            line.append(printable(piece.text), style="bold red" if piece.marked else "")
        out.print(line)
    shown = f", the first {len(hits)} of them" if len(hits) < total else ""
    out.print(f"{counted(total, 'article')}{shown}" if total else "nothing was found")


def _name(hit: Hit) -> TextName:
    from archive.text.names import TextName

    return TextName(hit.number, hit.hash)


def _snippet(collection: Collection, hit: Hit, query: Query) -> tuple[Piece, ...]:
    from archive.search.marking import snippet

    return snippet(collection.texts.read(_name(hit)).decode(errors="replace").partition("\n\n")[2], query)
