"""Disks that are full or read-only, and clocks that are put back: a clear error, and a sound collection afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.collection_writer import CollectionWriter
from archive.warc.writer import Rotation
from crawler.demo.server import NewsroomServer
from tests.archive.repair.collections import differing
from tests.archive.sample_collections import START, article, exchange, findings, reading, record, url
from tests.command import Done, tearsheet

OUTLETS = ("harbour-courier", "al-marfa")
AMPLE = "64m"


@pytest.fixture(scope="module")
def newsroom() -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        yield server


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, newsroom: NewsroomServer) -> Path:
    folder = tmp_path_factory.mktemp("crawled")
    newsroom.outlet_files(folder / "outlets")
    tearsheet("crawl", *OUTLETS, "--delay", "0", cwd=folder)
    assert tearsheet("verify", "collections/news", cwd=folder).status == 0
    return folder / "collections/news"


class Disk:
    """A small disk of its own, in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def remount(self, options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True)


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Disk]:
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("disks can't be mounted here")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", folder], check=True)


def assert_told(done: Done, *reasons: str) -> None:
    """The command failed, and one line of standard error says why."""
    assert done.status not in (0, 2), done.err
    said = [line for line in (done.err + done.out).splitlines() if any(reason in line for reason in reasons)]
    assert said, done.err + done.out


FULL = ("No space left on device", "database or disk is full", "disk I/O error")


@pytest.mark.slow
@pytest.mark.parametrize("size", ["48k", "128k", "208k", "288k", "368k"])
def test_a_crawl_onto_a_full_disk_is_told_and_the_next_one_goes_on(
    tmp_path: Path, newsroom: NewsroomServer, size: str
) -> None:
    newsroom.outlet_files(tmp_path / "outlets")
    with mounted(tmp_path / "collections", size) as disk:
        assert_told(tearsheet("crawl", *OUTLETS, "--delay", "0", cwd=tmp_path), *FULL)
        disk.remount(f"size={AMPLE}")
        assert tearsheet("crawl", *OUTLETS, "--delay", "0", cwd=tmp_path).status == 0
        assert findings(disk.folder) == []


@pytest.mark.slow
@pytest.mark.parametrize("size", ["48k", "160k", "256k", "352k"])
def test_a_replay_onto_a_full_disk_is_told_and_the_next_one_goes_on(
    tmp_path: Path, crawled: Path, size: str
) -> None:
    shutil.copytree(crawled.parents[1] / "outlets", tmp_path / "outlets")
    warcs = sorted((crawled / "archive").iterdir())
    with mounted(tmp_path / "collections", size) as disk:
        assert_told(tearsheet("replay", *warcs, cwd=tmp_path), *FULL)
        disk.remount(f"size={AMPLE}")
        assert tearsheet("replay", *warcs, cwd=tmp_path).status == 0
        assert findings(disk.folder) == []


@pytest.mark.slow
@pytest.mark.parametrize("room", [8, 40, 120, 200])
def test_a_repair_onto_a_full_disk_is_told_and_the_next_one_goes_on(
    tmp_path: Path, crawled: Path, room: int
) -> None:
    shutil.copytree(crawled.parents[1] / "outlets", tmp_path / "outlets")
    with mounted(tmp_path / "collections", AMPLE) as disk:
        news = disk.folder / "news"
        shutil.copytree(crawled / "archive", news / "archive")
        used = sum(path.stat().st_blocks // 2 for path in news.rglob("*") if path.is_file())
        disk.remount(f"size={used + room}k")
        assert_told(tearsheet("verify", "--repair", "collections/news", cwd=tmp_path), *FULL)
        disk.remount(f"size={AMPLE}")
        done = tearsheet("verify", "--repair", "collections/news", cwd=tmp_path)
        assert done.status == 0, done.out
        (news / "crawl.sqlite").write_bytes((crawled / "crawl.sqlite").read_bytes())
        assert differing(news, crawled) == {}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["wacz", "jsonl", "csv", "text"])
def test_an_export_onto_a_full_disk_leaves_nothing(tmp_path: Path, crawled: Path, form: str) -> None:
    with mounted(tmp_path / "out", "16k") as disk:
        done = tearsheet("export", form, "out/export", "--collections", crawled.parent, cwd=tmp_path)
        assert_told(done, *FULL)
        assert list(disk.folder.iterdir()) == []
    assert findings(crawled.parent) == []


@pytest.mark.slow
def test_a_read_only_collection_is_read_and_writing_to_it_is_refused_in_a_sentence(
    tmp_path: Path, newsroom: NewsroomServer, crawled: Path
) -> None:
    newsroom.outlet_files(tmp_path / "outlets")
    with mounted(tmp_path / "collections", AMPLE) as disk:
        shutil.copytree(crawled, disk.folder / "news")
        disk.remount("ro")
        for command in (
            ("crawl", *OUTLETS),
            ("replay", *sorted((crawled / "archive").iterdir())),
            ("verify", "--repair", "collections/news"),
        ):
            assert_told(tearsheet(*command, cwd=tmp_path), "Read-only file system", "readonly database")
        assert tearsheet("verify", "--repair", "--dry-run", "collections/news", cwd=tmp_path).status == 0
        assert tearsheet("verify", "collections/news", cwd=tmp_path).status == 0
        assert tearsheet("export", "wacz", "out.wacz", cwd=tmp_path).status == 0
        disk.remount("rw")
        assert differing(disk.folder / "news", crawled) == {}


class Clock:
    def __init__(self) -> None:
        self.seconds = 0

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


def test_a_clock_that_is_put_back_leaves_a_sound_collection_in_its_order(tmp_path: Path) -> None:
    """Between two sessions, and within one."""
    clock = Clock()
    seconds = iter([0, 3600, -7200, -3600, -90_000, -86_400, 40, 50])
    names = "abcdabca"
    for session in range(4):
        with CollectionWriter(tmp_path, "news", rotation=Rotation(size=1), clock=clock) as writer:
            for name in names[2 * session : 2 * session + 2]:
                clock.seconds = next(seconds)
                capture = record(writer, exchange(name, clock.seconds))
                writer.expect(capture)
                if capture.record_type == "response":
                    writer.settle(capture.number, article(name))
    assert findings(tmp_path) == []
    with reading(tmp_path) as collection:
        captures = list(collection.captures())
        newest = collection.catalogue.nearest(url("b"), None)
    assert [capture.url[-1] for capture in captures] == list(names)
    assert [capture.warc for capture in captures] == sorted(capture.warc for capture in captures)
    assert newest == captures[1]
    lines = (tmp_path / "news/indexes/index.cdxj").read_bytes().splitlines()
    assert lines == sorted(lines)
