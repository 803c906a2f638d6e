from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import CollectionError
from archive.places import Places


@pytest.mark.parametrize("name", ["news", "news-2026", "a.b_c", "7"])
def test_a_plain_name_is_a_folder_of_its_own(tmp_path: Path, name: str) -> None:
    assert Places.of(tmp_path, name).root == tmp_path / name


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".hidden", "-x", "a/b", "../x", "a b", "أخبار", "news\n", "a\0"]
)
def test_a_name_that_is_no_plain_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CollectionError, match="can't name a collection; use letters, digits"):
        Places.of(tmp_path, name)


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "news").write_text("in the way", encoding="utf-8")
    with pytest.raises(
        CollectionError, match=r"/news/archive can't be made \(Not a directory\); choose a folder"
    ):
        Places.of(tmp_path, "news").make()


def test_a_warc_is_found_under_its_final_name_while_it_is_written(tmp_path: Path) -> None:
    places = Places.of(tmp_path, "news")
    places.make()
    places.make()
    finished, unfinished = places.archive / "a.warc.gz", places.archive / "b.warc.gz.open"
    for path in (finished, unfinished, places.archive / "notes.txt"):
        path.touch()
    assert places.warc("a.warc.gz") == finished
    assert places.warc("b.warc.gz") == unfinished
    assert places.warc("c.warc.gz") == places.archive / "c.warc.gz"
    assert (places.warcs(), places.unfinished()) == ([finished], [unfinished])
