"""Runs as rows of the log."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any, get_args

import orjson
from sqlalchemy import Row

from crawler.health.run import Run, Severity, Verdict
from crawler.health.tables import COUNTS
from crawler.outlets.seen import SourceSeen

_COUNTERS = ("statuses", "kinds", "missing", "moved")
_SEVERITIES = frozenset(get_args(Severity))


def row_of(run: Run, *, usual: bool) -> dict[str, Any]:
    """A run as the values of its columns."""
    details: dict[str, Any] = {name: getattr(run, name) for name in _COUNTERS if getattr(run, name)}
    if run.rendered:
        details["rendered"] = run.rendered
    details["sources"] = [_source_row(seen) for seen in run.sources]
    details["verdicts"] = [[each.name, each.severity, each.reason] for each in run.verdicts]
    return {name: getattr(run, name) for name in COUNTS} | {
        "outlet": run.outlet,
        "collection": run.collection,
        "started": iso(run.started),
        "finished": iso(run.finished) if run.finished else None,
        "median_length": run.median_length,
        "verdict": run.verdict,
        "severity": run.severity,
        "since": iso(run.since) if run.since else None,
        "retry_after": iso(run.retry_after) if run.retry_after else None,
        "details": orjson.dumps(details).decode(),
        "usual": int(usual),
    }


def run_of(row: Row[*tuple[Any, ...]], *, whole: bool = True) -> Run:
    """The run that a row holds. An old one, whose details are gone, has its counts and its worst verdict left, and
    so has one that is not wanted `whole`.

    Raises ValueError, AttributeError or TypeError where somebody else wrote it.
    """
    details = orjson.loads(row.details) if whole and row.details else {}
    counts: dict[str, Any] = {name: getattr(row, name) for name in COUNTS}
    counts |= {name: Counter(details[name]) for name in _COUNTERS if name in details}
    verdicts = tuple(
        Verdict(name, severity, reason) for name, severity, reason in details.get("verdicts", ())
    )
    if not verdicts and row.verdict is not None:
        verdicts = (Verdict(row.verdict, row.severity, ""),)
    if any(verdict.severity not in _SEVERITIES for verdict in verdicts):
        raise ValueError(f"no severity: {verdicts}")
    return Run(
        outlet=row.outlet,
        collection=row.collection,
        started=datetime.fromisoformat(row.started),
        finished=_moment(row.finished),
        sources=tuple(_source_of(row.outlet, source) for source in details.get("sources", ())),
        rendered=int(details.get("rendered", 0)),
        median_length=row.median_length,
        verdicts=verdicts,
        since=_moment(row.since),
        retry_after=_moment(row.retry_after),
        **counts,
    )


def iso(moment: datetime) -> str:
    """An aware datetime as it stands in the tables."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _source_row(seen: SourceSeen) -> dict[str, Any]:
    row = {
        "kind": seen.kind,
        "url": seen.url,
        "verdict": seen.verdict,
        "status": seen.status,
        "entries": seen.entries,
        "sitemaps": seen.sitemaps,
        "newest": iso(seen.newest) if seen.newest else None,
        "moved_to": seen.moved_to,
        "changed": iso(seen.changed) if seen.changed else None,
        "reason": seen.reason,
    }
    return {name: value for name, value in row.items() if value}


def _source_of(outlet: str, row: dict[str, Any]) -> SourceSeen:
    moments = {name: _moment(row.get(name)) for name in ("newest", "changed")}
    return SourceSeen(outlet=outlet, **(row | moments))


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
