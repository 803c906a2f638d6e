from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.errors import TearsheetError
from archive.warc.finding import find_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.warc.gz", "a.ARC", "notes.txt", "c.warc.gz.open", "deep/er/d.wacz", "deep/e.warc.zst"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    os.mkfifo(tmp_path / "deep/pipe.warc")
    (tmp_path / "deep/er/loop").symlink_to(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (".", ["a.ARC", "b.warc.gz", "deep/e.warc.zst", "deep/er/d.wacz"]),
        ("*.txt", ["notes.txt"]),
        ("d*", ["deep/e.warc.zst", "deep/er/d.wacz"]),
        ("*/**/*.wacz", ["deep/er/d.wacz"]),
        ("missing.warc", ["missing.warc"]),
        ("[ab].*", ["a.ARC", "b.warc.gz"]),
    ],
)
def test_names_of_folders_and_patterns(
    name: str, expected: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert list(find_files(name)) == [Path(each) for each in expected]


def test_a_file_whose_name_is_a_pattern_is_that_file(folder: Path) -> None:
    odd = folder / "[ab].warc"
    odd.touch()
    assert list(find_files(str(odd))) == [odd]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("*.wark", "no file matches; check the pattern"),
        ("empty", "holds no file whose name ends as those of WARC"),
    ],
)
def test_a_name_that_stands_for_nothing_is_an_error(name: str, said: str, folder: Path) -> None:
    (folder / "empty").mkdir()
    (error,) = find_files(str(folder / name))
    assert isinstance(error, TearsheetError)
    assert said in str(error)
