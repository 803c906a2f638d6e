"""The tour: two crawls of the demo newsroom by the command line, and what they left on disk."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from archive.collection import Collection
from archive.text.names import TextName
from crawler.demo.server import NewsroomServer

_NAME = "newsroom"
_SHOWN = 12  # lines of a text file
_GONE_PAGES_ARE_FAILURES = 1


class Tour:
    """Runs the main job below the folder `into` and tells what happens on standard output."""

    def __init__(self, into: Path) -> None:
        self._into = into
        self._collections = into / "collections"
        self._outlets = into / "outlets"
        terminal = Console()
        self._console = terminal if terminal.is_terminal else Console(width=120)

    def run(self) -> int:
        """Returns an exit status: 0 if both crawls and the verification went as they should."""
        with NewsroomServer() as server:
            server.outlet_files(self._outlets)
            names = [outlet.name for outlet in server.outlets]
            self._heading("Three invented outlets are being served on this machine")
            for outlet in server.outlets:
                self._console.print(f"  {outlet.name:16} {outlet.base_url}  {outlet.title}")
            crawl = ["crawl", *names, "-c", _NAME, "--collections", str(self._collections)]
            crawl += ["--outlets", str(self._outlets)]
            self._heading("First crawl: everything is new")
            first = self._tearsheet(crawl)
            before = self._stored()
            self._heading("An editor changes one article and publishes another; second crawl")
            server.edition = 2
            second = self._tearsheet(crawl)
            self._heading("What the second crawl stored")
            self._console.print(self._comparison(before, self._stored()))
        self._heading("Where it lies")
        self._show_files()
        self._heading("Is every byte what it says?")
        verified = self._tearsheet(["verify", str(self._collections / _NAME)])
        expected = (first, second, verified) == (_GONE_PAGES_ARE_FAILURES, _GONE_PAGES_ARE_FAILURES, 0)
        return 0 if expected else 1

    def _tearsheet(self, arguments: list[str]) -> int:
        self._console.print(Text(f"$ tearsheet {' '.join(arguments)}", style="bold"))
        sys.stdout.flush()
        return subprocess.run([sys.executable, "-m", "crawler", *arguments], check=False).returncode

    def _heading(self, text: str) -> None:
        self._console.print(Padding(Text(text, style="bold cyan"), (1, 0, 0, 0)))

    def _stored(self) -> Counter[str]:
        with Collection(self._collections, _NAME) as collection:
            stored = Counter[str](capture.record_type for capture in collection.captures())
            stored["texts"] = collection.counts().texts
            stored["bytes"] = sum(capture.length for capture in collection.captures())
        return stored

    def _comparison(self, before: Counter[str], after: Counter[str]) -> Table:
        table = Table("", "first crawl", "second crawl", box=None, pad_edge=False, padding=(0, 2))
        for key, label in _LABELS.items():
            table.add_row(label, f"{before[key]:,}", f"{after[key] - before[key]:,}")
        for column in table.columns[1:]:
            column.justify = "right"
        return table

    def _show_files(self) -> None:
        folder = self._collections / _NAME
        for place in (folder / "archive", folder / "indexes", folder / "text"):
            files = sorted(place.iterdir())
            names = ", ".join(file.name for file in files[:2])
            self._console.print(
                Text(f"  {place}/  {len(files)} files: {names}{', ...' if files[2:] else ''}")
            )
        self._console.print(Text(f"  {folder / 'catalogue.sqlite'}"))
        with Collection(self._collections, _NAME) as collection:
            row = next(row for row in collection.text_rows() if row.language == "en")
            text, record = collection.read_text(row)
        self._heading(f"One of the texts: {TextName(row.number, row.hash).text}")
        lines = text.splitlines()
        for line in lines[:_SHOWN]:
            self._console.print(Padding(Text(line), (0, 0, 0, 2)))
        dropped = sorted({removed["rule"] for removed in record["removed"]})
        self._console.print(
            f"  ... {len(lines) - _SHOWN} more lines. Dropped from the page, and kept in the JSON"
        )
        self._console.print(
            Text(f"  beside it: {len(record['removed'])} blocks, by the rules {', '.join(dropped)}")
        )


_LABELS = {
    "response": "responses stored whole",
    "revisit": "revisits: unchanged, stored as a reference",
    "bytes": "bytes of captures in the WARC files",
    "texts": "new text files",
}
