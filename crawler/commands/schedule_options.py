"""Options that the verbs of `tearsheet schedule` share, and what they select."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.places import Places
from crawler.commands import options
from crawler.scheduling.errors import ScheduleError
from crawler.scheduling.policy import Bounds

if TYPE_CHECKING:  # it loads the models of outlets, which no other command needs at its start
    from crawler.scheduling.selection import Selection

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_A_YEAR = 366 * _UNITS["d"]
_PART = re.compile(r"(\d{1,9})\s*(s|min|m|h|d)\s*")


def duration(written: str) -> timedelta:
    """What `90s`, `10m`, `1h30m` or `2d` stands for. Raises BadParameter."""
    parts = _PART.findall(written)
    if not parts or _PART.sub("", written).strip():
        raise typer.BadParameter(
            f'"{written}" is no time; write a number and s, m, h or d, such as 10m or 1h30m'
        )
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if seconds > _A_YEAR:
        raise typer.BadParameter(f'"{written}" is longer than a year; write a time such as 10m or 24h')
    return timedelta(seconds=seconds)


def _duration(written: str) -> str:
    duration(written)
    return written


def _collection(name: str | None) -> str | None:
    return options.collection_name(name) if name is not None else None


Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="OUTLET",
        help="Names of outlets; without any, those of your own outlet files.",
        show_default=False,
    ),
]
Scheduled = Annotated[
    list[str] | None,
    typer.Argument(metavar="OUTLET", help="Names of outlets; without any, all.", show_default=False),
]
Every = Annotated[bool, typer.Option("--all", help="All outlets, the bundled ones too.")]
Countries = Annotated[
    list[str] | None,
    typer.Option("--country", metavar="CODE", help="All outlets of this country (ISO 3166-1, such as QA)."),
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="CODE", help="All outlets in this language (ISO 639-1, such as ar)."),
]
Collection = Annotated[
    str | None,
    typer.Option(
        "-c",
        "--collection",
        metavar="NAME",
        callback=_collection,
        help="One collection for all outlets. It has one writer, so they are crawled one after the other. "
        "Without it each outlet has a collection of its own, of its name.",
        show_default=False,
    ),
]
AtLeast = Annotated[
    str,
    typer.Option(
        "--at-least", metavar="TIME", callback=_duration, help="The shortest interval between two visits."
    ),
]
AtMost = Annotated[
    str,
    typer.Option(
        "--at-most", metavar="TIME", callback=_duration, help="The longest interval between two visits."
    ),
]
SHORTEST, LONGEST = "10m", "24h"


def bounds_of(at_least: str, at_most: str) -> Bounds:
    """Raises BadParameter for bounds that are none."""
    try:
        return Bounds(duration(at_least), duration(at_most))
    except ScheduleError as error:
        raise typer.BadParameter(str(error), param_hint="--at-least and --at-most") from error


def selection_of(
    names: Sequence[str] | None,
    every: bool,
    countries: Sequence[str] | None,
    languages: Sequence[str] | None,
    outlets: Path | None,
) -> Selection:
    """What was asked for. Raises BadParameter where the options contradict each other or a code is none."""
    from crawler.commands.outlets import codes
    from crawler.outlets.codes import COUNTRIES, LANGUAGES
    from crawler.scheduling.selection import Selection

    if names and (every or countries or languages):
        raise typer.BadParameter(
            "name outlets, or give --all, --country or --language, not both", param_hint="OUTLET"
        )
    return Selection(
        folders=tuple(options.outlet_folders(outlets)),
        names=tuple(names or ()),
        every=every,
        countries=codes(map(str.upper, countries or ()), COUNTRIES, "--country"),
        languages=codes(map(str.lower, languages or ()), LANGUAGES, "--language"),
    )


def selected(selection: Selection, collection: str | None) -> tuple[str, ...]:
    """The names of the outlets that are meant. Raises BadParameter where there are none, or one of them can't name a
    collection."""
    from crawler.outlets.errors import OutletError

    try:
        names = tuple(outlet.name for outlet in selection.outlets())
    except OutletError as error:
        if not selection.names:
            raise
        sentence = f"{error} (`tearsheet outlets list` tells all)"
        raise typer.BadParameter(sentence, param_hint="OUTLET") from error
    if not names:
        sentence = (
            "no outlet is of that country and language; give others, or name outlets"
            if selection.countries or selection.languages
            else "there are no outlet files of your own; name outlets, or give --all for the bundled ones"
        )
        raise typer.BadParameter(sentence, param_hint="OUTLET")
    for name in names:
        Places.of(Path(), collection or name)
    return names
