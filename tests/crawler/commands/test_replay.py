from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import start, tearsheet
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
    assert done.out.splitlines()[-1] == "4 articles (0 new texts, 4 known), 3 records without a page"
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
    rows = tearsheet("replay", crawled, "-c", "whole", "--json", cwd=tmp_path).rows
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
    assert (
        done.out.splitlines()[-1] == "4 articles (4 new texts, 0 known), 1 failed, 3 records without a page"
    )


def test_a_second_run_reads_nothing_again_unless_it_is_told_to(crawled: Path, tmp_path: Path) -> None:
    (tmp_path / "warcs/deep").mkdir(parents=True)
    (tmp_path / "warcs/deep/one.warc.gz").write_bytes(crawled.read_bytes())
    (tmp_path / "warcs/notes.txt").write_text("no WARC file")
    assert tearsheet("replay", "warcs", cwd=tmp_path).out.splitlines()[-1] == (
        "4 articles (4 new texts, 0 known), 3 records without a page"
    )
    done = tearsheet("replay", "warcs/**/*.gz", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out == "0 articles, 1 file was read before (--again extracts from all)\n"
    assert len(tearsheet("replay", "warcs", "--again", "--json", cwd=tmp_path).articles) == 4


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "name a file, a folder or a pattern"),
        (("*.warc.gz",), 1, "failed: *.warc.gz: no file matches; check the pattern"),
        ((".",), 1, "failed: . holds no file whose name ends as those of WARC, ARC or WACZ files do"),
        (("x.warc", "--since", "2026-02-02", "--until", "2026-02-01"), 2, "nothing lies between them"),
        (("x.warc", "--mime", "image/png"), 2, "text is extracted from text/html and"),
        (("x.warc", "--outlet", "al-monitr"), 2, "did you mean al-monitor"),
        (("x.warc", "--since", "yesterday"), 2, "does not match the formats '%Y-%m-%d'"),
    ],
)
def test_what_can_not_be_meant_is_said_in_a_sentence(
    arguments: tuple[str, ...], status: int, said: str, tmp_path: Path
) -> None:
    done = tearsheet("replay", *arguments, cwd=tmp_path)
    assert done.status == status
    assert said in " ".join(done.err.replace("\u2502", " ").split())
    assert not (tmp_path / "collections").exists()


def test_articles_go_to_a_parquet_file_or_a_sentence_says_what_it_needs(
    crawled: Path, tmp_path: Path
) -> None:
    done = tearsheet("replay", crawled, "--parquet", "out.parquet", "--json", cwd=tmp_path)
    try:
        from pyarrow import parquet
    except ImportError:
        assert done.status == 1
        assert done.err.startswith("tearsheet: Parquet needs pyarrow, which is not installed; get it with ")
        assert not (tmp_path / "collections").exists()
        return
    rows = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["body"] for row in rows] == [row["body"] for row in done.articles]
    again = tearsheet("replay", crawled, "--parquet", "out.parquet", cwd=tmp_path)
    assert (again.status, again.out) == (1, "")
    assert "out.parquet is there already" in again.err


def test_a_killed_run_is_gone_on_with_and_leaves_what_an_undisturbed_one_does(
    crawled: Path, tmp_path: Path
) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.warc.gz").write_bytes(crawled.read_bytes())
    process = start("replay", *sorted(tmp_path.glob("*.warc.gz")), "-c", "killed", cwd=tmp_path)
    texts = tmp_path / "collections/killed/text"
    while process.poll() is None and not (texts.is_dir() and list(texts.glob("*.json"))):
        time.sleep(0.02)
    process.kill()
    process.communicate()
    for name in ("killed", "undisturbed"):
        assert tearsheet("replay", "*.warc.gz", "-c", name, cwd=tmp_path).status == 0
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / f"collections/{name}/text").iterdir()}
        for name in ("killed", "undisturbed")
    )
    assert one == other
