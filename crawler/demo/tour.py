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
from crawler.commands.console import counted
from crawler.demo.server import NewsroomServer

_NAME = "newsroom"
_SHOWN = 12  # lines of a text file
_ABOUT_NOTES = "It has pages closed to robots, pages that are gone, and a video: notes name them."


class Tour:
    """Runs the main job below the folder `into` and tells what happens on standard output."""

    def __init__(self, into: Path) -> None:
        self._collections = into / "collections"
        self._outlets = into / "outlets"
        terminal = Console()
        self._console = terminal if terminal.is_terminal else Console(width=120)

    def run(self) -> int:
        """Returns an exit status: the worst of both crawls and the verification."""
        with NewsroomServer() as server:
            server.outlet_files(self._outlets)
            names = [outlet.name for outlet in server.outlets]
            self._heading("Three invented outlets are being served on this machine")
            for outlet in server.outlets:
                self._say(f"  {outlet.name:16} {outlet.base_url}  {outlet.title}")
            crawl = ["crawl", *names, "-c", _NAME, "--collections", str(self._collections)]
            crawl += ["--outlets", str(self._outlets)]
            self._heading("First crawl: everything is new")
            self._say(_ABOUT_NOTES)
            first = self._tearsheet(crawl)
            before = self._stored()
            self._heading("An editor changes one article and publishes another; second crawl")
            server.edition = 2
            second = self._tearsheet([*crawl, "--recheck"])
            self._heading("What the second crawl stored")
            self._console.print(self._comparison(before, self._stored()))
        self._heading("Where it lies")
        self._show_files()
        self._heading("Is every byte what it says?")
        verified = self._tearsheet(["verify", str(self._collections / _NAME)])
        return max(first, second, verified)

    def _tearsheet(self, arguments: list[str]) -> int:
        self._say(f"$ tearsheet {' '.join(arguments)}", style="bold")
        sys.stdout.flush()
        return subprocess.run([sys.executable, "-m", "crawler", *arguments], check=False).returncode

    def _heading(self, text: str) -> None:
        self._console.print()
        self._say(text, style="bold cyan")

    def _say(self, line: str, style: str = "") -> None:
        self._console.print(Text(line, style=style), soft_wrap=True)

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
            self._say(f"  {place}/  {counted(len(files), 'file')}: {names}{', ...' if files[2:] else ''}")
        self._say(f"  {folder / 'catalogue.sqlite'}")
        self._show_text()

    def _show_text(self) -> None:
        """The text whose page had the most to drop, in English."""
        with Collection(self._collections, _NAME) as collection:
            rows = [row for row in collection.text_rows() if row.language == "en"]
            name, text, record = max(
                ((row.name, *collection.read_text(row)) for row in rows),
                key=lambda shown: len(shown[2]["removed"]),
            )
        self._heading(f"One of the texts: {name.text}")
        lines = text.splitlines()
        for line in lines[:_SHOWN]:
            self._console.print(Padding(Text(line), (0, 0, 0, 2), expand=False))
        if more := len(lines[_SHOWN:]):
            self._say(f"  ... and {counted(more, 'more line')}")
        rules = ", ".join(sorted({removed["rule"] for removed in record["removed"]}))
        self._say(f"  Dropped from its page, and kept in {name.json}: {len(record['removed'])} blocks, by")
        self._say(f"  the rules {rules}")


_LABELS = {
    "response": "responses stored whole",
    "revisit": "revisits: unchanged, stored as a reference",
    "bytes": "bytes of captures in the WARC files",
    "texts": "new text files",
}
