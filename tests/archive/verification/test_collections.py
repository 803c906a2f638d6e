from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.capture import Capture
from tests.archive.sample_collections import SMALL_FILES, findings, make, reading


@pytest.fixture
def news(tmp_path: Path) -> Path:
    make(tmp_path, "abc")
    assert findings(tmp_path) == []
    return tmp_path / "news"


def warc_of(news: Path) -> Path:
    (path,) = (news / "archive").iterdir()
    return path


def captures(news: Path) -> list[Capture]:
    with reading(news.parent) as collection:
        return list(collection.captures())


def text(news: Path, pattern: str) -> Path:
    (path,) = (news / "text").glob(pattern)
    return path


def change(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


def execute(news: Path, statement: str) -> None:
    connection = sqlite3.connect(news / "catalogue.sqlite")
    with connection:
        connection.execute(statement)
    connection.close()


def found(news: Path) -> list[str]:
    """Findings without the name of the one WARC file and without record ids."""
    names = {path.name.removesuffix(".open"): "W" for path in (news / "archive").iterdir()}
    lines = findings(news.parent)
    for name, short in names.items():
        lines = [line.replace(name, short) for line in lines]
    for number, capture in enumerate(captures(news), 1):
        lines = [line.replace(capture.record_id, f"id-{number}") for line in lines]
    return lines


def test_a_clean_collection_of_several_files_has_no_finding(tmp_path: Path) -> None:
    make(tmp_path, "abcdefgh", rotation=SMALL_FILES)
    assert len(list((tmp_path / "news/archive").iterdir())) > 1
    assert findings(tmp_path) == []


def test_a_flipped_byte_is_found_wherever_it_lies_in_a_warc(news: Path) -> None:
    path = warc_of(news)
    content = path.read_bytes()
    for place in range(0, len(content), 61):
        damaged = bytearray(content)
        damaged[place] ^= 0x01
        path.write_bytes(bytes(damaged))
        # Four bytes of a gzip head are a time and two say what made it: no byte of the record hangs on them.
        in_member = place - max(offset for offset in member_starts(content) if offset <= place)
        assert findings(news.parent) != [] or 3 < in_member < 10
    path.write_bytes(content)
    assert findings(news.parent) == []


def member_starts(content: bytes) -> list[int]:
    return [
        place
        for place in range(len(content))
        if content.startswith(b"\x1f\x8b\x08\x00\x00\x00\x00\x00", place)
    ]


def test_a_file_cut_short_is_found(news: Path) -> None:
    last = captures(news)[-1]
    with warc_of(news).open("r+b") as file:
        file.truncate(last.offset + 20)
    damaged, alone, lost = found(news)
    assert damaged.startswith(f"archive/W: record at offset {last.offset}: ")
    assert alone.endswith(": it is a request, and the response to it is missing")
    assert lost == (
        f"archive/W: record at offset {last.offset}: the catalogue has a capture of {last.url} here; no whole record "
        "of it is there"
    )


def test_a_file_cut_between_two_records_is_found(news: Path) -> None:
    second, last = captures(news)[1:]
    with warc_of(news).open("r+b") as file:
        file.truncate(second.offset + second.length)
    assert [line.partition(": the catalogue has a capture of")[0] for line in found(news)] == [
        f"archive/W: record at offset {last.offset}"
    ]


def test_an_empty_file_is_found_with_all_that_was_in_it(news: Path) -> None:
    warc_of(news).write_bytes(b"")
    lines = found(news)
    assert lines[0] == "archive/W: record at offset 0: the file is neither WARC nor ARC: it is empty"
    assert len(lines) == 4


def test_a_missing_file_is_found(news: Path) -> None:
    name = warc_of(news).name
    warc_of(news).unlink()
    assert found(news) == [f"archive/{name}: the catalogue has captures in it, but the file is not there"]


def test_a_record_that_the_catalogue_lacks_is_found(news: Path) -> None:
    second = captures(news)[1]
    execute(news, "DELETE FROM captures WHERE number = 2")
    unknown, line, named = findings(news.parent)
    assert unknown.endswith(
        f": record at offset {second.offset}: the catalogue does not know this capture of {second.url}; "
        "`verify --repair` takes it in"
    )
    assert line.startswith("indexes/index.cdxj: a line stands for no capture, or stands there twice")
    assert named.endswith(f".json: its capture {second.record_id} is not what the catalogue has")


def test_a_row_without_its_record_is_found(news: Path) -> None:
    execute(news, "UPDATE captures SET offset = offset + 1 WHERE number = 3")
    lost, missing, extra, named = found(news)
    assert "the catalogue has a capture of http://news.example/c here" in lost
    assert "a capture has no line" in missing + extra
    assert "a line stands for no capture" in missing + extra
    assert named.endswith("its capture id-3 is not what the catalogue has")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("url", "x"),
        ("status", 404),
        ("mime", "a/b"),
        ("length", 7),
        ("entity_digest", "sha256:X"),
        ("record_id", "x"),
    ],
)
def test_a_row_that_says_something_else_is_found(news: Path, column: str, value: object) -> None:
    execute(news, f"UPDATE captures SET {column} = {value!r} WHERE number = 1")
    assert any(f"the catalogue has another {column} for it" in line for line in findings(news.parent))


def test_a_record_of_another_file_with_the_same_id_is_found(news: Path) -> None:
    second = captures(news)[1]
    content = warc_of(news).read_bytes()[second.offset : second.offset + second.length]
    (news / "archive" / "copy.warc.gz").write_bytes(content)
    (line,) = [line for line in findings(news.parent) if second.record_id in line]
    assert line.endswith(f"its WARC-Record-ID {second.record_id} stands on an earlier record already")


TEXT_DAMAGES: list[tuple[str, Callable[[Path], object], list[str]]] = [
    (
        "a changed text",
        lambda news: change(text(news, "001_*.txt"), b"Second", b"second"),
        ["text/{1}.txt: its bytes do not have the hash in its name"],
    ),
    (
        "a missing text",
        lambda news: text(news, "001_*.txt").unlink(),
        [
            "text/{1}.txt: the catalogue has this text: text/{1}.txt: can't be read (No such file or directory); "
            "replay the collection's WARC files with --again, which writes it anew"
        ],
    ),
    (
        "a missing JSON",
        lambda news: text(news, "001_*.json").unlink(),
        [
            "text/{1}.json: the catalogue has this text: text/{1}.json: can't be read (No such file or directory); "
            "replay the collection's WARC files with --again, which writes it anew"
        ],
    ),
    (
        "a JSON that says another headline",
        lambda news: change(text(news, "001_*.json"), b'"Headline of b"', b'"Headline of x"'),
        ["text/{1}.json: its headline is not what the catalogue has"],
    ),
    (
        "a JSON that points elsewhere",
        lambda news: change(text(news, "001_*.json"), b'"offset": ', b'"offset": 1'),
        ["text/{1}.json: its capture id-2 is not what the catalogue has"],
    ),
    (
        "a JSON that names no capture",
        lambda news: text(news, "001_*.json").write_bytes(
            json.dumps(json.loads(text(news, "001_*.json").read_bytes()) | {"captures": []}).encode()
        ),
        ["text/{1}.json: its capture id-2 is not what the catalogue has"],
    ),
    (
        "a text of nobody",
        lambda news: (news / "text" / "007_0123456789abcdef.txt").touch(),
        [
            "text/007_0123456789abcdef.txt: the catalogue does not know this text; `verify --repair` sets it aside"
        ],
    ),
    (
        "a JSON of nobody",
        lambda news: (news / "text" / "007_0123456789abcdef.json").touch(),
        [
            "text/007_0123456789abcdef.txt: the catalogue does not know this text; `verify --repair` sets it aside"
        ],
    ),
]


@pytest.mark.parametrize(
    ("damage", "expected"), [case[1:] for case in TEXT_DAMAGES], ids=[case[0] for case in TEXT_DAMAGES]
)
def test_damage_to_a_text_is_found(news: Path, damage: Callable[[Path], object], expected: list[str]) -> None:
    stem = text(news, "001_*.txt").stem
    damage(news)
    assert found(news) == [line.replace("{1}", stem) for line in expected]


def test_a_missing_index_is_found(news: Path) -> None:
    (news / "indexes/index.cdxj").unlink()
    assert found(news) == ["indexes/index.cdxj: the CDXJ index is missing; `verify --repair` writes it anew"]


def test_lines_that_are_missing_extra_doubled_or_out_of_order_are_found(news: Path) -> None:
    index = news / "indexes/index.cdxj"
    a, b, c = index.read_bytes().splitlines(keepends=True)

    def kinds(*lines: bytes) -> list[str]:
        index.write_bytes(b"".join(lines))
        return [
            line.removeprefix("indexes/index.cdxj: ").partition(" (")[0].partition(";")[0]
            for line in found(news)
        ]

    missing = "a capture has no line"
    extra = "a line stands for no capture, or stands there twice"
    assert kinds(a, b, c) == []
    assert kinds(a, c) == [missing]
    assert kinds() == [missing] * 3
    assert kinds(a, b, b, c) == [extra]
    assert kinds(a, b, c, b"zzz 2026 {}\n") == [extra]
    assert kinds(c, a, b) == ["its lines are not sorted"]
    assert kinds(a, b.replace(b"200", b"2\xff0"), c) == [missing, extra]
