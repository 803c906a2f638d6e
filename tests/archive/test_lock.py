from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import CollectionError, CollectionInUse
from archive.lock import WriterLock

HOLDER = """
import sys
from pathlib import Path
from archive.lock import WriterLock
lock = WriterLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_refused_with_the_pid_of_the_first_and_its_kill_is_seen(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    holder = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(
        holder, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        said = rf"{re.escape(str(tmp_path))} is being written to by process {process.pid} \(since 2\S+\); wait until"
        with pytest.raises(CollectionInUse, match=said):
            WriterLock(path)
        process.kill()
    lock = WriterLock(path)
    assert lock.was_killed
    lock.release()


def test_a_lock_released_in_order_leaves_nothing_to_repair(tmp_path: Path) -> None:
    for _ in range(2):
        lock = WriterLock(tmp_path / ".lock")
        assert not lock.was_killed
        with pytest.raises(CollectionInUse, match=f"process {os.getpid()} "):
            WriterLock(tmp_path / ".lock")
        lock.release()
        lock.release()


def test_the_begin_of_the_first_unclean_run_is_kept_until_one_ends_in_order(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    WriterLock(path).abandon()
    os.utime(path, (1_000.5, 1_000.5))
    for _ in range(2):
        lock = WriterLock(path)
        assert lock.unclean_since == 1_000.5
        lock.abandon()
    WriterLock(path).release()
    lock = WriterLock(path)
    assert lock.unclean_since is None
    lock.release()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[]", b"{}", b"7", json.dumps({"pid": 1}).encode()])
def test_a_lock_file_of_any_content_tells_of_a_killed_writer(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ".lock"
    path.write_bytes(content)
    first = WriterLock(path)
    assert first.was_killed
    path.write_bytes(content)
    with pytest.raises(CollectionInUse, match="by another process; wait"):
        WriterLock(path)
    first.release()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="/none can't be written to"):
        WriterLock(tmp_path / "none" / ".lock")
