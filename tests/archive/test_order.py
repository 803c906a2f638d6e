from __future__ import annotations

from pathlib import Path

from archive.order import Stretch, read_order
from archive.places import Places
from tests.archive.sample_collections import SMALL_FILES, make


def touch(places: Places, *names: str) -> None:
    places.make()
    for name in names:
        (places.archive / name).touch()


def test_files_that_nothing_is_written_down_of_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    places = Places(tmp_path)
    touch(places, "b.warc.gz", "a.arc", "c.warc.gz.open", "other.txt")
    assert read_order(places) == [Stretch("a.arc"), Stretch("b.warc.gz"), Stretch("c.warc.gz")]


def test_what_is_written_down_goes_first_and_a_file_that_grew_has_two_stretches(tmp_path: Path) -> None:
    places = Places(tmp_path)
    touch(places, "a.warc", "b.warc", "c.warc")
    places.order.write_text("0 c.warc\n0 gone.warc\n0 b.warc\n700 c.warc\n")
    assert read_order(places) == [
        Stretch("c.warc", 0, 700),
        Stretch("b.warc"),
        Stretch("c.warc", 700),
        Stretch("a.warc"),
    ]


def test_a_crawl_writes_nothing_down(tmp_path: Path) -> None:
    make(tmp_path, "abcdefgh", rotation=SMALL_FILES)
    assert not Places(tmp_path / "news").order.exists()
