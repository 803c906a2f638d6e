from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.errors import CollectionError
from archive.text.names import TextName
from archive.text.store import TextStore

NAME = TextName(0, "0123456789abcdef")
RECORD = {"headline": "عنوان", "standfirst": None, "captures": [{"record_id": "<urn:uuid:1>"}]}


def test_a_text_and_its_json_are_read_as_they_were_written(tmp_path: Path) -> None:
    store = TextStore(tmp_path)
    store.write({NAME: b"a text\n"}, {NAME: RECORD})
    store.sync()
    assert store.read(NAME) == b"a text\n"
    assert store.read_record(NAME) == RECORD
    assert "عنوان" in store.record_path(NAME).read_text(encoding="utf-8")
    assert (store.holds(NAME, b"a text\n"), store.holds(NAME, b"a")) == (True, False)
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME.json, NAME.text]


def test_what_a_kill_left_half_written_is_removed_and_no_name(tmp_path: Path) -> None:
    store = TextStore(tmp_path)
    store.write({NAME: b"a"}, {NAME: RECORD})
    (tmp_path / f"{NAME.text}.tmp").write_bytes(b"half")
    (tmp_path / "notes_of_mine.txt").write_bytes(b"mine")
    assert list(store.names()) == [NAME]
    store.remove_unfinished()
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME.json, NAME.text, "notes_of_mine.txt"]


def test_a_json_whose_text_is_missing_is_a_text_too(tmp_path: Path) -> None:
    store = TextStore(tmp_path)
    store.write({NAME: b"a"}, {NAME: RECORD})
    store.path(NAME).unlink()
    assert list(store.names()) == [NAME]
    store.remove(NAME)
    store.remove(NAME)
    assert list(tmp_path.iterdir()) == []


def test_texts_are_found_by_when_they_were_written(tmp_path: Path) -> None:
    store = TextStore(tmp_path)
    later = TextName(1, "0123456789abcdef")
    for name, moment in ((NAME, 100.0), (later, 200.0)):
        store.write({name: b"a"}, {name: RECORD})
        os.utime(store.record_path(name), (moment, moment))
    assert list(store.written_since(150.0)) == [later]


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b"{}", b'{"standfirst":1,"captures":[1]}', b"\xff"]
)
def test_json_that_is_none_of_a_text_is_named(tmp_path: Path, content: bytes | None) -> None:
    store = TextStore(tmp_path)
    if content is not None:
        store.record_path(NAME).write_bytes(content)
    with pytest.raises(
        CollectionError, match=r"000_0123456789abcdef\.json: can't be read .*; replay the collection's"
    ):
        store.read_record(NAME)


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path) -> None:
    store = TextStore(tmp_path / "none")
    with pytest.raises(CollectionError, match=r"000_0123456789abcdef\.txt: can't be written"):
        store.write({NAME: b"a"}, {NAME: RECORD})
    with pytest.raises(CollectionError, match=r"000_0123456789abcdef\.txt: can't be read"):
        store.read(NAME)


def test_many_texts_are_written_at_once(tmp_path: Path) -> None:
    store = TextStore(tmp_path)
    contents = {TextName(number, f"{number:016x}"): b"text %d\n" % number for number in range(100)}
    store.write(contents, dict.fromkeys(contents, RECORD))
    store.write({}, {})
    assert {name: store.read(name) for name in store.names()} == contents
    assert all(store.read_record(name) == RECORD for name in contents)
    assert len(list(tmp_path.iterdir())) == 200
