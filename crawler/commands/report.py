"""What a command says while it works and at its end: for people, or as JSON lines for machines."""

from __future__ import annotations

import re
import sys
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from archive.settling import Settled
from archive.text.record import Json, capture_json

TABLE_ROWS = 50
"""Rows of the table at the end; a long crawl's are in the catalogue."""
_PIPED_WIDTH = 160  # columns of the table where no terminal says how many there are
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def printable(text: str) -> str:
    """Text from a page without the control characters by which it could drive the terminal."""
    return _CONTROL.sub(" ", text)


class Report:
    """Collects results; a context manager that shows progress while it is open.

    Articles, failures and notes go out as they come: JSON lines to standard output, or lines for people to
    standard error. `close` prints the table. `exit_status` is 1 if anything failed.
    """

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._out = Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
        self._err = Console(stderr=True, soft_wrap=True, highlight=False)
        self._rows: deque[Json] = deque(maxlen=TABLE_ROWS)
        self.articles = 0
        self.new_texts = 0
        self.failures = 0
        self.notes = 0
        self.archived = 0
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def article(self, record: Json, *, new: bool) -> None:
        """A page that has a text; `record` is its JSON with `body` and `text_file`."""
        self.articles += 1
        self.new_texts += new
        if self._as_json:
            self._line(record)
            return
        kept = (*_COLUMNS, "text_file", "file")
        self._rows.append({key: record.get(key) for key in kept} | {"words": _words(record)})
        self._say("article", str(record.get("url")))

    def settled(self, settled: Settled, *, wanted: bool = True) -> None:
        """A capture and what became of it. Where the page was `wanted` for its text, having none is a failure."""
        if settled.record is not None:
            self.article(settled.record, new=settled.new_text)
        elif settled.state == "failed":
            self.failure(settled.capture.url, settled.note or "the extraction failed")
        elif settled.state == "pending":
            self.archived += 1
            if self._as_json:
                self._line({"url": settled.capture.url, "captures": [capture_json(settled.capture)]})
            else:
                self._say("archived", settled.capture.url)
        elif wanted:
            mime = settled.capture.mime or "of unknown type"
            reason = settled.note or f"the answer is {mime}, not an HTML page; its bytes are archived"
            self.failure(settled.capture.url, reason)
        elif settled.note:
            self.note(settled.capture.url, settled.note)

    def failure(self, where: str, error: str, key: str = "url") -> None:
        """Something that failed; `where` is its URL or, under another JSON `key`, its file."""
        self.failures += 1
        if self._as_json:
            self._line({key: where, "error": error})
        self._say(
            "failed", error if error.startswith(where) else f"{where}: {error}", style="red", always=True
        )

    def note(self, where: str, text: str) -> None:
        """Something to know that is no failure."""
        self.notes += 1
        self._say("note", text if text.startswith(where) else f"{where}: {text}", style="dim", always=True)

    def warn(self, text: str) -> None:
        """A sentence for standard error."""
        self._say("warning", text, style="yellow", always=True)

    @property
    def exit_status(self) -> int:
        return 1 if self.failures else 0

    def __enter__(self) -> Self:
        if not self._as_json and self._err.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
            self._progress = Progress(*columns, console=self._err, transient=True)
            self._task = self._progress.add_task(self._tally(), total=None)
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        if not self._as_json and error is None:
            self._print_table()

    def _tally(self) -> str:
        parts = [f"{self.articles} articles"]
        parts += [f"{self.archived} archived"] if self.archived else []
        parts += [f"{self.failures} failed"] if self.failures else []
        return ", ".join(parts)

    def _say(self, kind: str, text: str, *, style: str = "", always: bool = False) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=f"{self._tally()}   {printable(text)[:80]}")
        if always or (self._progress is None and not self._as_json):
            self._err.print(Text(f"{kind}: {printable(text)}", style=style))

    def _line(self, row: Json) -> None:
        sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()

    def _print_table(self) -> None:
        if self._rows:
            table = Table(
                *_COLUMNS.values(), "words", "text file", box=None, pad_edge=False, header_style="bold"
            )
            table.columns[3].justify = "right"
            folders = set()
            for row in self._rows:
                file = Path(str(row["text_file"] or row["file"]))
                folders.add(str(file.parent))
                headline, outlet, day = (printable(str(row[key] or "")) for key in _COLUMNS)
                name = Text(file.name, no_wrap=True)
                table.add_row(
                    Text(headline), Text(outlet), Text(day[:10], no_wrap=True), str(row["words"]), name
                )
            self._out.print(table)
            if self.articles > len(self._rows):
                self._out.print(f"({self.articles - len(self._rows)} more before these)")
            self._out.print(Text(f"in {', '.join(sorted(folders))}"))
        known = self.articles - self.new_texts
        parts = [f"{self.articles} articles ({self.new_texts} new texts, {known} known)"]
        parts += [f"{self.archived} pages archived without extraction"] if self.archived else []
        parts += [f"{self.notes} pages without an article"] if self.notes else []
        parts += [f"{self.failures} failed"] if self.failures else []
        self._out.print(", ".join(parts))


_COLUMNS = {"headline": "headline", "outlet": "outlet", "date_published": "date"}


def _words(record: Json) -> int:
    return len(str(record.get("body") or "").split())
