"""`tearsheet schedule`: outlets are visited day after day. Each verb has a file of its own."""

from __future__ import annotations

import typer

from crawler.commands import schedule_print, schedule_run, schedule_status

app = typer.Typer(
    no_args_is_help=True, help="Visit outlets day after day, each when it is likely to have news."
)

app.command()(schedule_run.run)
app.command()(schedule_status.status)
app.command("print")(schedule_print.print_units)
