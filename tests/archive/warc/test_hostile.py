"""Nothing that stands in a file takes more than bounded time and memory, and what is wrong is named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.archive.warc.hostile import files

PEAK = 250 << 20  # bytes; Python and what it loads take 60 MB
# All of it is as it should be, there is only much of it.
NOTHING_WRONG = {
    "empty records",
    "empty records, packed",
    "empty members",
    "blank lines",
    "a head without end",
}
WITHOUT_SAMPLES = {"ARC lines of dates": 0, "an ARC version block of garbage": 1}


def read(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.archive.warc.measured", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def check(name: str, scale: int, folder: Path, seconds: float) -> dict[str, Any]:
    path = folder / "hostile"
    path.write_bytes(files(scale)[name]())
    told = read(path)
    assert told["peak"] < PEAK
    assert told["seconds"] < seconds
    assert (told["damages"] == 0) == (name in NOTHING_WRONG or name == "an ARC version block of garbage")
    wanted = WITHOUT_SAMPLES.get(name, 3)
    if (name, scale) == ("beginnings of members", 10):  # too many of them to look at
        wanted = 1
    assert told["captures"] >= wanted
    return told


@pytest.mark.parametrize("name", files(1))
def test_what_a_file_holds_takes_bounded_time_and_memory(name: str, tmp_path: Path) -> None:
    check(name, 1, tmp_path, 10)


@pytest.mark.slow
@pytest.mark.parametrize("name", files(1))
def test_ten_times_as_much_takes_no_more_memory(name: str, tmp_path: Path) -> None:
    check(name, 10, tmp_path, 60)
