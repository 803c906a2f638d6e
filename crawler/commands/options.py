"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from archive.errors import CollectionError
from archive.places import Places

if TYPE_CHECKING:
    from crawler.outlets.model import Outlet

DEFAULT_COLLECTIONS = Path("collections")
DEFAULT_COLLECTION = "news"
SOURCES_COLLECTION = "outlets-check"
"""What was fetched to find sources and to check them stays apart from the news."""
DEFAULT_OUTLETS = Path("outlets")


def collection_name(name: str | None) -> str | None:
    """A collection's name, checked; None where an option that may be left out was."""
    try:
        Places.of(Path(), name or DEFAULT_COLLECTION)
    except CollectionError as error:
        raise typer.BadParameter(str(error)) from error
    return name


def _folder(folder: Path | None) -> Path | None:
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"{folder} is no folder; name one that holds outlet files")
    return folder


def collection(help_: str) -> Any:
    """The option that names a collection, its name checked."""
    return typer.Option("-c", "--collection", metavar="NAME", callback=collection_name, help=help_)


CollectionName = Annotated[str, collection("The collection to add to.")]
Collections = Annotated[
    Path,
    typer.Option(
        "--collections", envvar="TEARSHEET_COLLECTIONS", metavar="DIR", help="The folder of the collections."
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object a line on standard output, and nothing else there.")
]
NoExtract = Annotated[
    bool, typer.Option("--no-extract", help="Archive only; a later run or replay extracts.")
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, metavar="N", help="Extraction processes; default: one a core."),
]
Outlets = Annotated[
    Path | None,
    typer.Option(
        "--outlets",
        envvar="TEARSHEET_OUTLETS",
        metavar="DIR",
        callback=_folder,
        help="A folder of outlet files that override and extend the bundled ones; ./outlets is read anyway.",
    ),
]
Delay = Annotated[
    float | None, typer.Option(min=0, metavar="S", help="Seconds between two requests to one host.")
]
Concurrency = Annotated[int | None, typer.Option(min=1, metavar="N", help="Requests at a time.")]
LogFormat = Annotated[
    Literal["text", "json"],
    typer.Option(help="Lines of standard error: for people, or a JSON object each, for collectors of logs."),
]
MetricsPort = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65535,
        metavar="PORT",
        help="Serve figures for Prometheus at http://127.0.0.1:PORT/metrics while the crawl runs.",
    ),
]
Render = Annotated[
    Literal["never", "auto", "always"] | None,
    typer.Option(
        envvar="TEARSHEET_RENDER",
        help="Pages that a browser (Chromium) renders; default: auto, those of which the server sends no article.",
        show_default=False,
    ),
]
Screenshot = Annotated[bool, typer.Option(help="Keep a picture of each rendered page.")]
Pdf = Annotated[bool, typer.Option("--pdf", help="Keep a PDF of each rendered page.")]
BlockAds = Annotated[
    bool, typer.Option("--block-ads", help="Keep advertisements and trackers out of rendered pages.")
]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say on standard error what is going on.")]


def outlets_named(names: Iterable[str], folder: Path | None, hint: str) -> list[Outlet]:
    """The outlets of those names, each once. `hint` is what the command calls the argument."""
    from crawler.outlets.errors import OutletError
    from crawler.outlets.loader import load_outlets

    known = load_outlets(outlet_folders(folder))
    try:
        return [known.get(name) for name in dict.fromkeys(names)]
    except OutletError as error:
        raise typer.BadParameter(f"{error} (`tearsheet outlets list` tells all)", param_hint=hint) from error


def outlet_folders(named: Path | None) -> list[Path]:
    """The folders of outlet files to read, the one that overrides last."""
    folders = [DEFAULT_OUTLETS] if DEFAULT_OUTLETS.is_dir() else []
    return folders if named is None or named == DEFAULT_OUTLETS else [*folders, named]
