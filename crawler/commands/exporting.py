"""The formats of `tearsheet export` that hold articles, and what all of them do alike."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import typer

from archive.collection import Collection
from archive.errors import TearsheetError
from archive.exports.folder import write_folder
from archive.exports.lines import csv_lines, json_lines
from archive.exports.parquet import write_parquet
from archive.exports.selection import Selection, articles
from archive.fixity import written_whole
from archive.text.record import Json
from crawler.commands import options
from crawler.commands.console import counted, printable
from crawler.outlets.loader import load_outlets

STANDARD_OUTPUT = Path("-")

Write = Callable[[Collection, Iterator[Json], Path, bool], int]
"""Writes the articles of the collection to the path, replacing what is there if so told; returns how many."""


def say(text: str) -> None:
    """A sentence on standard error."""
    sys.stderr.write(f"{printable(text)}\n")


def refuse_pipe(target: Path) -> None:
    if target == STANDARD_OUTPUT:
        raise typer.BadParameter("only jsonl and csv go to standard output; name a file", param_hint="OUT")


def selection_of(
    outlets: Iterable[str],
    languages: Iterable[str],
    since: datetime | None,
    until: datetime | None,
    own: Path | None,
) -> Selection:
    """What the options say. An outlet may be called by its name on the command line or by its title."""
    if since and until and since > until:
        raise typer.BadParameter("it is before --since; nothing lies between them", param_hint="--until")
    wanted = set(outlets)
    if wanted:
        known = load_outlets(options.outlet_folders(own))
        wanted |= {outlet.title for outlet in known if outlet.name in wanted}
    return Selection(
        frozenset(wanted),
        frozenset(language.lower() for language in languages),
        since.date() if since else None,
        until.date() if until else None,
    )


def export_articles(
    collection: Collection, selection: Selection, target: Path, write: Write, *, force: bool
) -> int:
    """Write what is wanted and say how much that was; returns the exit status."""
    damages: list[TearsheetError] = []
    count = write(collection, articles(collection, selection, damages.append), target, force)
    for damage in damages:
        say(f"failed: {damage}")
    said = f"{counted(count, 'article')}"
    said += f", {len(damages)} failed" if damages else ""
    if target == STANDARD_OUTPUT:
        say(said)
    else:
        typer.echo(f"{target}: {said}")
    return 1 if damages else 0


def _write_jsonl(_: Collection, rows: Iterator[Json], target: Path, force: bool) -> int:
    return _write_lines(json_lines(rows), target, force)


def _write_csv(_: Collection, rows: Iterator[Json], target: Path, force: bool) -> int:
    return _write_lines(csv_lines(rows), target, force) - 1  # the names of the columns are no article


def _write_text(collection: Collection, rows: Iterator[Json], target: Path, force: bool) -> int:
    refuse_pipe(target)
    folder = collection.places.text
    return write_folder(rows, lambda name: (folder / name).read_bytes(), target, replace=force)


def _write_table(_: Collection, rows: Iterator[Json], target: Path, force: bool) -> int:
    refuse_pipe(target)
    with written_whole(target, replace=force) as file:
        return write_parquet(rows, file)


def _write_lines(lines: Iterable[bytes], target: Path, force: bool) -> int:
    count = 0
    with _output(target, force) as file:
        for line in lines:
            file.write(line)
            count += 1
    return count


@contextmanager
def _output(target: Path, force: bool) -> Iterator[IO[bytes]]:
    if target == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with written_whole(target, replace=force) as file:
        yield file


FORMATS: dict[str, Write] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "text": _write_text,
    "parquet": _write_table,
}
