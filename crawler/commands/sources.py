"""What is said of sources: a line each while they are looked at, and a table at the end."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from typing import get_args

from rich.table import Table
from rich.text import Text

from archive.text.record import Json
from crawler.commands.console import Console, counted, printable
from crawler.commands.report import Report
from crawler.commands.results import Results, print_table
from crawler.discovery.sources import Kind
from crawler.outlets.seen import SourceSeen

_KINDS = get_args(Kind)
_STYLES = {"ok": "green", "stale": "yellow", "moved": "yellow"}


class SeenSources(Results):
    """Keeps what was seen of sources, for the table; `probes` marks a search, where most addresses lead nowhere."""

    def __init__(self, *, probes: bool) -> None:
        super().__init__()
        self.seen: list[SourceSeen] = []
        self._probes = probes

    def tally(self) -> str:
        return f"{counted(len(self.seen), 'source')} looked at"

    def summary(self) -> str:
        verdicts = Counter(seen.verdict for seen in self.seen)
        parts = [f"{number} {verdict}" for verdict, number in verdicts.most_common()]
        return f"{counted(len(self.seen), 'source')}: {', '.join(parts)}" if parts else "no source"

    def print(self, out: Console) -> None:
        shown = [seen for seen in self.seen if not (self._probes and seen.verdict == "not found")]
        if shown:
            _print_table(shown, out, outlets=not self._probes)
        if not self._probes:
            out.print(self.summary())
        elif hidden := len(self.seen) - len(shown):
            out.print(f"nothing at {hidden} other {'address' if hidden == 1 else 'addresses'}")


class SourceReport(Report):
    """A report of sources. In a search (`probes`) a source that does not work is no failure."""

    def __init__(self, *, as_json: bool, probes: bool = False) -> None:
        super().__init__(as_json=as_json, extracting=False)
        self._sources = SeenSources(probes=probes)
        self.results = self._sources
        self._probes = probes

    def source(self, seen: SourceSeen) -> None:
        """A source that was looked at."""
        self._sources.seen.append(seen)
        if self._as_json:
            self.line(source_row(seen))
        sentence = f"{seen.url}: {seen.verdict}"
        if seen.reason and not self._probes:
            sentence += f"; {seen.reason}"
        if self._probes or not seen.reason:
            self._say("source", sentence)
        elif seen.works:
            self._say("note", sentence, style="dim", always=True)
        else:
            self.results.failures += 1
            self._say("failed", sentence, style="red", always=True)

    def outlet(self, row: Json) -> None:
        """The entry that was made; for machines alone."""
        if self._as_json:
            self.line(row)


def source_row(seen: SourceSeen) -> Json:
    """A source as a JSON row."""
    return {
        "outlet": seen.outlet,
        "kind": seen.kind,
        "url": seen.url,
        "verdict": seen.verdict,
        "status": seen.status,
        "entries": seen.entries,
        "sitemaps": seen.sitemaps,
        "newest": seen.newest.astimezone(UTC).isoformat() if seen.newest else None,
        "moved_to": seen.moved_to,
        "reason": seen.reason or None,
    }


def _print_table(rows: list[SourceSeen], out: Console, *, outlets: bool) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    if outlets:
        table.add_column("outlet", no_wrap=True)
    table.add_column("source", no_wrap=True)
    table.add_column("lists", justify="right", no_wrap=True)
    table.add_column("newest", no_wrap=True)
    table.add_column("verdict")
    table.add_column("address", overflow="fold")
    for seen in sorted(rows, key=lambda row: (row.outlet, _KINDS.index(row.kind))):
        cells = [Text(seen.outlet)] if outlets else []
        address = seen.url if seen.moved_to is None else f"{seen.url}\n-> {seen.moved_to}"
        table.add_row(
            *cells,
            seen.kind,
            _listed(seen),
            f"{seen.newest.astimezone(UTC):%Y-%m-%d}" if seen.newest else "",
            Text(seen.verdict, style=_STYLES.get(seen.verdict, "red" if outlets else "dim")),
            Text("\n".join(printable(line) for line in address.split("\n"))),
        )
    print_table(table, out)


def _listed(seen: SourceSeen) -> str:
    if seen.sitemaps and not seen.entries:
        return counted(seen.sitemaps, "sitemap")
    return str(seen.entries) if seen.works or seen.entries else ""
