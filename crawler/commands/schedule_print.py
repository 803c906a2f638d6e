"""`tearsheet schedule print`: units of systemd, or lines of cron."""

from __future__ import annotations

import getpass
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from crawler.commands import options
from crawler.commands import schedule_options as chosen
from crawler.scheduling.errors import ScheduleError
from crawler.scheduling.units import INTERVALS, UnitPlan, cron_lines, systemd_names, systemd_units


def print_units(
    names: chosen.Names = None,
    every: chosen.Every = False,
    countries: chosen.Countries = None,
    languages: chosen.Languages = None,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="Print a service and a timer of systemd.")
    ] = False,
    cron: Annotated[bool, typer.Option("--cron", help="Print lines for `crontab -e`.")] = False,
    interval: Annotated[
        str, typer.Option("--interval", metavar="TIME", help=f"Between two crawls: {', '.join(INTERVALS)}.")
    ] = "1h",
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    outlets: options.Outlets = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="DIR", help="Write the units as files into this folder.", show_default=False
        ),
    ] = None,
) -> None:
    """Print units of systemd, or lines of cron, that crawl outlets at a fixed interval.

    They do without the daemon, and without what it learns. Each outlet has its own minute, which follows from its
    name. Paths are those of the folder in which the command is given.

    \b
    Examples:
      tearsheet schedule print --cron al-monitor al-jazeera-en
      tearsheet schedule print --systemd --country QA --interval 30m
    """
    if systemd == cron:
        raise typer.BadParameter("give one of the two", param_hint="--systemd or --cron")
    if into is not None and cron:
        raise typer.BadParameter("is for --systemd; redirect the lines of cron", param_hint="--into")
    if interval not in INTERVALS:
        raise typer.BadParameter(f"give one of {', '.join(INTERVALS)}", param_hint="--interval")
    selection = chosen.selection_of(names, every, countries, languages, outlets)
    plan = UnitPlan(
        names=chosen.selected(selection, None),
        interval=INTERVALS[interval],
        command=(sys.executable, "-m", "crawler"),
        place=Path.cwd(),
        collections=collections.absolute(),
        user=getpass.getuser(),
        outlets=outlets.absolute() if outlets is not None else None,
    )
    if cron:
        typer.echo("\n".join(cron_lines(plan)))
    elif into is None:
        _show(plan)
    else:
        _write(plan, into)


def _show(plan: UnitPlan) -> None:
    for name, text in systemd_units(plan).items():
        typer.echo(f"# /etc/systemd/system/{name}\n{text}")
    typer.echo(f"# Then:\n{_advice(plan, '# ')}")


def _write(plan: UnitPlan, into: Path) -> None:
    try:
        into.mkdir(parents=True, exist_ok=True)
        for name, text in systemd_units(plan).items():
            (into / name).write_text(text, encoding="utf-8")
            typer.echo(f"written: {into / name}")
    except OSError as error:
        raise ScheduleError(f"{into} can't be written to ({error.strerror}); name another folder") from error
    typer.echo(f"Copy them to /etc/systemd/system/, then:\n{_advice(plan, '')}")


def _advice(plan: UnitPlan, before: str) -> str:
    commands = (
        f"mkdir -p {shlex.quote(str(plan.collections))}",
        "systemctl daemon-reload",
        f"systemctl enable --now {' '.join(systemd_names(plan))}",
    )
    return "\n".join(before + command for command in commands)
