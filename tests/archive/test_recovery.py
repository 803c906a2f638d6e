from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.collection_writer import CollectionWriter
from archive.errors import CollectionError
from tests.archive.killed_writer import page
from tests.archive.sample_collections import article, findings, make, raw_response, reading, text_files

REPOSITORY = Path(__file__).parents[2]
DEADLINE = 30.0


def command(collections: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "tests.archive.killed_writer", str(collections), *options]


def run_until(line: str, collections: Path, *options: str, then: Callable[[], None] = lambda: None) -> None:
    """Start a writer, wait until it has said `line`, do `then`, and kill it."""
    with subprocess.Popen(
        command(collections, *options),
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            for said in process.stdout:
                if said == f"{line}\n":
                    break
            else:
                pytest.fail(f"the writer ended before it said {line!r}")
            then()
        finally:
            process.kill()


def finish(collections: Path, *options: str) -> list[str]:
    """Let a writer repair and go on to the end; what it said of repairs."""
    done = subprocess.run(
        command(collections, *options),
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [
        line.removeprefix("repaired: ") for line in done.stdout.splitlines() if line.startswith("repaired: ")
    ]


def repair(collections: Path) -> list[str]:
    """Open and close the collection; what was repaired. Nothing may be wrong with it after that."""
    with CollectionWriter(collections, "news") as writer:
        repairs = writer.repairs
    assert findings(collections) == []
    return repairs


def extract_pending(collections: Path) -> None:
    with CollectionWriter(collections, "news") as writer:
        for capture in writer.pending():
            writer.expect(capture)
            if capture.record_type == "response":
                writer.settle(capture.number, article(capture.url.rpartition("/")[2]))


def texts(collections: Path) -> dict[str, bytes]:
    """The text files alone: their JSON names records, which differ from run to run."""
    return {name: content for name, content in text_files(collections).items() if name.endswith(".txt")}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed")
    finish(folder, "--pages", "60")
    return texts(folder)


def first_texts(undisturbed: dict[str, bytes], count: int) -> dict[str, bytes]:
    return dict(list(undisturbed.items())[:count])


def test_whole_records_that_were_not_committed_are_taken_in_and_stay_pending(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    run_until("recorded 4", tmp_path, "--pages", "5", "--wait")
    (left_open,) = (tmp_path / "news/archive").glob("*.open")
    name = left_open.name.removesuffix(".open")
    assert repair(tmp_path) == [
        f"{name}: 2 whole captures taken into the catalogue",
        f"{name}: left open by a process that was killed; closed",
    ]
    with reading(tmp_path) as collection:
        assert collection.counts().states == {"text": 3, "pending": 2}
    extract_pending(tmp_path)
    assert texts(tmp_path) == first_texts(undisturbed, 5)
    assert repair(tmp_path) == []


def test_a_file_torn_at_any_byte_keeps_its_whole_records(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    run_until("recorded 9", tmp_path / "killed", "--pages", "10", "--commit-every", "99", "--wait")
    killed = tmp_path / "killed/news"
    (left_open,) = (killed / "archive").glob("*.open")
    kept: list[int] = []
    for size in range(0, left_open.stat().st_size, 97):
        torn = tmp_path / f"torn-{size}"
        shutil.copytree(killed, torn / "news")
        with (torn / "news/archive" / left_open.name).open("r+b") as file:
            file.truncate(size)
        content = (torn / "news/archive" / left_open.name).read_bytes()
        repairs = repair(torn)
        assert b"".join(path.read_bytes() for path in sorted((torn / "news/archive").iterdir())) == content
        assert (not size) == (not repairs)
        with reading(torn) as collection:
            captures = list(collection.captures())
            for number, capture in enumerate(captures):
                with collection.read_response(capture) as response:
                    assert response.getvalue() == raw_response(page(number))
        extract_pending(torn)
        assert texts(torn) == first_texts(undisturbed, len(captures))
        kept.append(len(captures))
        shutil.rmtree(torn)
    assert kept == sorted(kept)
    assert set(kept) == set(range(10))


def test_committed_records_after_a_damaged_one_are_kept(tmp_path: Path) -> None:
    run_until("recorded 10", tmp_path, "--pages", "11", "--commit-every", "5", "--wait")
    (left_open,) = (tmp_path / "news/archive").glob("*.open")
    with reading(tmp_path) as collection:
        second = list(collection.captures())[1]
    with left_open.open("r+b") as file:
        file.seek(second.offset + second.length // 2)
        file.write(b"\xff\x00\xff")
        file.truncate(left_open.stat().st_size - 20)
    with CollectionWriter(tmp_path, "news") as writer:
        assert writer.repairs[0].endswith(f"they are kept in {left_open.name.removesuffix('.open')}.torn")
        assert writer.catalogue.counts().captures == 10
    named, alone, lost = findings(tmp_path)
    place = f"{left_open.name.removesuffix('.open')}: record at offset {second.offset}: "
    assert f"{place}the gzip member" in named
    assert alone.endswith("it is a request, and the response to it is missing")
    assert lost.startswith(f"archive/{place}the catalogue has a capture of {second.url} here")


def test_a_kill_between_the_texts_and_the_catalogue_is_undone_and_done_again(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    make(tmp_path, "")
    killed_before_the_catalogue(
        tmp_path, "--pages", "8", until=lambda: len(list((tmp_path / "news/text").glob("*.json"))) == 8
    )
    assert texts(tmp_path) == first_texts(undisturbed, 8)
    repairs = repair(tmp_path)
    again = [
        line for line in repairs if line.endswith("not in the catalogue yet; its page is extracted again")
    ]
    assert len(again) == 8
    assert texts(tmp_path) == {}
    extract_pending(tmp_path)
    assert texts(tmp_path) == first_texts(undisturbed, 8)


def test_captures_that_only_the_json_names_are_taken_off_it_until_they_are_settled(tmp_path: Path) -> None:
    finish(tmp_path, "--pages", "3")
    before = text_files(tmp_path)

    def every_json_names_two_captures() -> bool:
        return all(
            b"\n    },\n    {\n" in path.read_bytes() for path in (tmp_path / "news/text").glob("*.json")
        )

    killed_before_the_catalogue(tmp_path, "--pages", "3", "--again", until=every_json_names_two_captures)
    assert repair(tmp_path)[0].endswith("3 whole captures taken into the catalogue")
    assert text_files(tmp_path) == before
    extract_pending(tmp_path)
    assert every_json_names_two_captures()
    assert findings(tmp_path) == []


def killed_before_the_catalogue(collections: Path, *options: str, until: Callable[[], bool]) -> None:
    """Kill a writer that has written its texts and waits for the catalogue, which another holds."""
    catalogue = sqlite3.connect(collections / "news/catalogue.sqlite", isolation_level=None)
    with subprocess.Popen(
        command(collections, *options, "--commit-every", "99", "--wait"),
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            while process.stdout.readline() != "waiting\n":
                assert process.poll() is None
            catalogue.execute("BEGIN IMMEDIATE")
            process.stdin.write("\n")
            process.stdin.flush()
            end = time.monotonic() + DEADLINE
            while not until():
                assert time.monotonic() < end
                time.sleep(0.01)
        finally:
            process.kill()
            catalogue.close()


def test_what_a_killed_copy_left_is_deleted(tmp_path: Path) -> None:
    run_until("recorded 0", tmp_path, "--pages", "1", "--wait")
    half = tmp_path / "news/archive/foreign.warc.gz.tmp"
    half.write_bytes(b"half")
    (tmp_path / "news/text/000_0123456789abcdef.txt.tmp").write_bytes(b"half")
    assert repair(tmp_path)[0] == "foreign.warc.gz.tmp: not written to its end; deleted"
    assert not half.exists()
    assert texts(tmp_path) == {}


def test_a_file_left_open_is_found_without_the_lock(tmp_path: Path) -> None:
    run_until("recorded 1", tmp_path, "--pages", "2", "--wait")
    (tmp_path / "news/.lock").write_bytes(b"")  # as after a power cut
    assert repair(tmp_path)[0].endswith("2 whole captures taken into the catalogue")


@pytest.mark.parametrize("seed", range(3))
def test_a_writer_killed_at_any_moment_and_started_again_ends_as_if_undisturbed(
    tmp_path: Path, undisturbed: dict[str, bytes], seed: int
) -> None:
    moments = random.Random(seed)
    options = ("--pages", "60", "--commit-every", "2", "--rotation", "4000")
    reached = 0
    while reached < 40:
        reached += moments.randrange(3, 14)
        pause = moments.random() * 0.02
        run_until(f"recorded {reached}", tmp_path, *options, then=lambda pause=pause: time.sleep(pause))
        with reading(tmp_path) as collection:
            for number, capture in enumerate(collection.captures()):
                with collection.read_response(capture) as response:
                    assert response.getvalue() == raw_response(page(number))
            reached = max(reached, collection.counts().captures)
    finish(tmp_path, *options)
    assert findings(tmp_path) == []
    assert texts(tmp_path) == undisturbed


@pytest.mark.parametrize("limit", [1, 8_000, 40_000, 100_000, 150_000, 300_000])
def test_a_full_disk_is_one_sentence_and_the_next_writer_goes_on(
    tmp_path: Path, undisturbed: dict[str, bytes], limit: int
) -> None:
    pages = ("--pages", "60", "--body", "8000")
    done = subprocess.run(
        command(tmp_path, *pages, "--file-limit", str(limit)),
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "run the command again" in done.stderr or "choose another folder" in done.stderr
    finish(tmp_path, *pages)
    assert findings(tmp_path) == []
    assert texts(tmp_path) == undisturbed


def test_a_repair_that_can_not_be_made_is_one_sentence_and_lets_go_of_the_lock(tmp_path: Path) -> None:
    make(tmp_path, "a")
    (tmp_path / "news/.lock").write_text("{}")
    blocked = tmp_path / "news/archive/b.warc.gz.tmp"
    blocked.mkdir()
    with pytest.raises(CollectionError, match="the collection can't be put in order after a process"):
        CollectionWriter(tmp_path, "news")
    blocked.rmdir()
    assert repair(tmp_path) == []
