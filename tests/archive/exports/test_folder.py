from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.errors import ExportError
from archive.exports.folder import write_folder
from tests.archive.exports.articles import ARTICLE

NAME = ARTICLE["text_file"]
CONTENTS = (
    "text_file\tdate_published\toutlet\tlanguage\twords\theadline\turl\n"
    f'{NAME}\t2026-03-01T09:30:00+03:00\tThe Daily\ten\t4\tShe said "no", twice\thttp://news.example/a\n'
)


def write(target: Path, *, replace: bool = False, rows: Iterator[dict[str, Any]] | None = None) -> int:
    return write_folder(
        rows or iter([ARTICLE]), lambda name: f"text of {name}\n".encode(), target, replace=replace
    )


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("there", [True, False])
def test_texts_keep_their_names_and_are_listed(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "out").mkdir()
    assert write(tmp_path / "out") == 1
    assert files(tmp_path / "out") == {NAME: f"text of {NAME}\n", "contents.tsv": CONTENTS}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_holds_something_is_added_to_on_demand_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / NAME).write_text("old")
    with pytest.raises(
        ExportError, match="is not empty; name another folder, or put the files into it with --force"
    ):
        write(tmp_path)
    assert write(tmp_path, replace=True) == 1
    assert files(tmp_path) == {NAME: f"text of {NAME}\n", "contents.tsv": CONTENTS, "mine.txt": "mine"}


def test_a_list_stays_a_line_an_article_whatever_its_headline(tmp_path: Path) -> None:
    write(tmp_path / "out", rows=iter([ARTICLE | {"headline": "a\tb\nc\u2028d"}]))
    assert (tmp_path / "out/contents.tsv").read_text().splitlines()[1].split("\t")[5] == "a b c d"


def test_what_fails_half_way_leaves_no_folder(tmp_path: Path) -> None:
    def failing() -> Iterator[dict[str, Any]]:
        yield ARTICLE
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out", rows=failing())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="file is a file; name a folder"):
        write(tmp_path / "file")
    with pytest.raises(ExportError, match=r"none/out: can't be written \(No such file or directory\)"):
        write(tmp_path / "none/out")
    (tmp_path / "out.tmp").mkdir()
    with pytest.raises(
        ExportError, match=r"out\.tmp is there: another export is being written, or one was killed"
    ):
        write(tmp_path / "out")
    assert (tmp_path / "out.tmp").is_dir()
