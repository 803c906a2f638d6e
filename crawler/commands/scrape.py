"""`tearsheet scrape`: a one-off: fetch the given URLs, archive them, extract their articles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from crawler.commands import options
from crawler.discovery.errors import UrlError
from crawler.discovery.urls import safe_http_url


def scrape(
    urls: Annotated[list[str] | None, typer.Argument(metavar="URL", help="Addresses of pages.")] = None,
    input_file: Annotated[
        Path | None,
        typer.Option(
            "-i", "--input", metavar="FILE", help="A file with one URL a line; - for standard input."
        ),
    ] = None,
    collection: options.CollectionName = options.DEFAULT_COLLECTION,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
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
) -> None:
    """Fetch pages, archive them and extract their articles.

    \b
    Examples:
      tearsheet scrape https://www.example.org/2026/11/a-story
      tearsheet scrape -i addresses.txt -c elections --json
    """
    from crawler.commands.crawling import run
    from crawler.commands.report import Report
    from crawler.commands.tuning import tuned
    from crawler.spiders.story import StorySpider

    with Report(as_json=as_json, extracting=not no_extract, log_json=log_format == "json") as report:
        wanted = [_checked(url) for url in urls or ()]
        if input_file is not None:
            for place, url in _listed(input_file):
                try:
                    wanted.append(safe_http_url(url))
                except UrlError as error:
                    report.failure(url, f"{place}: {error}")
        if not wanted and not report.results.failures:
            raise typer.BadParameter("name at least one URL, or a file of URLs with -i", param_hint="URL")
        if wanted:
            run(
                [(StorySpider, {"urls": wanted})],
                tuned(
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
            )
    raise typer.Exit(report.exit_status)


def _checked(url: str) -> str:
    try:
        return safe_http_url(url)
    except UrlError as error:
        raise typer.BadParameter(str(error), param_hint="URL") from error


def _listed(file: Path) -> list[tuple[str, str]]:
    """The addresses of a file, each with its place; blank lines and lines that begin with # are left out."""
    try:
        text = (sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()).decode("utf-8-sig")
    except OSError as error:
        sentence = f"{file} can't be read ({error.strerror}); check the path"
        raise typer.BadParameter(sentence, param_hint="--input") from error
    except UnicodeDecodeError as error:
        sentence = f"{file} is not UTF-8 text; name a file with one URL a line"
        raise typer.BadParameter(sentence, param_hint="--input") from error
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [(f"{file} line {number}", line) for number, line in lines if line and not line.startswith("#")]
