"""`tearsheet schedule run`: the daemon."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer

from crawler.commands import options
from crawler.commands import schedule_options as chosen


class LogFormat(StrEnum):
    text = "text"
    json = "json"


def run(
    names: chosen.Names = None,
    every: chosen.Every = False,
    countries: chosen.Countries = None,
    languages: chosen.Languages = None,
    collection: chosen.Collection = None,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    outlets: options.Outlets = None,
    jobs: Annotated[
        int | None,
        typer.Option("-j", "--jobs", min=1, metavar="N", help="Crawls at a time; default: one a core."),
    ] = None,
    at_least: chosen.AtLeast = chosen.SHORTEST,
    at_most: chosen.AtMost = chosen.LONGEST,
    run_limit: Annotated[
        str,
        typer.Option("--run-limit", metavar="TIME", help="How long one crawl may take; then it is stopped."),
    ] = "2h",
    log_format: Annotated[
        LogFormat,
        typer.Option("--log-format", help="What standard error gets: lines for people or JSON lines."),
    ] = LogFormat.text,
) -> None:
    """Visit outlets until told to stop, each when it is likely to have something new.

    An outlet is visited when about one new article is expected, by what its visits found at which hours of the day
    and days of the week; when known pages are due for a look at edits; and ever less while it fails. Each visit is a
    `tearsheet crawl` in a process of its own; its output goes to collections/COLLECTION/logs/OUTLET.log.

    SIGTERM or Ctrl-C lets the crawls finish their pages in flight and ends; a second one kills them. The same command
    goes on from there: what is due follows from what was crawled. Outlet files are read again when they change, or on
    SIGHUP.

    \b
    Examples:
      tearsheet schedule run al-monitor al-jazeera-en
      tearsheet schedule run --country QA --jobs 4 --at-least 5m
    """
    import asyncio
    from pkgutil import resolve_name

    from crawler import settings
    from crawler.scheduling.daemon import Daemon, RunOptions
    from crawler.scheduling.journal import Journal
    from crawler.scheduling.lock import DaemonLock
    from crawler.scheduling.plan import Plan

    bounds = chosen.bounds_of(at_least, at_most)
    limit = chosen.duration(run_limit)
    if not limit:
        raise typer.BadParameter(
            "a crawl needs some time; give at least 1s, such as 2h", param_hint="--run-limit"
        )
    selection = chosen.selection_of(names, every, countries, languages, outlets)
    plan = Plan(chosen.selected(selection, collection), bounds, collection)
    cores = os.cpu_count() or 1
    at_once = 1 if collection else jobs or cores
    clock = resolve_name(settings.CLOCK)
    journal = Journal(clock, as_json=log_format == LogFormat.json)
    with DaemonLock(collections):
        running = RunOptions(at_once, limit, workers=max(1, cores // at_once))
        daemon = Daemon(collections, selection, plan, running, clock, journal)
        asyncio.run(daemon.serve())
