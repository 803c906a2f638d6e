"""What is said of sources: a line each while they are looked at, and a table at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC
from itertools import groupby
from typing import get_args

from rich.table import Table
from rich.text import Text

from archive.text.record import Json
from crawler.commands.console import Console, counted, print_json, printable
from crawler.commands.report import Report
from crawler.commands.results import Results, print_table
from crawler.outlets.model import SourceKind
from crawler.outlets.seen import SourceSeen, source_row

_KINDS = get_args(SourceKind)
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
            print_json(source_row(seen))
        sentence = f"{seen.url}: {seen.verdict}"
        if seen.reason and not self._probes:
            sentence += f"; {seen.reason}"
        if self._probes or not seen.reason:
            self._say("source", sentence, seen.url)
        elif seen.works:
            self._say("note", sentence, seen.url, always=True)
        else:
            self.results.failures += 1
            self._say("failed", sentence, seen.url, always=True)

    def outlet(self, row: Json) -> None:
        """The entry that was made; for machines alone."""
        if self._as_json:
            print_json(row)


def _print_table(rows: list[SourceSeen], out: Console, *, outlets: bool) -> None:
    """In a pipe each line names its outlet; on a terminal, where addresses need the room, it stands above its
    sources."""
    rows = sorted(rows, key=lambda row: (row.outlet, _KINDS.index(row.kind)))
    if not (outlets and out.is_terminal):
        print_table(_table(rows, out, outlets=outlets), out)
        return
    print_table(_table((), out, outlets=outlets), out)
    for outlet, group in groupby(rows, key=lambda row: row.outlet):
        out.print(Text(outlet, style="bold"))
        table = _table(group, out, outlets=outlets)
        table.show_header = False
        print_table(table, out)


def _table(rows: Iterable[SourceSeen], out: Console, *, outlets: bool) -> Table:
    named = outlets and not out.is_terminal
    table = Table(box=None, pad_edge=False, header_style="bold")
    if named:
        table.add_column("outlet", no_wrap=True)
    # As wide as their widest values, so that the tables of several outlets are as one.
    table.add_column("source", no_wrap=True, min_width=13)
    table.add_column("lists", no_wrap=True, min_width=5, justify="right")
    table.add_column("newest", no_wrap=True, min_width=10)
    table.add_column("verdict", no_wrap=True, min_width=13)
    table.add_column("address", overflow="fold")
    for seen in rows:
        table.add_row(*([Text(seen.outlet)] if named else []), *_cells(seen, out, outlets=outlets))
    return table


def _cells(seen: SourceSeen, out: Console, *, outlets: bool) -> list[Text]:
    is_index = seen.sitemaps > 0 and not seen.entries
    address = printable(seen.url)
    if seen.moved_to is not None:
        address += ("\n-> " if out.is_terminal else " -> ") + printable(seen.moved_to)
    return [
        Text("sitemap index" if is_index else seen.kind),
        Text(str(seen.sitemaps if is_index else seen.entries) if seen.works or seen.entries else ""),
        Text(f"{seen.newest.astimezone(UTC):%Y-%m-%d}" if seen.newest else ""),
        Text(seen.verdict, style=_STYLES.get(seen.verdict, "red" if outlets else "dim")),
        Text(address),
    ]
