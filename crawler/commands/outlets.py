"""`tearsheet outlets`: which outlets there are; `add` and `check` have files of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from crawler.commands import options, outlets_add, outlets_check
from crawler.commands.results import output

app = typer.Typer(
    no_args_is_help=True, help="Which outlets can be crawled, and where they list what they publish."
)


app.command()(outlets_add.add)
app.command()(outlets_check.check)


@app.command("list")
def list_outlets(
    countries: Annotated[
        list[str] | None,
        typer.Option("--country", metavar="CODE", help="Of this country alone (ISO 3166-1, such as QA)."),
    ] = None,
    languages: Annotated[
        list[str] | None,
        typer.Option("--language", metavar="CODE", help="In this language alone (ISO 639-1, such as ar)."),
    ] = None,
    outlets: options.Outlets = None,
) -> None:
    """List the outlets that are known: the bundled ones and your own.

    Options that are given more than once add to each other.

    \b
    Examples:
      tearsheet outlets list
      tearsheet outlets list --country QA --country AE --language en
    """
    from crawler.outlets.codes import COUNTRIES, LANGUAGES
    from crawler.outlets.loader import load_outlets

    wanted_countries = codes(map(str.upper, countries or ()), COUNTRIES, "--country")
    wanted_languages = codes(map(str.lower, languages or ()), LANGUAGES, "--language")
    table = Table("name", "title", "country", "languages", "domains", box=None, pad_edge=False)
    for outlet in load_outlets(options.outlet_folders(outlets)):
        if wanted_countries and outlet.country not in wanted_countries:
            continue
        if wanted_languages and wanted_languages.isdisjoint(outlet.languages):
            continue
        cells = (outlet.title, outlet.country, " ".join(outlet.languages), " ".join(outlet.domains))
        table.add_row(Text(outlet.name, no_wrap=True), *map(Text, cells))
    if table.row_count:
        output().print(table)
    else:
        typer.echo("no outlet is of that country and language", err=True)


def codes(given: Iterable[str], known: frozenset[str], option: str) -> frozenset[str]:
    """The codes that an option was given. Raises BadParameter for one that is none."""
    wanted = frozenset(given)
    if unknown := sorted(wanted - known):
        raise typer.BadParameter(
            f'"{unknown[0]}" is no such code; write two letters such as QA or ar', param_hint=option
        )
    return wanted


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The outlet's name.")],
    outlets: options.Outlets = None,
) -> None:
    """Show one outlet's entry.

    \b
    Example:
      tearsheet outlets show al-monitor
    """
    from crawler.outlets.errors import OutletError
    from crawler.outlets.loader import load_outlets

    try:
        outlet = load_outlets(options.outlet_folders(outlets)).get(name)
    except OutletError as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from error
    for key, value in outlet.model_dump(mode="json").items():
        _show(key, value)


def _show(key: str, value: object) -> None:
    """A line for each value; those of a table inside of the outlet's under its name and number: `rules[0].keep`."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            _show(f"{key}[{number}]" if isinstance(one, dict) else key, one)
    elif isinstance(value, dict):
        for name, one in value.items():
            _show(f"{key}.{name}", one)
    elif value not in ("", None):
        typer.echo(f"{key:17} {value}")
