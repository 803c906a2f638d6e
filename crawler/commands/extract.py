"""`tearsheet extract`: articles of saved pages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from crawler.commands import options


def extract(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Saved HTML pages.")],
    url: Annotated[
        str | None,
        typer.Option(
            "--url", metavar="URL", help="Where the page came from; default: its canonical address."
        ),
    ] = None,
    as_json: options.AsJson = False,
    workers: options.Workers = None,
    outlets: options.Outlets = None,
) -> None:
    """Extract the articles of saved HTML pages; nothing is stored.

    \b
    Examples:
      tearsheet extract saved-page.html --url https://www.example.org/2026/11/a-story
      tearsheet extract pages/*.html --json
    """
    from archive.extraction.article import Rules
    from archive.extraction.pool import ExtractionPool
    from crawler.commands.extracting import FileExtraction
    from crawler.commands.report import Report
    from crawler.discovery.errors import UrlError
    from crawler.discovery.urls import safe_http_url
    from crawler.outlets.loader import load_outlets

    if url is not None:
        if len(files) > 1:
            raise typer.BadParameter(
                "it is the address of one page; name one FILE with it", param_hint="--url"
            )
        try:
            url = safe_http_url(url)
        except UrlError as error:
            raise typer.BadParameter(str(error), param_hint="--url") from error
    rules = Rules(outlets=load_outlets(options.outlet_folders(outlets)).hosts())
    processes = min(workers or os.cpu_count() or 1, len(files))
    with Report(as_json=as_json) as report:
        pool = ExtractionPool(processes, rules)
        try:
            FileExtraction(pool, url, report).run(files)
        finally:
            pool.stop()
    raise typer.Exit(report.exit_status)
