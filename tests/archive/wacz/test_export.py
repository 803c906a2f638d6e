from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import zipfile
from itertools import chain
from pathlib import Path

import pytest

from archive.collection_writer import CollectionWriter
from archive.errors import CollectionError, ExportError
from archive.wacz.export import Exported, export_wacz
from archive.warc.captures import read_captures
from tests.archive.sample_collections import SMALL_FILES, fetch, make, reading, url
from tests.archive.warc.samples import GZIPPED, PLAIN
from tests.archive.warc.test_arc import ONE as ARC_RECORDS


def export(collections: Path, target: Path, **options: str | bool) -> Exported:
    with reading(collections) as collection:
        return export_wacz(collection, target, **options)  # type: ignore[arg-type]


def entries(wacz: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wacz) as opened:
        assert opened.testzip() is None
        return {info.filename: opened.read(info) for info in opened.infolist()}


def pages(wacz: Path) -> list[dict[str, str]]:
    header, *lines = map(json.loads, entries(wacz)["pages/pages.jsonl"].splitlines())
    assert header == {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}
    return lines


def test_a_collection_is_packed_whole(tmp_path: Path) -> None:
    make(tmp_path, "abc", rotation=SMALL_FILES)
    done = export(tmp_path, tmp_path / "out.wacz")
    warcs = sorted((tmp_path / "news/archive").iterdir())
    assert len(warcs) > 1
    assert (done.warcs, done.captures, done.pages, done.left_out, done.damages) == (len(warcs), 3, 3, (), ())
    assert done.size == (tmp_path / "out.wacz").stat().st_size
    packed = entries(tmp_path / "out.wacz")
    assert list(packed) == [
        "indexes/index.cdx.gz",
        "indexes/index.idx",
        "pages/pages.jsonl",
        *(f"archive/{warc.name}" for warc in warcs),
        "datapackage.json",
        "datapackage-digest.json",
    ]
    for warc in warcs:
        assert packed[f"archive/{warc.name}"] == warc.read_bytes()
    assert (
        gzip.decompress(packed["indexes/index.cdx.gz"]) == (tmp_path / "news/indexes/index.cdxj").read_bytes()
    )


def test_every_entry_is_listed_with_its_digest_and_stored_but_for_the_pages(tmp_path: Path) -> None:
    make(tmp_path)
    export(tmp_path, tmp_path / "out.wacz", title="The news")
    packed = entries(tmp_path / "out.wacz")
    described = json.loads(packed["datapackage.json"])
    resources = described.pop("resources")
    assert described == {
        "profile": "data-package",
        "title": "The news",
        "created": "2026-03-01T12:00:02Z",
        "software": described["software"],
        "wacz_version": "1.1.1",
    }
    assert described["software"].startswith("tearsheet ")
    listed = {entry["path"]: (entry["hash"], entry["bytes"]) for entry in resources}
    assert listed == {
        path: (f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))
        for path, content in packed.items()
        if not path.startswith("datapackage")
    }
    digest = hashlib.sha256(packed["datapackage.json"]).hexdigest()
    assert json.loads(packed["datapackage-digest.json"]) == {
        "path": "datapackage.json",
        "hash": f"sha256:{digest}",
    }
    with zipfile.ZipFile(tmp_path / "out.wacz") as opened:
        deflated = [info.filename for info in opened.infolist() if info.compress_type]
        assert deflated == ["pages/pages.jsonl"]
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_collection_gives_the_same_bytes_wherever_it_lies(tmp_path: Path) -> None:
    make(tmp_path)
    export(tmp_path, tmp_path / "one.wacz")
    shutil.copytree(tmp_path / "news", tmp_path / "elsewhere/news")
    os.utime(next((tmp_path / "elsewhere/news/archive").iterdir()), (0, 0))
    export(tmp_path / "elsewhere", tmp_path / "two.wacz")
    assert (tmp_path / "one.wacz").read_bytes() == (tmp_path / "two.wacz").read_bytes()


def test_a_page_is_listed_once_for_each_text_that_it_had(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        first = fetch(writer, "a", 0)
        assert fetch(writer, "a", 1).record_type == "revisit"
        edited = fetch(writer, "b", 2, story="c")
    export(tmp_path, tmp_path / "out.wacz")
    assert pages(tmp_path / "out.wacz") == [
        {
            "id": first.record_id[len("<urn:uuid:") : -1],
            "url": url("a"),
            "ts": "2026-03-01T12:00:00.250000Z",
            "title": "Headline of a",
            "text": "A standfirst.\n\nFirst paragraph of a.\n\nSecond paragraph.",
        },
        {
            "id": edited.record_id[len("<urn:uuid:") : -1],
            "url": url("b"),
            "ts": "2026-03-01T12:00:02.250000Z",
            "title": "Headline of c",
            "text": "A standfirst.\n\nFirst paragraph of c.\n\nSecond paragraph.",
        },
    ]


def test_of_a_collection_that_is_being_written_to_what_is_committed_is_packed(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        fetch(writer, "a", 0)
        writer.commit()
        (unfinished,) = (tmp_path / "news/archive").iterdir()
        committed = unfinished.read_bytes()
        fetch(writer, "b", 1)
        done = export(tmp_path, tmp_path / "out.wacz")
    assert (done.warcs, done.captures, done.pages) == (1, 1, 1)
    assert unfinished.name.endswith(".open")
    packed = entries(tmp_path / "out.wacz")
    assert packed[f"archive/{unfinished.name.removesuffix('.open')}"] == committed
    assert url("b").encode() not in gzip.decompress(packed["indexes/index.cdx.gz"])


def test_an_index_of_many_captures_is_cut_into_members_that_its_blocks_name(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        for number in range(1100):
            fetch(writer, f"{number:04}", number)
    export(tmp_path, tmp_path / "out.wacz")
    packed = entries(tmp_path / "out.wacz")
    index = packed["indexes/index.cdx.gz"]
    lines = gzip.decompress(index).splitlines()
    assert len(lines) == 1100
    meta, *blocks = packed["indexes/index.idx"].decode().splitlines()
    assert meta == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    unpacked = []
    for block in blocks:
        key, time, fields = block.split(" ", 2)
        place = json.loads(fields)
        member = index[place["offset"] : place["offset"] + place["length"]]
        assert place["digest"] == f"sha256:{hashlib.sha256(member).hexdigest()}"
        unpacked.append(gzip.decompress(member).splitlines())
        assert unpacked[-1][0].startswith(f"{key} {time} ".encode())
    assert [len(block) for block in unpacked] == [1024, 76]
    assert list(chain.from_iterable(unpacked)) == lines


def test_files_that_a_wacz_does_not_take_are_named_and_the_rest_is_packed(tmp_path: Path) -> None:
    make(tmp_path)
    archive = tmp_path / "news/archive"
    (warc,) = archive.iterdir()
    shutil.copy(warc, archive / "unknown.warc.gz")
    done = export(tmp_path, tmp_path / "out.wacz")
    assert done.warcs == 1
    assert done.left_out == (
        f"{archive}/unknown.warc.gz is left out: no capture of the catalogue lies in it; "
        "`tearsheet replay` takes in what is new there",
    )


def adopt(collections: Path, name: str, content: bytes) -> Path:
    """Take a file into the collection's archive as replay does, without extracting its pages."""
    with CollectionWriter(collections, "news") as writer:
        path = writer.places.archive / name
        path.write_bytes(content)
        for capture, block in read_captures(path, pytest.fail):
            block.close()
            writer.adopt(capture)
    return path


def test_arc_files_and_their_captures_are_left_out(tmp_path: Path) -> None:
    arc = adopt(tmp_path, "old.arc.gz", b"".join(map(gzip.compress, ARC_RECORDS)))
    with pytest.raises(ExportError, match="holds ARC files alone; a WACZ file takes WARC files"):
        export(tmp_path, tmp_path / "out.wacz")
    make(tmp_path)
    done = export(tmp_path, tmp_path / "out.wacz")
    assert (done.warcs, done.captures, done.pages) == (1, 3, 3)
    assert done.left_out == (f"{arc} is left out: it is an ARC file, and a WACZ file takes WARC files",)
    assert b"old.arc.gz" not in gzip.decompress(entries(tmp_path / "out.wacz")["indexes/index.cdx.gz"])


def test_foreign_warcs_are_packed_as_they_are(tmp_path: Path) -> None:
    adopt(tmp_path, "plain.warc", PLAIN)
    adopt(tmp_path, "nachrichten-ü.warc.gz", GZIPPED)
    done = export(tmp_path, tmp_path / "out.wacz")
    assert (done.warcs, done.captures, done.pages) == (1, 3, 0)
    packed = entries(tmp_path / "out.wacz")
    assert packed["archive/plain.warc"] == PLAIN
    assert done.left_out == (
        f"{tmp_path}/news/archive/nachrichten-ü.warc.gz is left out: no capture of the catalogue lies in it; "
        "`tearsheet replay` takes in what is new there",
    )


def test_a_text_that_can_not_be_read_is_named_and_its_page_listed_without_it(tmp_path: Path) -> None:
    make(tmp_path, "ab")
    gone = min((tmp_path / "news/text").glob("*.txt"))
    gone.unlink()
    done = export(tmp_path, tmp_path / "out.wacz")
    (damage,) = done.damages
    assert isinstance(damage, CollectionError)
    assert str(damage).startswith(f"{gone}: can't be read")
    assert ["text" in page for page in pages(tmp_path / "out.wacz")] == [False, True]


def test_a_warc_file_that_is_gone_or_too_short_is_an_error_and_leaves_no_file(tmp_path: Path) -> None:
    make(tmp_path)
    (warc,) = (tmp_path / "news/archive").iterdir()
    warc.write_bytes(warc.read_bytes()[:-1])
    with pytest.raises(ExportError, match="ends before its last capture does"):
        export(tmp_path, tmp_path / "out.wacz")
    warc.unlink()
    with pytest.raises(ExportError, match=r"can't be read \(No such file or directory\)"):
        export(tmp_path, tmp_path / "out.wacz")
    assert [path.name for path in tmp_path.iterdir()] == ["news"]


def test_a_collection_without_captures_is_an_error(tmp_path: Path) -> None:
    CollectionWriter(tmp_path, "news").close()
    with pytest.raises(ExportError, match="holds no capture yet"):
        export(tmp_path, tmp_path / "out.wacz")
    assert not (tmp_path / "out.wacz").exists()
