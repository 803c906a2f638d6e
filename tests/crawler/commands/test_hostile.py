"""Archives made to take time or memory, through the commands that read them."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import brotli
import pytest

from archive.warc.coding import zstd
from tests.archive.test_replay import story
from tests.archive.wacz.samples import zipped
from tests.archive.warc.hostile import files, of_zeros
from tests.archive.warc.samples import GZIPPED, url, warc_record
from tests.archive.warc.test_hostile import NOTHING_WRONG
from tests.command import COMMAND, environment

PEAK = 400 << 20  # bytes of the command's own process
WATCH = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(done.returncode)
"""
"""Runs a command and writes down its peak in KiB: a small process does, as a child counts what it was forked from."""
ZEROS = bytes(100 << 20)
GZIP = zlib.compress(ZEROS, wbits=31)
BOMBS = {
    "gzip": GZIP,
    "deflate": zlib.compress(ZEROS),
    "br": brotli.compress(ZEROS, quality=1),
    "zstd": zstd.compress(ZEROS, options={zstd.CompressionParameter.window_log: 20}),
    "gzip, gzip": zlib.compress(GZIP, wbits=31),
}


def coded(codings: str, body: bytes) -> bytes:
    """A record whose address is as long as no other's, since the samples' ids are made of that."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {codings}\r\n\r\n"
    return warc_record(address(codings), head.encode() + body)


def address(codings: str) -> str:
    return url("x" * (20 + [*BOMBS, "identity"].index(codings)))


def run(*arguments: object, cwd: Path) -> tuple[int, list[dict[str, Any]]]:
    """The exit status and the rows, once it is sure that memory was bounded."""
    out = cwd / "out.jsonl"
    with out.open("wb") as file, (cwd / "err.txt").open("wb") as errors:
        command = (
            sys.executable,
            "-c",
            WATCH,
            str(cwd / "peak.txt"),
            *COMMAND,
            *map(str, arguments),
            "--json",
        )
        done = subprocess.run(command, cwd=cwd, env=environment(), stdout=file, stderr=errors, check=False)
    assert b"Traceback" not in (cwd / "err.txt").read_bytes()
    assert int((cwd / "peak.txt").read_text()) << 10 < PEAK
    return done.returncode, [json.loads(line) for line in out.read_text().splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for name, content in files(1).items():
        (made / f"{name}.warc.gz").write_bytes(content())
    records = [coded(codings, body) for codings, body in BOMBS.items()]
    (made / "codings.warc").write_bytes(b"".join([*records, coded("identity", story("hope"))]))
    zipped(made / "out.wacz", {"archive/../../out.warc.gz": GZIPPED, "archive/in.warc.gz": GZIPPED})
    zipped(made / "nested.wacz", {"archive/in.warc.gz": (made / "out.wacz").read_bytes()})
    zipped(
        made / "packed.wacz",
        {"archive/bomb.warc.gz": of_zeros(256), "datapackage.json": ZEROS},
        deflated=True,
    )
    return made


@pytest.mark.slow
def test_a_replay_names_what_is_wrong_and_goes_on(folder: Path) -> None:
    status, rows = run("replay", "in", cwd=folder.parent)
    assert status == 1
    failed = {part for row in rows if "file" in row and "error" in row for part in Path(row["file"]).parts}
    wrong = set(files(1)) - NOTHING_WRONG - {"an ARC version block of garbage"}
    warned = {"empty records in one member", "faulty line ends"}
    assert {f"{name}.warc.gz" for name in wrong - warned} <= failed
    assert {"out.wacz", "nested.wacz"} <= failed
    bombs = {row["url"] for row in rows if "larger than the 67108864 bytes" in row.get("error", "")}
    assert bombs == set(map(address, BOMBS))
    headlines = [
        row["headline"] for row in rows if row.get("url") == address("identity") and "headline" in row
    ]
    assert headlines == ["The bridge of hope"]
    assert not (folder.parent / "out.warc.gz").exists()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["verify", "extract"])
def test_all_files_are_read_to_their_ends(command: str, folder: Path) -> None:
    status, rows = run(command, *sorted(folder.iterdir()), cwd=folder.parent)
    assert status == 1
    told = json.dumps(rows)
    for name in ("a bomb.warc.gz", "lengths of 10 GB.warc.gz", "a header without end.warc.gz", "nested.wacz"):
        assert name in told
