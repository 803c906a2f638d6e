"""What `tearsheet verify` does: looks at each path, mends collections if asked to, and tells of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from archive.errors import TearsheetError
from archive.extraction.workers.pool import ExtractionPool
from archive.places import Places
from archive.repair.deeds import Deed
from archive.repair.rehearsal import rehearse
from archive.repair.repair import repair
from archive.text.record import Json
from archive.verification.findings import Finding, Tally
from archive.verification.paths import verify_path
from crawler.commands import options
from crawler.commands.console import counted, print_json, printable
from crawler.commands.display import Display
from crawler.outlets.loader import load_outlets


def verify_paths(
    paths: Iterable[Path],
    *,
    repair: bool,
    dry_run: bool,
    as_json: bool,
    workers: int | None,
    outlets: Path | None,
) -> int:
    """Verify, after mending if so asked; returns the exit status. A dry run tells what would be mended, and no more."""
    told = _Told(as_json=as_json)
    display = Display(told.state, progress=not as_json, json=False)
    display.start()
    try:
        for path in paths:
            display.latest(str(path))
            if repair:
                with _pool(workers, outlets) as pool:
                    told.mended(path, pool, dry_run=dry_run)
            if not dry_run:
                for finding in verify_path(path, told.tally):
                    told.tell(finding)
    finally:
        display.stop()
    if not dry_run:
        told.summary()
    return told.exit_status


class _Pool:
    """Workers for extraction, started when they are first asked for."""

    def __init__(self, workers: int, outlets: Path | None) -> None:
        self._workers = workers
        self._outlets = outlets
        self._pool: ExtractionPool | None = None

    def __call__(self) -> ExtractionPool:
        if self._pool is None:
            rules = load_outlets(options.outlet_folders(self._outlets)).rules()
            self._pool = ExtractionPool(self._workers, rules)
        return self._pool

    def stop(self) -> None:
        if self._pool is not None:
            self._pool.stop()


@contextmanager
def _pool(workers: int | None, outlets: Path | None) -> Iterator[_Pool]:
    pool = _Pool(workers or os.cpu_count() or 1, outlets)
    try:
        yield pool
    finally:
        pool.stop()


class _Told:
    """Tells of deeds and findings as they come, and counts."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._damages = 0
        self._failed = False
        self.tally = Tally()

    @property
    def exit_status(self) -> int:
        return 1 if self._damages or self._failed else 0

    def mended(self, path: Path, pool: _Pool, *, dry_run: bool) -> None:
        """Mend a collection, and tell of each thing."""
        folder = path if path.name not in ("", "..") else path.resolve()
        places = Places(folder)
        if not places.archive.is_dir():
            return  # verification says what it is
        try:
            deeds = rehearse(places) if dry_run else repair(places, pool)
            for number, deed in enumerate(deeds):
                self._deed(deed, number, dry_run=dry_run)
        except TearsheetError as error:
            self._failed = True
            self._say({"path": str(path), "error": str(error)}, f"failed: {error}")

    def tell(self, finding: Finding) -> None:
        self._damages += finding.damage
        row = {
            "path": str(finding.path),
            "offset": finding.offset,
            "damage": finding.damage,
            "code": finding.code,
            "problem": finding.problem,
        }
        self._say(row, f"{'damaged' if finding.damage else 'note'}: {finding}")

    def summary(self) -> None:
        """One line at the end."""
        tally = self.tally
        counts = {
            "files": tally.files,
            "records": tally.records,
            "texts": tally.texts,
            "damages": self._damages,
        }
        looked_at = ", ".join(counted(counts[f"{noun}s"], noun) for noun in ("file", "record", "text"))
        found = f"{counted(self._damages, 'damage')} found" if self._damages else "every byte is what it says"
        self._say(counts, f"{looked_at}: {found}")

    def state(self) -> str:
        """What it is at, for the line of progress."""
        return f"{counted(self.tally.files, 'file')}, {counted(self.tally.records, 'record')}"

    def _deed(self, deed: Deed, number: int, *, dry_run: bool) -> None:
        word = ("planned" if dry_run else "repaired") if deed.done else "left"
        self._say({"path": str(deed.path), word: deed.what, "number": number}, f"{word}: {deed}")

    def _say(self, row: Json, line: str) -> None:
        if self._as_json:
            print_json(row)
        else:
            typer.echo(printable(line))
