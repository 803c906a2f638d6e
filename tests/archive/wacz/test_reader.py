from __future__ import annotations

import random
import stat
import struct
import time
import warnings
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from archive.errors import WaczError
from archive.wacz.members import Member
from archive.wacz.reader import is_zip, read_members
from archive.warc.reader import read_records
from tests.archive.wacz.samples import CENTRAL, END, LOCAL, WARC, patched, sample, zipped
from tests.archive.warc.samples import GZIPPED, MEMBERS, PLAIN, RECORDS, url


def members(path: Path) -> tuple[list[Member], list[str]]:
    damages: list[WaczError] = []
    found = read_members(path, damages.append)
    return found, [str(damage).replace(f"{path}", "IT") for damage in damages]


def test_warcs_are_read_where_they_lie(tmp_path: Path) -> None:
    path = sample(tmp_path / "a.wacz")
    ((member,), damages) = members(path)
    assert damages == []
    assert (member.name, member.path, member.deflated) == ("sample.warc.gz", path / WARC, False)
    assert b"".join(member.pieces()) == GZIPPED
    records = []
    for record in read_records(
        member.path, lambda damage: pytest.fail(str(damage)), opener=lambda _: member.open()
    ):
        record.read_block().close()
        records.append((record.offset, record.length, record.target_uri))
    starts = [0, len(MEMBERS[0]), len(MEMBERS[0]) + len(MEMBERS[1])]
    names = ("one", "two-two", "three")
    assert records == [
        (start, len(packed), url(name)) for start, packed, name in zip(starts, MEMBERS, names, strict=True)
    ]


def test_a_stretch_can_be_sought_in_and_ends_where_the_entry_does(tmp_path: Path) -> None:
    ((member,), _) = members(zipped(tmp_path / "a.wacz", {"archive/a.warc": PLAIN, "pages/b": b"behind it"}))
    with member.open() as file:
        assert file.seek(len(RECORDS[0])) == len(RECORDS[0])
        assert file.read(8) == PLAIN[len(RECORDS[0]) :][:8]
        assert file.seek(-4, 2) == len(PLAIN) - 4
        assert file.read() == PLAIN[-4:]
        assert file.read() == b""
        file.seek(len(PLAIN) + 9)
        assert file.read() == b""


def test_deflated_warcs_are_read_too(tmp_path: Path) -> None:
    ((member,), damages) = members(zipped(tmp_path / "a.wacz", {"archive/a.warc": PLAIN}, deflated=True))
    assert (damages, member.deflated) == ([], True)
    with member.open() as file:
        assert file.read() == PLAIN


def test_files_that_are_no_warcs_are_passed_over_and_folders_below_the_archive_are_looked_into(
    tmp_path: Path,
) -> None:
    path = zipped(
        tmp_path / "a.wacz",
        {
            "archive/": b"",
            "archive/note.txt": b"",
            "archive/sub/b.warc.gz": GZIPPED,
            "other/c.warc.gz": GZIPPED,
        },
    )
    found, damages = members(path)
    assert ([member.name for member in found], damages) == (["b.warc.gz"], [])


@pytest.mark.parametrize(
    "name",
    [
        "../evil.warc.gz",
        "archive/../../evil.warc.gz",
        "/archive/evil.warc.gz",
        "archive/..\\evil.warc.gz",
        "C:/archive/evil.warc.gz",
        "archive/evil\n.warc.gz",
        f"archive/{'e' * 300}.warc.gz",
    ],
)
def test_names_that_lead_out_are_named_and_left_out(tmp_path: Path, name: str) -> None:
    found, damages = members(zipped(tmp_path / "a.wacz", {name: GZIPPED, WARC: GZIPPED}))
    assert [member.name for member in found] == ["sample.warc.gz"]
    assert damages == [
        f"IT: 1 of its entries have names that lead out of it or fit no disk, such as {name[:200]!r}; they are left out"
    ]


def test_a_name_that_comes_twice_is_ambiguous_and_left_out(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = zipped(
            tmp_path / "a.wacz", [(WARC, GZIPPED), ("archive/b.warc.gz", GZIPPED), (WARC, MEMBERS[0])]
        )
    found, damages = members(path)
    assert [member.name for member in found] == ["b.warc.gz"]
    assert damages == [f"IT/{WARC}: the zip file has this name more than once; it is left out"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([(CENTRAL, 8, b"\x01\x00")], "it is encrypted"),
        ([(CENTRAL, 38, struct.pack("<I", (stat.S_IFLNK | 0o777) << 16))], "it is a symbolic link"),
        ([(CENTRAL, 10, b"\x0c\x00")], "it is neither stored nor deflated"),
        ([(CENTRAL, 24, struct.pack("<I", 1 << 31))], "it is neither stored nor deflated"),
        (
            [(CENTRAL, 10, b"\x08\x00"), (CENTRAL, 24, struct.pack("<I", 10_000_000_00))],
            "a zip bomb; it is not read",
        ),
        ([(LOCAL, 0, b"XXXX")], "it does not begin where the zip's directory says"),
        ([(LOCAL, 28, b"\xff\xff")], "it reaches into the zip's directory"),
    ],
)
def test_an_entry_that_is_not_what_it_should_be_is_named_and_left_out(
    tmp_path: Path, changes: list[tuple[bytes, int, bytes]], said: str
) -> None:
    path = zipped(tmp_path / "a.wacz", {"archive/good.warc.gz": GZIPPED, WARC: GZIPPED})
    found, damages = members(patched(path, *changes))
    assert [member.name for member in found] == ["good.warc.gz"]
    (damage,) = damages
    assert damage.startswith(f"IT/{WARC}: ")
    assert said in damage


def test_bytes_that_are_not_those_of_the_directory_are_found_out(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.wacz", {WARC: GZIPPED})
    content = path.read_bytes()
    path.write_bytes(content.replace(GZIPPED, GZIPPED[:-1] + b"!"))
    ((member,), _) = members(path)
    with pytest.raises(WaczError, match="not those that the zip's directory tells of"):
        list(member.pieces())


@pytest.mark.parametrize("size", [10, 5_000_000])
def test_what_inflates_to_another_size_than_said_ends_there(tmp_path: Path, size: int) -> None:
    path = zipped(tmp_path / "a.wacz", {"archive/a.warc": b"a" * 1_000_000}, deflated=True)
    ((member,), _) = members(patched(path, (CENTRAL, 24, struct.pack("<I", size))))
    pieces = []
    with pytest.raises(WaczError, match="not those that the zip's directory tells of"):
        pieces.extend(member.pieces())
    assert sum(map(len, pieces)) <= size


def test_what_can_not_be_inflated_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.wacz", {"archive/a.warc": PLAIN}, deflated=True)
    packed = zlib.compress(PLAIN)[2:20]
    content = path.read_bytes()
    assert packed in content
    path.write_bytes(content.replace(packed, b"\xff" * len(packed)))
    ((member,), _) = members(path)
    with pytest.raises(WaczError, match="can't be inflated"):
        member.open()


def test_a_bomb_of_entries_that_share_their_bytes_is_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.wacz", {f"archive/{number}.warc.gz": GZIPPED for number in range(3)})
    patched(path, (CENTRAL, 42, struct.pack("<I", 0)))
    with pytest.raises(WaczError, match=r"its entries overlap at 'archive/0\.warc\.gz': a zip bomb"):
        members(path)


@pytest.mark.parametrize("kept", [3, 40, -1, -30])
def test_a_file_that_is_cut_short_is_named(tmp_path: Path, kept: int) -> None:
    path = sample(tmp_path / "a.wacz")
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(WaczError, match="its zip directory can't be read"):
        members(path)


def test_a_directory_of_any_length_is_not_read(tmp_path: Path) -> None:
    path = sample(tmp_path / "a.wacz")
    content = path.read_bytes()
    with path.open("wb") as file:
        file.seek(3_000_000_000)  # a hole, so that a directory of this length can be there
        file.write(content[content.index(CENTRAL) :])
        file.seek(-10, 2)
        file.write(struct.pack("<II", 2_900_000_000, 0))
    with pytest.raises(WaczError, match="said to be 2900000000 bytes long"):
        members(path)


def test_a_directory_of_a_hundred_thousand_entries_takes_bounded_time_and_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.wacz"
    entry = struct.pack("<4s6H3I5H2I", CENTRAL, *([0] * 9), 1, *([0] * 6)) + b"a"
    count = (8 << 20) // len(entry)
    directory = entry * count
    path.write_bytes(
        LOCAL + bytes(26) + directory + struct.pack("<4s4H2IH", END, 0, 0, 0, 0, len(directory), 30, 0)
    )
    began = time.process_time()
    with pytest.raises(WaczError, match="its entries overlap"):
        members(path)
    assert time.process_time() - began < 20


def test_sizes_of_zip64_that_no_file_can_have_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    extra = struct.pack("<HHQQ", 1, 16, 1 << 62, 1 << 62)  # APPNOTE 4.5.3
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("archive/good.warc.gz", GZIPPED)
        info = zipfile.ZipInfo(WARC)
        info.extra = struct.pack("<HHQQ", 0x9999, 16, 1 << 62, 1 << 62)
        out.writestr(info, GZIPPED)
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<HHQQ", 0x9999, 16, 1 << 62, 1 << 62), extra))
    patched(path, (CENTRAL, 20, b"\xff" * 8))
    with pytest.raises(WaczError, match="its entries overlap"):
        members(path)


def test_a_description_of_any_size_is_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.wacz", {WARC: GZIPPED, "datapackage.json": bytes(300 << 20)}, deflated=True)
    began = time.process_time()
    found, damages = members(path)
    assert ([member.name for member in found], damages) == (["sample.warc.gz"], [])
    assert time.process_time() - began < 1


def test_a_zip_file_of_another_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(WaczError, match=r"a zip file without a folder archive/, and so no WACZ file"):
        members(zipped(tmp_path / "letter.docx", {"word/document.xml": b""}))
    with pytest.raises(WaczError, match=r"a zip file without a folder archive/, and so no WACZ file"):
        members(zipped(tmp_path / "empty.wacz", {}))


def test_a_zip_file_is_known_by_its_first_bytes_or_its_name(tmp_path: Path) -> None:
    named = tmp_path / "empty.wacz"
    named.write_bytes(b"")
    assert [is_zip(path) for path in (sample(tmp_path / "x"), named, tmp_path, tmp_path / "none.wacz")] == [
        True,
        True,
        False,
        False,
    ]
    plain = tmp_path / "a.warc"
    plain.write_bytes(PLAIN)
    assert not is_zip(plain)
    assert zipfile.is_zipfile(tmp_path / "x")


def test_whatever_bytes_are_flipped_or_cut_the_error_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.wacz", {"archive/a.warc": PLAIN, "archive/b.warc.gz": GZIPPED}, deflated=True)
    whole = path.read_bytes()
    chance = random.Random(5)
    read = 0
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(whole) - 300, len(whole))] = chance.choice(
                (0, 255, chance.randrange(256))
            )
        path.write_bytes(content if chance.random() < 0.8 else content[: chance.randrange(len(content))])
        with suppress(WaczError):
            for member in members(path)[0]:
                list(member.pieces())
                read += 1
    assert read


def test_places_before_the_beginning_are_named(tmp_path: Path) -> None:
    path = sample(tmp_path / "a.wacz")
    content = path.read_bytes()
    begins = content.index(CENTRAL)
    path.write_bytes(content[begins:])  # as if the entries had been cut off
    with pytest.raises(WaczError, match="a place before its beginning"):
        members(path)
