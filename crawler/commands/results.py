"""The table at the end of a command, and the sentence below it."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from rich.table import Table
from rich.text import Text

from archive.text.record import Json
from crawler.commands.console import Console, counted, printable

TABLE_ROWS = 50
"""Rows of the table; a long crawl's are in the catalogue."""
_COLUMNS = {"headline": "headline", "outlet": "outlet", "date_published": "date"}
_PIPED_WIDTH = 1000  # columns where no terminal says how many there are: a row a line, whatever its headline
_PIPED_HEADLINE = 90


class Results:
    """Counts what was found, and keeps the last rows."""

    def __init__(self) -> None:
        self._rows: deque[Json] = deque(maxlen=TABLE_ROWS)
        self.articles = 0
        self.new_texts = 0
        self.stored = False
        self.archived = 0
        self.notes = 0
        self.failures = 0
        self.rendered = 0
        self.remarks: list[str] = []

    def add(self, record: Json, *, new: bool) -> None:
        """An article's JSON with `body` and `text_file`, or `file` where nothing was stored."""
        self.articles += 1
        self.new_texts += new
        self.stored |= bool(record.get("text_file"))
        words = len(str(record.get("body") or "").split())
        kept = (*_COLUMNS, "text_file", "file")
        self._rows.append({key: record.get(key) for key in kept} | {"words": words})

    def tally(self) -> str:
        """One line while the work goes on."""
        parts = [counted(self.articles, "article")]
        parts += [f"{self.archived} archived"] if self.archived else []
        parts += [f"{self.failures} failed"] if self.failures else []
        return ", ".join(parts)

    def summary(self) -> str:
        """One line at the end."""
        articles = counted(self.articles, "article")
        if self.stored:
            new = counted(self.new_texts, "new text")
            articles += f" ({new}, {self.articles - self.new_texts} known)"
        parts = [articles] if self.articles or not self.archived else []
        parts += [f"{counted(self.archived, 'page')} archived without extraction"] if self.archived else []
        parts += [f"{counted(self.notes, 'page')} without an article"] if self.notes else []
        parts += [f"{self.failures} failed"] if self.failures else []
        parts += [f"{counted(self.rendered, 'page')} rendered"] if self.rendered else []
        return ", ".join(parts + self.remarks)

    def print(self, out: Console) -> None:
        """The table, where the texts lie, and the summary."""
        if self._rows:
            self._print_table(out)
        folders = sorted({str(Path(row["text_file"]).parent) for row in self._rows if row["text_file"]})
        if folders:
            out.print(Text(f"in {', '.join(folders)}"))
        out.print(self.summary())

    def _print_table(self, out: Console) -> None:
        table = Table(*_COLUMNS.values(), "words", "text file", box=None, pad_edge=False, header_style="bold")
        table.columns[3].justify = "right"
        if not out.is_terminal:
            table.columns[0].max_width = _PIPED_HEADLINE
        for row in self._rows:
            headline, outlet, day = (printable(str(row[key] or "")) for key in _COLUMNS)
            file = Path(row["text_file"]).name if row["text_file"] else str(row["file"])
            table.add_row(
                Text(headline, no_wrap=not out.is_terminal, overflow="ellipsis"),
                Text(outlet),
                Text(day[:10], no_wrap=True),
                str(row["words"]),
                Text(printable(file), no_wrap=True),
            )
        print_table(table, out)
        if self.articles > len(self._rows):
            out.print(f"({self.articles - len(self._rows)} more before these)")


def print_table(table: Table, out: Console) -> None:
    """Print a table, in a pipe without the blanks at the ends of its lines."""
    if out.is_terminal:
        out.print(table)
        return
    with out.capture() as captured:
        out.print(table)
    out.print(Text("\n".join(line.rstrip() for line in captured.get().splitlines())))


def output() -> Console:
    """Standard output: as wide as its terminal, or wide enough for anything in a pipe."""
    out = Console()
    return out if out.is_terminal else Console(width=_PIPED_WIDTH)
