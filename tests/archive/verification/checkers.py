"""Damaged WARC files, and what the checkers in use say of them."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from archive.verification.findings import Tally
from archive.verification.paths import verify_path

Records = list[bytes]
"""The records of a file as they are unpacked: warcinfo, then a request and a response for each of three pages."""


@dataclass(frozen=True)
class Damage:
    """How a file is damaged: `records` before they are packed, `stored` afterwards; `plain` files are not packed."""

    name: str
    records: Callable[[Records], Records] = lambda records: records
    stored: Callable[[bytes], bytes] = lambda stored: stored
    pack: Callable[[Records], bytes] = lambda records: b"".join(
        gzip.compress(record, mtime=0) for record in records
    )
    plain: bool = False

    def make(self, records: Records, folder: Path) -> Path:
        pack = b"".join if self.plain else self.pack
        path = folder / f"TEARSHEET-20260301120000250-00000-host.warc{'' if self.plain else '.gz'}"
        path.write_bytes(self.stored(pack(self.records(list(records)))))
        return path


def _last(change: Callable[[bytes], bytes]) -> Callable[[Records], Records]:
    """Change the last response."""
    return lambda records: [*records[:-1], change(records[-1])]


def _without(number: int) -> Callable[[Records], Records]:
    return lambda records: [*records[:number], *records[number + 1 :]]


def _flipped(stored: bytes) -> bytes:
    damaged = bytearray(stored)
    damaged[-60] ^= 0x10
    return bytes(damaged)


def _field(name: bytes, change: bytes) -> Callable[[Records], Records]:
    return _last(lambda record: re.sub(rb"(?m)^" + name + rb": ([^\r]*)\r\n", change, record, count=1))


def _longer(by: int) -> Callable[[Records], Records]:
    def change(record: bytes) -> bytes:
        return re.sub(
            rb"Content-Length: (\d+)",
            lambda found: b"Content-Length: %d" % (int(found[1]) + by),
            record,
            count=1,
        )

    return _last(change)


def _rubbish(stored: bytes) -> bytes:
    place = stored.rindex(b"\x1f\x8b\x08")
    return stored[:place] + b"rubbish" * 9 + stored[place:]


DAMAGES = (
    Damage("none"),
    Damage("last member cut", stored=lambda stored: stored[:-100]),
    Damage("last 8 bytes lost", stored=lambda stored: stored[:-8]),
    Damage("plain WARC cut", plain=True, stored=lambda stored: stored[:-60]),
    Damage(
        "plain WARC cut within a header",
        plain=True,
        stored=lambda stored: stored[: stored.rindex(b"WARC-Date")],
    ),
    Damage("byte flipped", stored=_flipped),
    Damage("byte flipped in a plain WARC", plain=True, stored=_flipped),
    Damage(
        "payload changed, packed anew",
        records=_last(lambda record: record.replace(b"told once", b"told 0nce")),
    ),
    Damage("one gzip member for all", pack=lambda records: gzip.compress(b"".join(records), mtime=0)),
    Damage("rubbish between two members", stored=_rubbish),
    Damage("Content-Length too large", records=_longer(9)),
    Damage("Content-Length too small", records=_longer(-9)),
    Damage("no WARC-Date", records=_field(b"WARC-Date", b"")),
    Damage(
        "WARC-Date twice",
        records=_field(b"WARC-Date", rb"WARC-Date: 2001-01-01T00:00:00Z\r\nWARC-Date: \1\r\n"),
    ),
    Damage("WARC-Date that is none", records=_field(b"WARC-Date", b"WARC-Date: 2026-13-01T12:00:00Z\r\n")),
    Damage("WARC-Date yet to come", records=_field(b"WARC-Date", b"WARC-Date: 2126-03-01T12:00:00Z\r\n")),
    Damage("no WARC-Record-ID", records=_field(b"WARC-Record-ID", b"")),
    Damage("a record twice", records=lambda records: [*records, records[-1]]),
    Damage("a response left out", records=_without(-1)),
    Damage("a request left out", records=_without(-2)),
)
TOOLS = ("warcio check", "fastwarc check -p", "warcat verify", "gzip -t", "tearsheet verify")


def table(records: Records, folder: Path) -> str:
    """What each tool says of each damage, as Markdown."""

    def row(place: tuple[int, Damage]) -> list[str]:
        number, damage = place
        (folder / str(number)).mkdir()
        path = damage.make(records, folder / str(number))
        return [damage.name, *(_said(tool, path, damage) for tool in TOOLS)]

    with ThreadPoolExecutor(2) as threads:
        rows = list(threads.map(row, enumerate(DAMAGES)))
    lines = [["damage", *(f"`{tool}`" for tool in TOOLS)], ["---"] * (len(TOOLS) + 1), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _said(tool: str, path: Path, damage: Damage) -> str:
    if tool == "tearsheet verify":
        found = {finding.damage for finding in verify_path(path, Tally())}
        return "finds" if True in found else "notes" if found else _silent(damage)
    if tool == "gzip -t" and damage.plain:
        return ""
    done = subprocess.run([*_command(tool), path], capture_output=True, check=False)
    return "finds" if done.returncode else _silent(damage)


def _silent(damage: Damage) -> str:
    return "misses" if damage is not DAMAGES[0] else "passes"


def _command(tool: str) -> list[str]:
    program, *options = tool.split()
    if program == "warcat":
        return [sys.executable, "-W", "ignore", "-m", "warcat", *options]
    if program == "gzip":
        return [which("gzip") or "gzip", *options]
    quiet = ["-q"] if program == "fastwarc" else []
    return [str(Path(sys.executable).with_name(program)), *options, *quiet]
