from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.collection_writer import CollectionWriter
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


def test_a_repair_tells_what_it_did_and_verifies_then(collection: Path) -> None:
    shutil.rmtree(collection / "text")
    (collection / "catalogue.sqlite").unlink()
    (warc,) = (collection / "archive").iterdir()
    planned = tearsheet("verify", "--repair", "--dry-run", "news", cwd=collection.parent)
    assert (planned.status, planned.err) == (0, "")
    assert planned.out.splitlines() == [
        "planned: news/catalogue.sqlite: would be built anew from the WARC files",
        "planned: news/archive: the pages among 2 captures would be extracted",
        "planned: news/indexes/index.cdxj: would be written anew",
    ]
    assert not (collection / "catalogue.sqlite").exists()
    done = tearsheet("verify", "--repair", "news", cwd=collection.parent)
    assert (done.status, done.err) == (0, "")
    *deeds, texts, verified = done.out.splitlines()
    assert deeds == [
        f"repaired: news/archive/{warc.name}: 4 captures taken into a new catalogue",
        "repaired: news/catalogue.sqlite: built anew from the WARC files",
    ]
    assert texts == "repaired: news/text: 2 texts made from their captures"
    assert verified.endswith("2 texts: every byte is what it says")


def test_json_has_a_line_for_each_deed_and_finding_and_one_at_the_end(collection: Path) -> None:
    (collection / "indexes/index.cdxj").unlink()
    text = min((collection / "text").glob("*.txt"))
    text.unlink()
    (warc,) = (collection / "archive").iterdir()
    warc.write_bytes(warc.read_bytes().replace(b"\x1f\x8b\x08", b"\x1f\x8b\x09", 1))
    found = tearsheet("verify", "--json", "news", cwd=collection.parent)
    assert found.status == 1
    assert [(row["path"], row["offset"], row["damage"], row["code"]) for row in found.rows[:-1]] == [
        (f"news/archive/{warc.name}", 0, True, "record"),
        ("news/indexes/index.cdxj", None, True, "index"),
        (f"news/text/{text.name}", None, True, "text"),
    ]
    assert found.rows[-1] == {"files": 1, "records": 8, "texts": 2, "damages": 3}
    done = tearsheet("verify", "--repair", "--json", "news", cwd=collection.parent)
    assert done.status == 1
    deeds = [row for row in done.rows if "repaired" in row]
    assert [row["number"] for row in deeds] == list(range(len(deeds)))
    assert done.rows[-1]["damages"] == 1


def test_a_collection_that_is_written_to_is_not_repaired(collection: Path) -> None:
    with CollectionWriter(collection.parent, "news"):
        done = tearsheet("verify", "--repair", "news", cwd=collection.parent)
    assert done.status == 1
    assert done.out.startswith("failed: the collection news is being written to by process ")


@pytest.mark.parametrize("arguments", [("--dry-run", "news"), ("--repair", "news/archive/a.warc.gz")])
def test_options_that_make_no_sense_are_refused(collection: Path, arguments: tuple[str, ...]) -> None:
    assert tearsheet("verify", *arguments, cwd=collection.parent).status == 2


def test_a_collection_without_a_catalogue_is_looked_at(collection: Path) -> None:
    (collection / "catalogue.sqlite").unlink()
    done = tearsheet("verify", "news", cwd=collection.parent)
    assert done.status == 1
    assert done.out.splitlines() == [
        "damaged: news/catalogue.sqlite: is missing; `verify --repair` builds it anew",
        "1 file, 9 records, 2 texts: 1 damage found",
    ]
