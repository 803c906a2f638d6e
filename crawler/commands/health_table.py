"""How outlets are, as a table for people and as rows for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus

from rich.table import Table
from rich.text import Text

from archive.text.record import Json
from crawler.commands.console import counted, printable
from crawler.commands.results import output, print_table
from crawler.health.run import Run
from crawler.health.tables import COUNTS
from crawler.outlets.seen import source_row

FUNNEL = ("listed", "new", "fetched", "texts", "complete")
_FUNNEL = " > ".join(FUNNEL)
_NARROW = 100
_NARROW_RUNS = 10
"""Runs of the sparkline on a terminal narrower than `_NARROW` columns."""
_BARS = "▁▂▃▄▅▆▇█"
_NO_END = "·"
_STYLES = {"fine": "green", "degraded": "yellow", "broken": "red"}
_ORDER = ("broken", "degraded", None, "fine")


def print_health(runs: Mapping[str, Sequence[Run]]) -> None:
    """A table of outlets, the worst first, and a line that counts them. The runs of each are newest first.

    In a pipe each line has its reason; on a terminal, where there is no room for it, the reasons of what is not fine
    stand below.
    """
    out = output()
    rows = sorted(runs.items(), key=lambda row: (_ORDER.index(_severity(row[1])), row[0]))
    table = Table("outlet", "verdict", "since", box=None, pad_edge=False, header_style="bold")
    table.add_column("funnel" if out.is_terminal else _FUNNEL)
    table.add_column("new texts")
    if not out.is_terminal:
        table.add_column("reason")
    for column in table.columns:
        column.no_wrap = True
    shown = _NARROW_RUNS if out.is_terminal and out.width < _NARROW else None
    for outlet, last in rows:
        reason = [] if out.is_terminal else [Text(printable(_reason(last)))]
        table.add_row(Text(printable(outlet)), *_cells(last[:shown]), *reason)
    print_table(table, out)
    if out.is_terminal and rows:
        out.print(Text(f"funnel: {_FUNNEL}, in the last run; =: as before", style="dim"))
        for outlet, last in rows:
            if _severity(last) != "fine":
                out.print(Text(printable(f"{outlet}: {_verdict(last)}: {_reason(last)}")))
    out.print(summary(dict(rows)), highlight=False)


def summary(runs: Mapping[str, Sequence[Run]]) -> str:
    """`4 outlets: 3 ok, 1 blocked`."""
    verdicts = Counter(_verdict(last) for last in runs.values())
    each = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.most_common())
    return f"{counted(len(runs), 'outlet')}: {each}" if runs else "no outlet"


def sparkline(numbers: Sequence[int | None]) -> str:
    """A bar for each number, the highest for the greatest, the lowest for none; a dot for what is not known."""
    most = max((number for number in numbers if number is not None), default=0)
    top = len(_BARS) - 1
    return "".join(
        _NO_END if number is None else _BARS[-(-number * top // most) if most else 0] for number in numbers
    )


def outlet_row(outlet: str, runs: Sequence[Run]) -> Json:
    """An outlet as a JSON row."""
    last = _judged(runs)
    counted_in = {name: getattr(last, name) for name in (*COUNTS, "rendered")} if last else None
    return {
        "outlet": outlet,
        "verdict": last.verdict if last else None,
        "severity": last.severity if last else None,
        "since": _iso(last.since) if last else None,
        "reason": _reason(runs),
        "verdicts": [asdict(verdict) for verdict in last.verdicts] if last else [],
        "collection": runs[0].collection,
        "started": _iso(runs[0].started),
        "finished": _iso(runs[0].finished),
        "last_run": counted_in,
        "statuses": last.statuses if last else {},
        "kinds": last.kinds if last else {},
        "missing": last.missing if last else {},
        "median_length": last.median_length if last else None,
        "sources": [source_row(seen) for seen in last.sources] if last else [],
        "new_texts": _new_texts(runs),
    }


def _cells(runs: Sequence[Run]) -> list[Text]:
    last = _judged(runs)
    severity = _severity(runs)
    since = last.since if last else runs[0].started
    return [
        Text(printable(_verdict(runs)), style=_STYLES.get(severity or "", "")),
        Text(f"{since.astimezone(UTC):%Y-%m-%d}" if since else ""),
        Text(_funnel(last) if last else ""),
        Text(sparkline(_new_texts(runs))),
    ]


def _funnel(run: Run) -> str:
    """How many are left at each step; no source was sent anew where all are unchanged, so none listed anything."""
    numbers = {name: str(getattr(run, name)) for name in FUNNEL}
    if run.sources and all(seen.status == HTTPStatus.NOT_MODIFIED for seen in run.sources):
        numbers["listed"] = "="
    return " > ".join(numbers.values())


def _judged(runs: Sequence[Run]) -> Run | None:
    return next((run for run in runs if run.verdicts), None)


def _severity(runs: Sequence[Run]) -> str | None:
    last = _judged(runs)
    return last.severity if last else None


def _verdict(runs: Sequence[Run]) -> str:
    last = _judged(runs)
    return (last.verdict if last else None) or "not known"


def _reason(runs: Sequence[Run]) -> str:
    last = _judged(runs)
    said = [last.reason] if last else []
    begun = next((number for number, run in enumerate(runs) if run.finished is not None), len(runs))
    if begun:
        crawls = "a crawl" if begun == 1 else f"{begun} crawls"
        have = "has" if begun == 1 else "have"
        since = f"{runs[begun - 1].started.astimezone(UTC):%Y-%m-%d %H:%M}"
        said.append(f"{crawls} begun since {since} {have} no end: under way, or killed")
    return "; ".join(said)


def _new_texts(runs: Sequence[Run]) -> list[int | None]:
    """New texts of each run, oldest first; None for those without an end."""
    return [None if run.finished is None else run.new_texts for run in reversed(runs)]


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
