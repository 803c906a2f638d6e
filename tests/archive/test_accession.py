from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from archive.accession import take_in, take_in_all
from archive.errors import CollectionError, RecordError, WaczError
from archive.places import Places
from tests.archive.wacz.samples import WARC, patched, zipped
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


def taken_in(path: Path, places: Places) -> tuple[list[str], list[str]]:
    damages: list[WaczError] = []
    names = [taken.name for taken in take_in_all(path, places, damages.append)]
    return names, [str(damage) for damage in damages]


@pytest.mark.parametrize("deflated", [False, True])
def test_the_warcs_of_a_wacz_are_taken_over_as_files_once(
    tmp_path: Path, places: Places, deflated: bool
) -> None:
    path = zipped(
        tmp_path / "in.wacz",
        {WARC: GZIPPED, "archive/b.warc": PLAIN, "pages/pages.jsonl": b""},
        deflated=deflated,
    )
    for _ in range(2):
        assert taken_in(path, places) == (["sample.warc.gz", "b.warc"], [])
    assert {file.name: file.read_bytes() for file in places.archive.iterdir()} == {
        "sample.warc.gz": GZIPPED,
        "b.warc": PLAIN,
    }


def test_another_warc_of_the_same_name_gets_digits_of_its_digest(tmp_path: Path, places: Places) -> None:
    take_in(put(tmp_path / "one", "sample.warc.gz", GZIPPED), places)
    path = zipped(tmp_path / "in.wacz", {WARC: MEMBERS[0]})
    digits = hashlib.sha256(MEMBERS[0]).hexdigest()[:8]
    for _ in range(2):
        assert taken_in(path, places) == ([f"sample-{digits}.warc.gz"], [])
    assert len(list(places.archive.iterdir())) == 2


def test_what_is_wrong_with_one_warc_of_a_wacz_is_named_and_the_others_are_taken(
    tmp_path: Path, places: Places
) -> None:
    path = zipped(
        tmp_path / "in.wacz",
        {"archive/1.warc.gz": GZIPPED, "archive/2.warc.gz": b"no records", "archive/3.warc.gz": MEMBERS[1]},
    )
    path.write_bytes(path.read_bytes().replace(MEMBERS[2], MEMBERS[2][:-1] + b"!"))
    names, damages = taken_in(path, places)
    assert names == ["3.warc.gz"]
    assert damages[0].startswith(
        f"{path}/archive/1.warc.gz: its bytes are not those that the zip's directory"
    )
    assert damages[1].startswith(f"{path}/archive/2.warc.gz: the file is neither WARC nor ARC")
    assert [file.name for file in places.archive.iterdir()] == ["3.warc.gz"]


def test_a_wacz_that_can_not_be_read_is_an_error(tmp_path: Path, places: Places) -> None:
    path = patched(zipped(tmp_path / "in.wacz", {WARC: GZIPPED}), (b"PK\x05\x06", 0, b"XXXX"))
    with pytest.raises(WaczError, match="its zip directory can't be read"):
        taken_in(path, places)
    assert list(places.archive.iterdir()) == []


def test_a_folder_that_takes_no_warc_of_a_wacz_is_named(tmp_path: Path, places: Places) -> None:
    path = zipped(tmp_path / "in.wacz", {WARC: GZIPPED})
    places.archive.rmdir()
    with pytest.raises(
        CollectionError, match=r"sample\.warc\.gz can't be copied to .*No such file or directory"
    ):
        taken_in(path, places)
