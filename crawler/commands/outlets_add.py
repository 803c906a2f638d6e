"""`tearsheet outlets add`: makes an outlet file for a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands import options

if TYPE_CHECKING:
    from crawler.commands.sources import SourceReport
    from crawler.outlets.model import Outlet
    from crawler.outlets.survey import Survey


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The outlet's front page, or a feed of it.")],
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="What to call it; default: made from its host."),
    ] = None,
    folder: Annotated[
        Path,
        typer.Option(
            "--outlets",
            envvar="TEARSHEET_OUTLETS",
            metavar="DIR",
            file_okay=False,
            help="The folder that gets the outlet file; it is made if need be.",
        ),
    ] = options.DEFAULT_OUTLETS,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an outlet of that name, or go before a bundled one.")
    ] = False,
    collection: options.CollectionName = options.SOURCES_COLLECTION,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    as_json: options.AsJson = False,
    delay: options.Delay = None,
    verbose: options.Verbose = False,
) -> None:
    """Find the feeds, sitemaps or section pages of a site and write an outlet file with those that list articles.

    They are sought by the front page's links, robots.txt and the addresses that are common, one after the other
    and forty at the most. What is fetched is archived, as it is what the entry was made from.

    \b
    Examples:
      tearsheet outlets add https://www.example.org/
      tearsheet outlets add https://www.example.org/ar/ --name example-ar --outlets folder/
    """
    from crawler.commands.crawling import run
    from crawler.commands.sources import SourceReport
    from crawler.commands.tuning import tuned
    from crawler.outlets.entry import file_for
    from crawler.outlets.survey import Survey
    from crawler.spiders.survey import SurveySpider

    url, name = _checked(url, name)
    present = folder if folder.is_dir() else None
    known = _known(url, name, present, force)
    path = file_for(folder, name, replace=force)
    survey = Survey(name, url)
    settings = tuned(
        collections=collections,
        collection=collection,
        extract=False,
        delay=delay,
        outlets=present,
        verbose=verbose,
    )
    with SourceReport(as_json=as_json, probes=True) as report:
        if known is not None and known.name != name:
            report.warn(f"{url} belongs to the outlet {known.name} already")
        run([(SurveySpider, {"survey": survey})], settings, report, report.source)
        written = not report.exit_status and _write(survey, path, report)
    if written and not as_json:
        typer.echo(f"written to {path}; `tearsheet crawl {name} --max-pages 10 -c trial` tries it")
    raise typer.Exit(report.exit_status)


def _write(survey: Survey, path: Path, report: SourceReport) -> bool:
    """Whether an outlet could be made and written; why not is told to the report."""
    from crawler.outlets.entry import write_entry
    from crawler.outlets.errors import OutletError

    try:
        outlet = survey.made()
        write_entry(outlet, path)
    except OutletError as error:
        report.failure(survey.url, str(error))
        return False
    report.outlet({"outlet": outlet.model_dump(mode="json"), "file": str(path)})
    return True


def _known(url: str, name: str, folder: Path | None, force: bool) -> Outlet | None:
    """The outlet to which the URL belongs already. Raises BadParameter if the name is a bundled one's."""
    from crawler.outlets.loader import load_outlets

    if not force and name in {outlet.name for outlet in load_outlets()}:
        raise typer.BadParameter(
            f'"{name}" is a bundled outlet; give another --name, or --force to go before it',
            param_hint="--name",
        )
    return load_outlets(options.outlet_folders(folder)).for_url(url)


def _checked(url: str, name: str | None) -> tuple[str, str]:
    """URL and name as they are used. Raises BadParameter for those that can't be."""
    from pydantic import TypeAdapter, ValidationError

    from crawler.discovery.errors import UrlError
    from crawler.discovery.urls import safe_http_url
    from crawler.outlets.model import Slug
    from crawler.outlets.survey import name_for

    try:
        url = safe_http_url(url)
    except UrlError as error:
        raise typer.BadParameter(str(error), param_hint="URL") from error
    name = name_for(url) if name is None else name
    try:
        TypeAdapter(Slug).validate_python(name)
    except ValidationError as error:
        sentence = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise typer.BadParameter(sentence, param_hint="--name") from error
    return url, name
