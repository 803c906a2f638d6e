"""The command line: dispatch only. Each command is a file of `crawler/commands/`."""

from __future__ import annotations

import errno
import os
import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from archive.errors import TearsheetError
from crawler.commands import (
    crawl,
    demo,
    export,
    extract,
    health,
    history,
    outlets,
    replay,
    schedule,
    scrape,
    search,
    serve,
    verify,
)

app = typer.Typer(
    name="tearsheet",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="A news crawler and archive: exact bytes as WARC, clean article text in files named by their hash.",
)
for command in (
    scrape.scrape,
    crawl.crawl,
    replay.replay,
    extract.extract,
    history.history,
    search.search,
    serve.serve,
    health.health,
    verify.verify,
    demo.demo,
):
    app.command()(command)
app.add_typer(export.app, name="export")
app.add_typer(outlets.app, name="outlets")
app.add_typer(schedule.app, name="schedule")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tearsheet {version('tearsheet')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before a command."""


def main() -> None:
    """Run the command line; errors of ours are told in one sentence, without a traceback."""
    try:
        app()
    except TearsheetError as error:
        sys.stderr.write(f"tearsheet: {error}\n")
        sys.exit(1)
    except BrokenPipeError:
        _end_output()  # whoever read it has seen enough
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        place = error.filename or "standard output"
        sys.stderr.write(f"tearsheet: {place} can't be written: {error.strerror}; free some space there\n")
        _end_output()


def _end_output() -> NoReturn:
    """Leave what is not written unwritten; Python would try once more, and complain, when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
