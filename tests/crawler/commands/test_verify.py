from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import tearsheet


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    with NewsroomServer() as newsroom:
        urls = [newsroom.expected(slug).url for slug in ("tram-line-seven", "clay-filter")]
        assert tearsheet("scrape", *urls, "--delay", "0", cwd=folder).status == 0
    return folder / "collections/news"


@pytest.fixture
def collection(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "news")
    return tmp_path / "news"


def test_a_whole_collection_and_its_file_are_what_they_say(collection: Path) -> None:
    (warc,) = (collection / "archive").iterdir()
    done = tearsheet("verify", ".", warc, cwd=collection)
    assert (done.status, done.err) == (0, "")
    assert done.out == "2 files, 18 records, 2 texts: every byte is what it says\n"


def test_a_changed_byte_of_a_text_is_found(collection: Path) -> None:
    text = min((collection / "text").glob("*.txt"))
    text.write_bytes(text.read_bytes()[:-2] + b"!\n")
    done = tearsheet("verify", collection.name, cwd=collection.parent)
    assert done.status == 1
    assert (
        done.out.splitlines()[0]
        == f"damaged: news/text/{text.name}: its bytes do not have the hash in its name"
    )


def test_a_changed_byte_of_a_record_is_found_in_the_file_alone_too(collection: Path) -> None:
    (warc,) = (collection / "archive").iterdir()
    content = bytearray(warc.read_bytes())
    content[len(content) // 2] ^= 0xFF
    warc.write_bytes(content)
    for path in (collection.name, warc.relative_to(collection.parent)):
        done = tearsheet("verify", path, cwd=collection.parent)
        assert done.status == 1
        assert f"damaged: news/archive/{warc.name}: record at offset " in done.out


def test_what_is_neither_a_collection_nor_a_warc_is_named_and_the_rest_is_looked_at(collection: Path) -> None:
    (collection.parent / "page.html").write_text("<p>")
    done = tearsheet("verify", ".", "missing", "page.html", "news", cwd=collection.parent)
    assert done.status == 1
    lines = done.out.splitlines()
    assert lines[0] == (
        "damaged: .: is no collection; name a folder such as collections/news, or a WARC or WACZ file"
    )
    assert lines[1] == "damaged: missing: can't be read: No such file or directory; check the path"
    assert lines[2].startswith("damaged: page.html: record at offset 0: the file is neither WARC nor ARC")
    assert lines[3].endswith("2 texts: 3 damages found")
