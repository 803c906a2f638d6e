"""The CDXJ index against the captures of a collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from archive.capture import Capture
from archive.cdxj.index import encoded, in_order, read_lines
from archive.cdxj.line import cdxj_line
from archive.verification.findings import Finding


def verify_index(path: Path, captures: Iterable[Capture]) -> Iterator[Finding]:
    """Compare the index with all captures of its collection, both ways."""
    if not path.exists():
        yield Finding(path, "the CDXJ index is missing; `verify --repair` writes it anew", code="index")
        return
    have = read_lines(path)
    if any(line > following for line, following in pairwise(read_lines(path))):
        yield Finding(path, "its lines are not sorted; `verify --repair` writes it anew", code="index")
        have = in_order(read_lines(path))
    yield from _compared(path, have, in_order(encoded(map(cdxj_line, captures))))


def _compared(path: Path, have: Iterator[bytes], wanted: Iterator[bytes]) -> Iterator[Finding]:
    line, expected = next(have, None), next(wanted, None)
    while line is not None or expected is not None:
        if expected is None or (line is not None and line < expected):
            yield _line(path, "a line stands for no capture, or stands there twice", line or b"")
            line = next(have, None)
        elif line is None or expected < line:
            yield _line(path, "a capture has no line", expected)
            expected = next(wanted, None)
        else:
            line, expected = next(have, None), next(wanted, None)


def _line(path: Path, problem: str, line: bytes) -> Finding:
    shown = line.decode("utf-8", "replace").rstrip("\n")
    return Finding(path, f"{problem} (`verify --repair` writes the index anew): {shown}", code="index")
