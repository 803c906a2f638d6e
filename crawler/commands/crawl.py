"""`tearsheet crawl`: fetch what outlets publish."""

from __future__ import annotations

from datetime import UTC
from typing import Annotated

import typer

from crawler.commands import options


def crawl(
    context: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(metavar="OUTLET", help="Names of outlets; `tearsheet outlets list` tells all."),
    ],
    collection: options.CollectionName = options.DEFAULT_COLLECTION,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    max_pages: Annotated[
        int, typer.Option("--max-pages", min=0, metavar="N", help="Articles an outlet at most; 0 for all.")
    ] = 0,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="COLLECTION",
            callback=options.collection_name,
            help="Fetch nothing: take each answer from this collection.",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="TIME", help="With --from: the captures nearest to 2026-11-21T12:00Z, say."
        ),
    ] = None,
    recheck: Annotated[
        bool,
        typer.Option("--recheck", help="Ask for all known articles again, whether edits are due or not."),
    ] = False,
    since: Annotated[
        str,
        typer.Option("--since", metavar="DAY", help="Go after what was published from this day on, in UTC."),
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="DAY", help="The last day of it; default: today.")
    ] = "",
    as_json: options.AsJson = False,
    no_extract: options.NoExtract = False,
    delay: options.Delay = None,
    concurrency: options.Concurrency = None,
    workers: options.Workers = None,
    render: options.Render = None,
    screenshot: options.Screenshot = True,
    pdf: options.Pdf = False,
    block_ads: options.BlockAds = False,
    outlets: options.Outlets = None,
    verbose: options.Verbose = False,
    log_format: options.LogFormat = "text",
    metrics_port: options.MetricsPort = None,
) -> None:
    """Fetch what outlets publish, archive and extract it.

    It is found by the outlets' feeds, sitemaps and section pages. A later crawl of the same collection asks for what
    is new, and looks for edits 1 hour, 6 hours, a day and a week after an article was first seen.

    With --since it goes back instead: through the outlets' sitemaps and older pages of their lists, for articles that
    are listed with a day from then on.

    With --from the same spiders run over a collection: each request is answered by the newest capture of its address,
    or the one nearest to --at, and what is not in the archive is named. What is found is told, and stored only where
    -c names another collection, which takes over the WARC files that hold the pages.

    \b
    Examples:
      tearsheet crawl al-monitor al-jazeera-en --max-pages 50
      tearsheet crawl al-monitor --since 2026-01-01 --until 2026-01-31
      tearsheet crawl my-outlet --outlets folder/ -c elections --json
      tearsheet crawl al-monitor --from news --at 2026-11-21T12:00Z
    """
    from scrapy.utils.misc import load_object

    from crawler import settings as defaults
    from crawler.commands.crawling import Job, run
    from crawler.commands.report import Report
    from crawler.commands.tuning import tuned
    from crawler.discovery.errors import SpanError
    from crawler.discovery.spans import span_of
    from crawler.spiders.outlet import OutletSpider

    try:
        span_of(since, until, load_object(defaults.CLOCK)().astimezone(UTC).date())
    except SpanError as error:
        raise typer.BadParameter(error.problem, param_hint=f"--{error.option}") from error
    named = options.outlets_named(names, outlets, "OUTLET")
    target = None if _is_default(context, "collection") else collection
    _check(source, target, at, no_extract=no_extract, recheck=recheck, render=_is_named(context, "render"))
    chosen = {"max_pages": max_pages, "since": since, "until": until}
    jobs: list[Job] = [(OutletSpider, {"outlet": outlet, **chosen}) for outlet in named]
    with Report(as_json=as_json, extracting=not no_extract, log_json=log_format == "json") as report:
        if source is not None:
            # Loaded here: most crawls go to the network and need none of it.
            from crawler.commands.from_archive import Source, crawl_archive, moment_of

            place = Source(collections, source, moment_of(at))
            crawl_archive(jobs, place, target, report, workers=workers, outlets=outlets, verbose=verbose)
        else:
            run(
                jobs,
                tuned(
                    recheck=recheck,
                    collections=collections,
                    collection=collection,
                    extract=not no_extract,
                    delay=delay,
                    concurrency=concurrency,
                    workers=workers,
                    render=render,
                    screenshot=screenshot,
                    pdf=pdf,
                    block_ads=block_ads,
                    outlets=outlets,
                    verbose=verbose,
                    log_json=log_format == "json",
                ),
                report,
                metrics_port=metrics_port,
            )
    raise typer.Exit(report.exit_status)


def _is_default(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "DEFAULT"


def _is_named(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _check(
    source: str | None,
    target: str | None,
    at: str | None,
    *,
    no_extract: bool,
    recheck: bool,
    render: bool,
) -> None:
    if source is None:
        if at is not None:
            raise typer.BadParameter("it goes with --from", param_hint="--at")
        return
    if target == source:
        sentence = (
            f"nothing is written to {source}; name another collection, or leave it out to store nothing"
        )
        raise typer.BadParameter(sentence, param_hint="-c")
    for given, option in ((no_extract, "--no-extract"), (recheck, "--recheck"), (render, "--render")):
        if given:
            raise typer.BadParameter(
                "it says nothing of an archive; leave it out with --from", param_hint=option
            )
