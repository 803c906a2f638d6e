from __future__ import annotations

from pathlib import Path

from archive.access.query import parse_query
from archive.collection_writer import CollectionWriter
from tests.archive.access.samples import SITE, capture, fill, found, indexed, open_index


def test_captures_count_before_the_writer_is_done(tmp_path: Path) -> None:
    whole = indexed(tmp_path / "finished")
    with CollectionWriter(tmp_path / "growing", "news") as writer:
        fill(writer)
        writer.commit()
        growing = tmp_path / "growing"
        assert not (growing / "news/indexes/index.cdxj").exists()
        assert found(growing, url="*.news.example") == found(whole, url="*.news.example")
        ours = [line for line in found(whole, url=f"{SITE}/a") if "www" not in line[1]]
        assert (
            found(growing, url=f"{SITE}/a") == ours
        )  # an address written in another way is found when it is done
    assert found(growing, url=f"{SITE}/a") == found(whole, url=f"{SITE}/a")


def test_what_a_second_writer_adds_stands_in_its_place(tmp_path: Path) -> None:
    collections = indexed(tmp_path)
    before = found(collections, url=f"{SITE}/*")
    with CollectionWriter(collections, "news") as writer:
        capture(writer, f"{SITE}/a", 90, b"between the others")
        capture(writer, f"{SITE}/c", 91)
        assert found(collections, url=f"{SITE}/*") == before  # nothing is committed yet
        writer.commit()
        now = found(collections, url=f"{SITE}/*")
        assert now == sorted(
            [*before, ("120130", f"{SITE}/a"), ("120131", f"{SITE}/c")],
            key=lambda x: (x[1].replace("https://www.", "http://").replace("/a/", "/a0"), x[0]),
        )
        with open_index(collections) as (_, index):
            lines = parse_query([("url", f"{SITE}/a")]).lines(index)
            assert [line.timestamp[8:] for line in lines] == [
                "120000",
                "120030",
                "120100",
                "120130",
                "130000",
                "140000",
            ]
    assert found(collections, url=f"{SITE}/*") == now


def test_a_collection_without_captures_has_no_lines(tmp_path: Path) -> None:
    CollectionWriter(tmp_path, "news").close()
    assert found(tmp_path, url="*.example") == found(tmp_path, url=SITE) == []
