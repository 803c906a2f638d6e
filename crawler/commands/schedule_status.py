"""`tearsheet schedule status`: the last and next runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import typer
from rich.table import Table
from rich.text import Text

from crawler.commands import options
from crawler.commands import schedule_options as chosen
from crawler.commands.console import counted
from crawler.commands.results import output, print_table

if TYPE_CHECKING:
    from crawler.health.run import Run
    from crawler.scheduling.plan import Plan
    from crawler.scheduling.status import OutletStatus

_STYLES = {"broken": "red", "degraded": "yellow", "fine": "green"}
_TOLD = (
    "started", "finished", "listed", "new", "fetched", "texts", "new_texts", "failed", "verdict", "severity", "reason",
)  # fmt: skip
_RIGHT = frozenset(["new", "new texts", "failed"])


def status(
    names: chosen.Scheduled = None,
    collection: chosen.Collection = None,
    collections: options.Collections = options.DEFAULT_COLLECTIONS,
    as_json: options.AsJson = False,
) -> None:
    """Show the last and the next run of each outlet, and why it is then.

    They are the outlets of the daemon that runs or ran last; where none ever did, all that were crawled, when a
    daemon would visit them.

    \b
    Examples:
      tearsheet schedule status
      tearsheet schedule status al-monitor --json
    """
    from pkgutil import resolve_name

    from crawler import settings
    from crawler.scheduling.lock import daemon_of
    from crawler.scheduling.status import statuses

    daemon = daemon_of(collections)
    plan = _plan(collections, collection, daemon is not None, names)
    now: datetime = resolve_name(settings.CLOCK)()
    rows = list(statuses(collections, plan, now))
    if as_json:
        for row in rows:
            sys.stdout.buffer.write(orjson.dumps(_json(row), option=orjson.OPT_APPEND_NEWLINE))
        return
    if rows:
        print_table(_table(rows, now), output())
    who = "no daemon runs; `tearsheet schedule run` starts one"
    if daemon is not None:
        who = f"the daemon is process {daemon}, {counted(len(plan.running), 'crawl')} under way"
    typer.echo(f"{counted(len(rows), 'outlet')}; {who}")
    if rows:
        typer.echo(f"What a crawl says is in {collections}/{collection or 'COLLECTION'}/logs/OUTLET.log")


def _plan(collections: Path, collection: str | None, alive: bool, names: Sequence[str] | None) -> Plan:
    """Which outlets to show, with the bounds and collections of the daemon that runs or ran last."""
    from crawler.scheduling.history import History
    from crawler.scheduling.plan import Plan

    plan = Plan.read(collections)
    if plan is None or (collection is not None and collection != plan.collection):
        with History(collections) as history:
            plan = Plan(tuple(history.outlets(collection)), collection=collection)
    if not alive:
        plan = replace(plan, running={})
    if unknown := sorted(set(names or ()) - set(plan.outlets)):
        sentence = (
            f'"{unknown[0]}" is neither scheduled nor was it crawled; `tearsheet schedule status` shows all'
        )
        raise typer.BadParameter(sentence, param_hint="OUTLET")
    return replace(plan, outlets=tuple(dict.fromkeys(names))) if names else plan


def _table(rows: Sequence[OutletStatus], now: datetime) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("outlet", "last run", "new", "new texts", "failed", "verdict", "next", "why"):
        table.add_column(name, no_wrap=name != "why", justify="right" if name in _RIGHT else "left")
    for row in rows:
        table.add_row(*_cells(row, now))
    return table


def _cells(row: OutletStatus, now: datetime) -> list[Text]:
    from crawler.scheduling.policy import brief

    due = f"in {brief(row.due.at - now)}" if row.due.at > now else "now"
    why = row.due.why
    if row.running is not None:
        due, why = f"running for {brief(now - row.running)}", ""
    if (last := row.last) is None:
        cells = [Text("never"), *[Text("")] * 4]
    else:
        verdict = (last.verdict or "") if last.finished else "interrupted"
        cells = [
            Text(f"{brief(now - last.started)} ago"),
            *(Text(f"{count:,}") for count in (last.new, last.new_texts, last.failed)),
            Text(verdict, style=_STYLES.get(last.severity or "", "") if last.finished else "yellow"),
        ]
    return [Text(row.outlet), *cells, Text(due), Text(why)]


def _json(row: OutletStatus) -> dict[str, object]:
    return {
        "outlet": row.outlet,
        "collection": row.collection,
        "running_since": row.running,
        "last": _run_json(row.last) if row.last is not None else None,
        "next": row.due.at,
        "why": row.due.why,
        "log": row.log,
    }


def _run_json(run: Run) -> dict[str, object]:
    return {key: getattr(run, key) for key in _TOLD}
