"""`tearsheet replay`: articles again from WARC files, without a network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.commands import options

_DAY = ["%Y-%m-%d"]


def replay(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="WARC, ARC or WACZ files from any tool, folders that hold some, or patterns such as 'x/**/*.warc.gz'.",
        ),
    ] = None,
    collection: options.CollectionName = options.DEFAULT_COLLECTION,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    url_prefix: Annotated[
        list[str] | None,
        typer.Option("--url-prefix", metavar="URL", help="Only pages whose address begins so."),
    ] = None,
    outlet: Annotated[
        list[str] | None,
        typer.Option("--outlet", metavar="NAME", help="Only pages of this outlet, by its address."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", metavar="YYYY-MM-DD", formats=_DAY, help="Only captures of this day (UTC) or later."
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until", metavar="YYYY-MM-DD", formats=_DAY, help="Only captures of this day (UTC) or before."
        ),
    ] = None,
    mime: Annotated[
        list[str] | None,
        typer.Option(
            "--mime", metavar="TYPE", help="Only pages of this type, such as application/xhtml+xml."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Extract also what an earlier replay had read to its end.")
    ] = False,
    parquet: Annotated[
        Path | None,
        typer.Option(
            "--parquet", metavar="OUT", help="Write the articles to this Parquet file too. Needs pyarrow."
        ),
    ] = None,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="Extract the captures that the collection holds anew, and show what would change."
        ),
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="With --diff: write what changes, as new versions.")
    ] = False,
    as_json: options.AsJson = False,
    workers: options.Workers = None,
    outlets: options.Outlets = None,
) -> None:
    """Extract the articles in WARC and WACZ files, anybody's, again.

    Nothing is fetched. A file that lies elsewhere, or in a WACZ file, is copied into the collection's archive, so
    that its texts keep their proof: as a whole, also where a filter leaves some of its pages without a text. Filters of
    one kind add up, those of different kinds must all hold; a revisit that they let pass gets its text, whenever the
    page itself was captured.

    A run that was stopped is gone on with by the same command; of a file that was read to its end, only what it has
    grown by is read again.

    --diff takes no FILE. It extracts what the collection holds with today's rules and outlet files and shows, text by
    text, what would change: words, and fields such as headline and authors. Nothing is written without --apply.
    A text that changes then becomes a new file, whose `versions` name the former one; that stays as it is.

    \b
    Examples:
      tearsheet replay crawl-2026.warc.gz -c elections
      tearsheet replay /mnt/warcs -c elections --outlet al-monitor --since 2026-11-01
      tearsheet replay 'recorded/**/*.wacz' -c elections
      tearsheet replay --diff -c elections --outlet al-monitor
      tearsheet replay --diff --apply -c elections
    """
    from archive.extraction.workers.server import start_server

    _check(files, again=again, diff=diff, apply=apply, parquet=parquet)
    start_server()  # it loads the extractor while this process loads the rest
    from crawler.commands.replaying import replay_files, wanted_of

    wanted = wanted_of(url_prefix or (), outlet or (), since, until, mime or (), outlets)
    if diff:
        from crawler.commands.renewing import renew

        raise typer.Exit(
            renew(
                collections / collection,
                wanted,
                apply=apply,
                as_json=as_json,
                workers=workers,
                outlets=outlets,
            )
        )
    status = replay_files(
        files or (),
        wanted,
        collections / collection,
        again=again,
        parquet=parquet,
        as_json=as_json,
        workers=workers,
        outlets=outlets,
    )
    raise typer.Exit(status)


def _check(files: list[str] | None, *, again: bool, diff: bool, apply: bool, parquet: Path | None) -> None:
    from archive.fixity import check_free

    if apply and not diff:
        raise typer.BadParameter("it goes with --diff", param_hint="--apply")
    if not (diff or files):
        raise typer.BadParameter("name a file, a folder or a pattern", param_hint="FILE")
    if diff and files:
        sentence = "with --diff there is none: it looks at what the collection holds, which -c names"
        raise typer.BadParameter(sentence, param_hint="FILE")
    if diff and parquet is not None:
        raise typer.BadParameter("--diff writes no articles; leave one of them out", param_hint="--parquet")
    if parquet is not None:
        check_free(parquet, replace=False)  # before anything is replayed
    if diff and again:
        raise typer.BadParameter("--diff looks at all captures anyway", param_hint="--again")
