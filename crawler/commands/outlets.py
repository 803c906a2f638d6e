"""`tearsheet outlets`: which outlets there are."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from crawler.commands import options
from crawler.commands.results import output

app = typer.Typer(
    no_args_is_help=True, help="Which outlets can be crawled, and where they list what they publish."
)


@app.command("list")
def list_outlets(outlets: options.Outlets = None) -> None:
    """List all outlets: the bundled ones and your own.

    \b
    Example:
      tearsheet outlets list
    """
    from crawler.outlets.loader import load_outlets

    table = Table("name", "title", "country", "languages", "domains", box=None, pad_edge=False)
    for outlet in load_outlets(options.outlet_folders(outlets)):
        cells = (outlet.title, outlet.country, " ".join(outlet.languages), " ".join(outlet.domains))
        table.add_row(Text(outlet.name, no_wrap=True), *map(Text, cells))
    output().print(table)


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
