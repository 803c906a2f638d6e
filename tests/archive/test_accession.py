from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from archive.accession import take_in
from archive.errors import CollectionError, RecordError
from archive.places import Places
from tests.archive.warc.samples import GZIPPED, MEMBERS, PLAIN

ARC = (
    b"filedesc://a.arc 0.0.0.0 20260301120000 text/plain 74\n1 0 Example\n"
    b"URL IP-address Archive-date Content-type Archive-length\n\n\n"
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places.of(tmp_path / "collections", "news")
    made.make()
    return made


def put(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_file_keeps_its_name_and_is_copied_once(tmp_path: Path, places: Places) -> None:
    path = put(tmp_path / "in", "sample.warc.gz", GZIPPED)
    for _ in range(2):
        assert take_in(path, places) == places.archive / "sample.warc.gz"
    assert [(file.name, file.read_bytes()) for file in places.archive.iterdir()] == [
        ("sample.warc.gz", GZIPPED)
    ]


def test_another_file_of_the_same_name_gets_digits_of_its_digest(tmp_path: Path, places: Places) -> None:
    take_in(put(tmp_path / "one", "my.sample-2.warc.gz", GZIPPED), places)
    other = GZIPPED[: len(MEMBERS[0])]
    digits = hashlib.sha256(other).hexdigest()[:8]
    for _ in range(2):
        taken = take_in(put(tmp_path / "two", "my.sample-2.warc.gz", other), places)
        assert taken == places.archive / f"my.sample-2-{digits}.warc.gz"
        assert taken.read_bytes() == other
    assert len(places.warcs()) == 2


@pytest.mark.parametrize(
    ("content", "suffix"),
    [(GZIPPED, ".warc.gz"), (PLAIN, ".warc"), (ARC, ".arc"), (gzip.compress(ARC, mtime=0), ".arc.gz")],
)
def test_the_suffix_of_its_kind_is_added_where_it_is_missing(
    tmp_path: Path, places: Places, content: bytes, suffix: str
) -> None:
    for name in ("download", "crawl.gz"):
        assert take_in(put(tmp_path / "in", name, content), places) == places.archive / (name + suffix)


def test_a_file_of_the_collection_stays_where_it_is_by_whatever_path(tmp_path: Path, places: Places) -> None:
    own = put(places.archive, "own.warc.gz", GZIPPED)
    link = tmp_path / "link.warc.gz"
    link.symlink_to(own)
    for path in (own, Path(os.path.relpath(own)), link):
        assert take_in(path, places) == own
    assert places.warcs() == [own]


def test_a_name_that_is_no_text_is_made_one(tmp_path: Path, places: Places) -> None:
    taken = take_in(put(tmp_path / "in", os.fsdecode(b"caf\xe9.warc.gz"), GZIPPED), places)
    assert taken.name == "caf?.warc.gz"


@pytest.mark.parametrize(
    "content", [b"", b"<html>no</html>", b"PK\x03\x04zip", gzip.compress(b"no record\n" * 9, mtime=0)]
)
def test_a_file_of_another_kind_is_refused_and_not_copied(
    tmp_path: Path, places: Places, content: bytes
) -> None:
    path = put(tmp_path / "in", "page.warc.gz", content)
    with pytest.raises(RecordError, match="neither WARC nor ARC"):
        take_in(path, places)
    assert list(places.archive.iterdir()) == []


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path, places: Places) -> None:
    with pytest.raises(FileNotFoundError):
        take_in(tmp_path / "none.warc.gz", places)


def test_a_folder_that_takes_no_copy_is_named(tmp_path: Path, places: Places) -> None:
    path = put(tmp_path / "in", "sample.warc.gz", GZIPPED)
    places.archive.rmdir()
    with pytest.raises(
        CollectionError, match=r"can't be copied to .*sample\.warc\.gz \(No such file or directory\)"
    ):
        take_in(path, places)


@pytest.mark.parametrize(
    "content", [b"hello", gzip.compress(b"hello", mtime=0)], ids=["text", "gzip of text"]
)
def test_a_file_without_a_single_record_is_not_copied(tmp_path: Path, places: Places, content: bytes) -> None:
    path = tmp_path / "hello.gz"
    path.write_bytes(content)
    with pytest.raises(RecordError, match="neither WARC nor ARC"):
        take_in(path, places)
    assert list(places.archive.iterdir()) == []
