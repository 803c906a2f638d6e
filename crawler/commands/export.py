"""`tearsheet export`: a collection, or its articles, in formats that other programs read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.commands import options

app = typer.Typer(
    no_args_is_help=True,
    help="Write a collection as WACZ, or its articles as JSON lines, CSV, text or Parquet.",
)

_DAY = ["%Y-%m-%d"]

Exported = Annotated[
    str,
    options.collection("The collection to export."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]


@app.command()
def wacz(
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    collection: Exported = options.DEFAULT_COLLECTION,
    title: Annotated[
        str | None,
        typer.Option("--title", metavar="TEXT", help="What readers show; default: the collection's name."),
    ] = None,
    force: Force = False,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
) -> None:
    """Write the whole collection as one WACZ 1.1.1 file, which replayweb.page opens.

    It holds the WARC files as they are, an index, and a list of the articles with their text. The same collection
    gives the same bytes.

    \b
    Examples:
      tearsheet export wacz -c elections elections.wacz
    """
    from archive.collection import Collection
    from archive.wacz.export import export_wacz
    from crawler.commands.console import counted
    from crawler.commands.exporting import refuse_pipe, say

    refuse_pipe(target)
    with Collection(collections, collection) as opened:
        done = export_wacz(opened, target, title=title, replace=force)
    for sentence in done.left_out:
        say(f"warning: {sentence}")
    for damage in done.damages:
        say(f"failed: {damage}")
    parts = (counted(done.warcs, "WARC file"), counted(done.captures, "capture"), counted(done.pages, "page"))
    typer.echo(f"{target}: {', '.join(parts)}, {done.size:,} bytes")
    raise typer.Exit(1 if done.damages else 0)


def _articles_command(name: str, text: str, examples: str) -> None:
    """Add the command of a format that holds articles: all of them take the same options."""

    def export(
        target: Annotated[
            Path, typer.Argument(metavar="OUT", help="What to write: for text a folder, else a file or -.")
        ],
        collection: Exported = options.DEFAULT_COLLECTION,
        outlet: Annotated[
            list[str] | None,
            typer.Option("--outlet", metavar="NAME", help="Of this outlet alone, by name or title."),
        ] = None,
        language: Annotated[
            list[str] | None,
            typer.Option(
                "--language", metavar="CODE", help="In this language alone (ISO 639-1, such as ar)."
            ),
        ] = None,
        since: Annotated[
            datetime | None,
            typer.Option(
                "--since", metavar="YYYY-MM-DD", formats=_DAY, help="Published on this day or later."
            ),
        ] = None,
        until: Annotated[
            datetime | None,
            typer.Option(
                "--until", metavar="YYYY-MM-DD", formats=_DAY, help="Published on this day or before."
            ),
        ] = None,
        force: Force = False,
        collections: options.Collections = options.DEFAULT_COLLECTIONS,
        outlets: options.Outlets = None,
    ) -> None:
        from archive.collection import Collection
        from crawler.commands import exporting

        wanted = exporting.selection_of(outlet or (), language or (), since, until, outlets)
        with Collection(collections, collection) as opened:
            status = exporting.export_articles(opened, wanted, target, exporting.FORMATS[name], force=force)
        raise typer.Exit(status)

    shown = "\n".join(f"  tearsheet export {name} {example}" for example in examples.splitlines())
    app.command(name, help=f"{text}\n\n\b\nExamples:\n{shown}")(export)


_articles_command(
    "jsonl",
    "Write the articles as JSON, one a line, with all that is known of each.\n\nOUT - is standard output.",
    "-c elections articles.jsonl\n-c elections --outlet al-monitor --since 2026-11-01 - | jq .headline",
)
_articles_command(
    "csv",
    "Write the articles as CSV (RFC 4180, UTF-8), a row each, for spreadsheets.\n\n"
    "A cell that a spreadsheet would take for a formula gets an apostrophe before it. OUT - is standard output.",
    "-c elections articles.csv",
)
_articles_command(
    "text",
    "Write the text files of the articles into a folder, with a list of them, contents.tsv.",
    "-c elections --language ar arabic/",
)
_articles_command(
    "parquet",
    "Write the articles as Parquet, a row each, for pandas, DuckDB and the like. Needs pyarrow.",
    "-c elections articles.parquet",
)
