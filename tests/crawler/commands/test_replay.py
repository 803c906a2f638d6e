from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import tearsheet
from tests.crawler.commands.test_scrape import FIELDS

SLUGS = ("tram-line-seven", "clay-filter", "bottle-post", "island-clinic")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished WARC file of four stories."""
    folder = tmp_path_factory.mktemp("crawled")
    with NewsroomServer() as newsroom:
        urls = [newsroom.expected(slug).url for slug in SLUGS]
        assert tearsheet("scrape", *urls, "--delay", "0", cwd=folder).status == 0
    (warc,) = (folder / "collections/news/archive").iterdir()
    return warc


def test_a_collection_s_own_file_gives_the_same_texts_and_no_new_one(crawled: Path) -> None:
    folder = crawled.parents[3]
    texts = {path.name: path.read_bytes() for path in (crawled.parents[1] / "text").iterdir()}
    done = tearsheet("replay", crawled.relative_to(folder), cwd=folder)
    assert done.status == 0
    assert done.out.splitlines()[-1] == "4 articles (0 new texts, 4 known)"
    assert {path.name: path.read_bytes() for path in (crawled.parents[1] / "text").iterdir()} == texts
    assert [path.name for path in crawled.parent.iterdir()] == [crawled.name]


@pytest.mark.parametrize("packed", [True, False])
def test_a_foreign_file_is_copied_and_its_articles_are_told(
    crawled: Path, packed: bool, tmp_path: Path
) -> None:
    foreign = tmp_path / ("foreign.warc.gz" if packed else "foreign.warc")
    foreign.write_bytes(crawled.read_bytes() if packed else gzip.decompress(crawled.read_bytes()))
    done = tearsheet("replay", foreign.name, "-c", "theirs", "--json", "--workers", "1", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert [list(row) for row in done.rows] == [FIELDS] * 4
    assert {row["captures"][0]["warc"] for row in done.rows} == {foreign.name}
    copied = tmp_path / "collections/theirs/archive" / foreign.name
    assert copied.read_bytes() == foreign.read_bytes()
    assert tearsheet("verify", "collections/theirs", cwd=tmp_path).status == 0


def test_a_damaged_record_is_named_and_the_others_are_replayed(crawled: Path, tmp_path: Path) -> None:
    content = bytearray(crawled.read_bytes())
    rows = tearsheet("replay", crawled, "--json", cwd=tmp_path).rows
    broken = rows[1]["captures"][0]
    content[broken["offset"] + broken["length"] // 2] ^= 0xFF
    (tmp_path / "damaged.warc.gz").write_bytes(content)
    done = tearsheet("replay", "damaged.warc.gz", "-c", "damaged", "--json", cwd=tmp_path)
    assert done.status == 1
    assert [row["url"] for row in done.articles] == [row["url"] for row in (rows[0], *rows[2:])]
    (error,) = done.failures.values()
    assert f"record at offset {broken['offset']}" in error
    assert done.err == f"failed: {error}\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("page.html", b"<html><p>Hello", "the file is neither WARC nor ARC"),
        ("empty.warc", b"", "the file is neither WARC nor ARC: it is empty"),
        ("missing.warc", None, "can't be read: No such file or directory; check the path"),
    ],
)
def test_what_is_no_warc_is_one_sentence_and_the_next_file_is_read(
    name: str, content: bytes | None, said: str, crawled: Path, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = tearsheet("replay", name, crawled, cwd=tmp_path)
    assert done.status == 1
    (failed,) = [line for line in done.err.splitlines() if not line.startswith("article: ")]
    assert failed.startswith(f"failed: {name}")
    assert said in failed
    assert done.out.splitlines()[-1] == "4 articles (4 new texts, 0 known), 1 failed"
