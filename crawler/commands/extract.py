"""`tearsheet extract`: articles of pages that are at hand, and why each line of a page is text or not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands import options

if TYPE_CHECKING:
    from crawler.commands.extracting import Tell
    from crawler.commands.report import Report
    from crawler.commands.saved import Saved, Unreadable


def extract(
    pages: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help="Saved HTML pages, WARC, ARC or WACZ files; with -c, URLs or text files."
        ),
    ],
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="Where the page came from (default: its canonical address); of a WARC file, the page to take.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each line of the page and what became of it.")
    ] = False,
    collection: Annotated[
        str | None,
        options.collection(
            "Take pages of this collection: the newest capture of a URL, or what a text file was made of."
        ),
    ] = None,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    as_json: options.AsJson = False,
    workers: options.Workers = None,
    outlets: options.Outlets = None,
) -> None:
    """Extract the articles of pages that are at hand; nothing is fetched or stored.

    \b
    Examples:
      tearsheet extract saved-page.html --url https://www.example.org/2026/11/a-story
      tearsheet extract pages/*.html --json
      tearsheet extract crawl.warc.gz --url https://www.example.org/2026/11/a-story --explain
      tearsheet extract -c news 002_fe57ffcc9791de1a.txt --explain
    """
    from archive.extraction.workers.server import start_server

    url = _checked(url, pages, collection)
    start_server()  # it loads the extractor while this process loads the rest
    from archive.extraction.workers.pool import ExtractionPool
    from crawler.commands.extracting import SavedExtraction
    from crawler.commands.report import Report
    from crawler.outlets.loader import load_outlets

    rules = load_outlets(options.outlet_folders(outlets)).rules()
    with (
        Report(as_json=as_json, listing=explain) as report,
        _opened(pages, url, collection, collections) as saved,
    ):
        pool = ExtractionPool(workers or min(os.cpu_count() or 1, _most(pages)), rules)
        try:
            SavedExtraction(pool, report, _tell(report, explain, as_json)).run(saved)
        finally:
            pool.stop()
    raise typer.Exit(report.exit_status)


def _most(pages: list[str]) -> int:
    """Processes that can have something to do: one a page, where each is a file or capture of its own."""
    from crawler.commands.saved import holds_records

    return len(pages) if not any(holds_records(Path(page)) for page in pages) else os.cpu_count() or 1


def _tell(report: Report, explain: bool, as_json: bool) -> Tell:
    from crawler.commands.console import print_json
    from crawler.commands.explaining import Listing, explained_row
    from crawler.commands.extracting import tell_article
    from crawler.commands.results import output

    if not explain:
        return partial(tell_article, report)
    if as_json:
        return lambda saved, explanation: print_json(explained_row(saved, explanation))
    return Listing(output()).tell


@contextmanager
def _opened(
    pages: list[str], url: str | None, collection: str | None, collections: Path
) -> Iterator[Iterator[Saved | Unreadable]]:
    from archive.collection import Collection
    from crawler.commands.saved import in_collection, in_files

    if collection is None:
        yield in_files(map(Path, pages), url)
        return
    with Collection(collections, collection) as opened:
        yield in_collection(opened, pages)


def _checked(url: str | None, pages: list[str], collection: str | None) -> str | None:
    from crawler.commands.saved import holds_records
    from crawler.discovery.errors import UrlError
    from crawler.discovery.urls import safe_http_url

    address = next((page for page in pages if page.startswith(("http://", "https://"))), None)
    if collection is None and address:
        sentence = f"{address} is no file; name its collection with -c, or fetch it with `tearsheet scrape`"
        raise typer.BadParameter(sentence, param_hint="FILE")
    if url is None:
        return None
    if collection is not None:
        raise typer.BadParameter("with -c, write the URL in place of FILE", param_hint="--url")
    if len(pages) > 1 and not all(holds_records(Path(page)) for page in pages):
        raise typer.BadParameter("it is the address of one page; name one FILE with it", param_hint="--url")
    try:
        return safe_http_url(url)
    except UrlError as error:
        raise typer.BadParameter(str(error), param_hint="--url") from error
