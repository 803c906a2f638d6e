"""kill -9 in the middle of a crawl, again and again, in one collection."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.digests import digest_of
from archive.errors import RecordError
from archive.text.names import parse_name
from archive.warc.reader import read_record_at, read_records
from crawler.demo.server import NewsroomServer
from tests.command import start, tearsheet

KILLS = int(os.environ.get("KILLS", "30"))
LET_THROUGH = 10  # every so manieth run ends by itself
EARLIEST, LATEST = 0.1, 0.9  # of the time that a whole crawl takes; every third kill is timed so
WRITING = 2.0  # seconds from the first record on, within which the other kills come
OUTLETS = ("harbour-courier", "al-marfa", "newsline-24")


class Killed:
    """A collection whose crawls are killed, and what has been seen of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "collections/news"
        self.checked = 0
        self.torn = 0
        self.repairs = 0
        self.groups: list[int] = []

    def seconds(self) -> float:
        """How long a crawl takes on this machine, seen on a collection of its own."""
        began = time.monotonic()
        tearsheet("crawl", *OUTLETS, "-c", "timed", cwd=self.folder)
        return time.monotonic() - began

    def crawl(self, seconds: float | None, *, writing: bool = False) -> None:
        """Crawl, killed after `seconds`, from the first record on where `writing`, or let through to the end; then
        compare what was said with what was done."""
        open_before = self.open_files()
        with (self.folder / "stderr").open("wb") as errors:
            process = start(
                *("crawl", *OUTLETS, "--recheck", "--json"),
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
            self.groups.append(process.pid)
            while writing and process.poll() is None and not self.open_files() - open_before:
                time.sleep(0.01)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=seconds if seconds is not None else 60)
            process.kill()
            process.wait()
        said = (self.folder / "stderr").read_text()
        assert "Traceback" not in said, said
        for name in open_before - self.open_files():
            assert f"repaired: {name.removesuffix('.open')}: " in said, said
            self.repairs += 1

    def open_files(self) -> set[str]:
        return {path.name for path in self.root.glob("archive/*.open")}

    def check(self) -> None:
        """Every row that was committed since the last check has its record, whole and equal by digest."""
        if not (self.root / "catalogue.sqlite").exists():
            return  # killed before there was anything
        with Collection(self.root.parent, self.root.name) as collection:
            captures = [capture for capture in collection.captures() if capture.number > self.checked]
            for capture in captures:
                record = read_record_at(collection.places.warc(capture.warc), capture.offset)
                with record.read_block() as block:
                    assert digest_of(block.pieces()) == capture.block_digest
                assert (record.record_id, record.length) == (capture.record_id, capture.length)
                self.checked = capture.number
            for row in collection.text_rows():
                assert collection.read_text(row)[1]["headline"] == row.headline
        for path in self.root.glob("archive/*.open"):
            self.torn += self.tail(path)

    def tail(self, path: Path) -> bool:
        """Whether the file ends within a record; all before it must be readable."""
        damages: list[RecordError] = []
        whole = 0
        try:
            for record in read_records(path, damages.append):
                record.read_block().close()
                assert not damages
                whole = record.offset + (record.length or 0)
        except RecordError as error:
            damages.append(error)
        assert all(damage.offset >= whole for damage in damages)
        return bool(damages)

    def left_running(self) -> list[int]:
        """Processes of killed crawls that are still there."""
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _group(path) in self.groups]


def _group(process: Path) -> int | None:
    with suppress(OSError):
        state, _, group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
        return int(group) if state != "Z" else None
    return None


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Killed]:
    killed = Killed(tmp_path)
    yield killed
    for group in killed.groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_collection_survives_kills_at_any_moment(killed: Killed, tmp_path: Path) -> None:
    moments = random.Random(20261115)
    with NewsroomServer() as newsroom:
        newsroom.outlet_files(tmp_path / "outlets")
        whole = killed.seconds()
        for run in range(1, KILLS + 1):
            newsroom.edition = 1 + run // 7 % 2
            if run % 3:
                killed.crawl(moments.uniform(0, WRITING), writing=True)
            else:
                killed.crawl(whole * moments.uniform(EARLIEST, LATEST))
            killed.check()
            if run % LET_THROUGH == 0:
                killed.crawl(None)
                killed.check()
        killed.crawl(None)
    killed.check()
    assert killed.open_files() == set()
    # Most kills hit a moment at which nothing is half written; some must not.
    assert killed.repairs > KILLS // 10
    verified = tearsheet("verify", "collections/news", cwd=tmp_path)
    assert (verified.status, verified.out.count("\n")) == (0, 1), verified.out
    _compare_with_a_replay(killed.root)
    end = time.monotonic() + 30
    while (left := killed.left_running()) and time.monotonic() < end:
        time.sleep(0.2)
    assert left == []


def _compare_with_a_replay(root: Path) -> None:
    """The texts are those that the WARC files give on their own, under the same names, each once."""
    warcs = sorted((root / "archive").glob("*.warc.gz"))  # what kills left half written lies beside
    tearsheet("replay", *warcs, "-c", "replayed", cwd=root.parents[1])
    names = sorted(path.name for path in (root / "text").iterdir())
    replayed = root.parent / "replayed"
    assert names == sorted(path.name for path in (replayed / "text").iterdir())
    for name in names:
        assert (root / "text" / name).read_bytes() == (replayed / "text" / name).read_bytes(), name
    hashes = [parsed.hash for name in names if name.endswith(".txt") and (parsed := parse_name(name))]
    assert len(hashes) == len(set(hashes)) > 25
