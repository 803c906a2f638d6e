from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archive.errors import ExportError
from archive.fixity import sync_folder, write_synced, written_whole


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for content in (b"one", b"two, longer", b""):
        write_synced(path, content)
        sync_folder(tmp_path)
        assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.txt", content)]


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_synced(tmp_path / "none" / "a.txt", b"")
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "none")


def write(
    target: Path, content: bytes, failure: BaseException | None = None, *, replace: bool = False
) -> None:
    with written_whole(target, replace=replace) as file:
        file.write(content)
        if failure:
            raise failure


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_has_its_name_when_it_is_whole(tmp_path: Path) -> None:
    with written_whole(tmp_path / "out") as file:
        file.write(b"some")
        assert not (tmp_path / "out").exists()
        file.write(b"thing")
    assert files(tmp_path) == {"out": b"something"}


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), ExportError("stopped"), ValueError("stopped")])
def test_what_fails_half_way_leaves_nothing_and_the_file_that_was_there(
    tmp_path: Path, failure: BaseException
) -> None:
    write(tmp_path / "out", b"before")
    with pytest.raises(type(failure)):
        write(tmp_path / "out", b"half", failure, replace=True)
    assert files(tmp_path) == {"out": b"before"}


def test_a_file_is_replaced_on_demand_alone(tmp_path: Path) -> None:
    target = tmp_path / "out"
    write(target, b"before")
    with pytest.raises(ExportError, match="is there already; name another file, or replace it with --force"):
        write(target, b"after")
    assert files(tmp_path) == {"out": b"before"}
    write(target, b"after", replace=True)
    assert files(tmp_path) == {"out": b"after"}


def test_what_is_no_file_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("pipe", "is no regular file"), (".", "is a folder")):
        with pytest.raises(ExportError, match=said):
            write(tmp_path / name, b"", replace=True)


def test_what_a_killed_writer_left_is_in_nobody_s_way(tmp_path: Path) -> None:
    (tmp_path / "out.tmp").write_bytes(b"left by a killed process")
    write(tmp_path / "out", b"new")
    assert files(tmp_path) == {"out": b"new"}


def test_two_writers_of_one_file_do_not_mix(tmp_path: Path) -> None:
    with written_whole(tmp_path / "out") as file:
        with pytest.raises(ExportError, match="is being written by another process"):
            write(tmp_path / "out", b"second")
        file.write(b"first")
    assert files(tmp_path) == {"out": b"first"}


def test_a_folder_that_is_missing_and_a_full_disk_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"none/out: can't be written \(No such file or directory\)"):
        write(tmp_path / "none/out", b"")
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(ExportError, match=r"out: can't be written \(No space left on device\)"):
        write(tmp_path / "out", b"", full)
    assert files(tmp_path) == {}
