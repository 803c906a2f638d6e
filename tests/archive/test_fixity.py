from __future__ import annotations

from pathlib import Path

import pytest

from archive.fixity import sync_folder, write_synced


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
