"""What `tearsheet search` does: asks one collection or all of them, and shows what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from rich.text import Text

from archive.catalogue.search_rows import Hit, Wanted
from archive.collection import Collection
from archive.errors import CollectionError
from archive.places import names_of_collections
from archive.search.across import find_across
from archive.search.marking import Piece, snippet
from archive.search.query import Query
from archive.search.searching import Searching, searching
from archive.text.names import TextName
from archive.text.record import Json
from crawler.commands.console import Console, counted, print_json, printable
from crawler.commands.exporting import say


def show(collections: Path, name: str | None, wanted: Wanted, *, as_json: bool) -> int:
    """Print what is found in the collection `name`, or in all of them; returns the exit status. One of all that can't
    be searched is told of, and the others are searched. Raises CollectionError where there is none."""
    names = [name] if name else names_of_collections(collections)
    if not names:
        raise CollectionError(
            f"{collections} holds no collection yet; make one with `tearsheet scrape`, or name another folder with "
            "--collections"
        )
    failures: list[str] = []

    def on_failure(named: str, error: CollectionError) -> None:
        if name:
            raise error
        failures.append(named)
        say(f"{named} is left out: {error}")

    found = find_across(_searches(collections, names, on_failure), wanted, on_failure)
    with ExitStack() as opened:
        holding = {
            each: opened.enter_context(Collection(collections, each))
            for each in dict.fromkeys(hit.collection for hit in found.hits)
        }
        shown = [(holding[each.collection], each.hit) for each in found.hits]
        if as_json:
            for collection, hit in shown:
                print_json(_row(collection, hit, wanted.query))
        else:
            _print(shown, found.total, wanted.query, alone=len(names) == 1)
    return int(bool(failures))


def _searches(
    collections: Path, names: Iterable[str], on_failure: Callable[[str, CollectionError], None]
) -> Iterator[Searching]:
    """The search of each collection, closed when the next one is asked for."""
    for name in names:
        with ExitStack() as opened:
            try:
                search = opened.enter_context(searching(collections, name))
            except CollectionError as error:
                on_failure(name, error)
                continue
            if search.note:
                say(f"note: {search.note}")
            yield search


def _row(collection: Collection, hit: Hit, query: Query) -> Json:
    return {
        "collection": collection.name,
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


def _print(shown: list[tuple[Collection, Hit]], total: int, query: Query, *, alone: bool) -> None:
    out = Console(highlight=False, soft_wrap=True)
    for collection, hit in shown:
        out.print(Text(printable(hit.headline), style="bold"))
        version = None if hit.current else "earlier version"
        name = None if alone else collection.name
        where = filter(None, (hit.outlet, hit.day, name, _name(hit).text, version))
        out.print(Text("  " + "  ".join(map(printable, where)), style="dim"))
        line = Text("  ")
        for piece in _snippet(collection, hit, query):
            line.append(printable(piece.text), style="bold red" if piece.marked else "")
        out.print(line)
    rest = f", the first {len(shown)} of them" if len(shown) < total else ""
    out.print(f"{counted(total, 'article')}{rest}" if total else "nothing was found")


def _name(hit: Hit) -> TextName:
    return TextName(hit.number, hit.hash)


def _snippet(collection: Collection, hit: Hit, query: Query) -> tuple[Piece, ...]:
    return snippet(collection.texts.read(_name(hit)).decode(errors="replace").partition("\n\n")[2], query)
