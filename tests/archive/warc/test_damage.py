"""Every damage that was tried on the checkers in use, and damage at every byte of a small file."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from archive.errors import RecordError
from tests.archive.warc.samples import (
    GZIPPED,
    MEMBERS,
    PLAIN,
    RECORDS,
    page,
    read,
    read_bytes,
    url,
    warc_record,
    whole,
)

FORMS = {"plain": (PLAIN, RECORDS), "gzip": (GZIPPED, MEMBERS)}
LAST = len(GZIPPED) - len(MEMBERS[-1])


def test_a_cut_last_member_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, GZIPPED[:-40])
    assert reading.records == whole(MEMBERS)[:2]
    assert reading.problems == [
        ("RecordError", LAST, f"the gzip member at offset {LAST} is cut short: the file ends within it")
    ]


def test_the_last_eight_bytes_lost_are_named(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, GZIPPED[:-8])
    assert reading.records == whole(MEMBERS)[:2]
    assert reading.problems == [
        ("RecordError", LAST, f"the gzip member at offset {LAST} is cut short: the file ends within it")
    ]


def test_a_cut_plain_file_is_named_with_what_is_there(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, PLAIN[:-40], "sample.warc")
    size = len(page("three"))
    assert reading.records == whole(RECORDS)[:2]
    assert reading.problems == [
        (
            "RecordError",
            len(PLAIN) - len(RECORDS[-1]),
            f"it is cut short: {size - 36} of {size} bytes are there",
        )
    ]


def test_a_flipped_byte_is_named_and_the_next_record_is_read(tmp_path: Path) -> None:
    damaged = bytearray(GZIPPED)
    place = len(MEMBERS[0]) + len(MEMBERS[1]) // 2
    damaged[place] ^= 0x10
    reading = read_bytes(tmp_path, bytes(damaged))
    assert reading.records == [whole(MEMBERS)[0], whole(MEMBERS)[2]]
    assert [(damage.offset, type(damage)) for damage in reading.damages] == [(len(MEMBERS[0]), RecordError)]
    assert "is damaged" in str(reading.damages[0])
    assert str(tmp_path / "sample.warc.gz") in str(reading.damages[0])


def test_a_wrong_checksum_is_named_though_all_bytes_are_there(tmp_path: Path) -> None:
    damaged = bytearray(GZIPPED)
    damaged[len(MEMBERS[0]) - 8] ^= 1
    reading = read_bytes(tmp_path, bytes(damaged))
    assert reading.records == whole(MEMBERS)[1:]
    assert [damage.offset for damage in reading.damages] == [0]


def test_one_gzip_member_for_all_is_read_and_named_once(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, gzip.compress(PLAIN))
    assert [(offset, length) for offset, length, _, _ in reading.records] == [(0, 0)] * 3
    assert [record[2:] for record in reading.records] == [record[2:] for record in whole(RECORDS)]
    assert reading.problems == [
        (
            "RecordWarning",
            0,
            "it shares its gzip member with the next one, so no record of this file can be read by its "
            "offset; compress the file anew, one member a record",
        )
    ]


def test_a_record_without_a_date_or_with_two_is_read(tmp_path: Path) -> None:
    without = RECORDS[0].replace(b"WARC-Date: 2026-03-01T12:00:00.250000Z\r\n", b"")
    twice = RECORDS[1].replace(b"WARC-Date:", b"WARC-Date: 2001-01-01T00:00:00Z\r\nWARC-Date:")
    reading = read_bytes(tmp_path, without + twice, "sample.warc")
    assert reading.records == whole((without, twice), ("one", "two-two"))
    assert reading.damages == []


@pytest.mark.parametrize("wrong", [-400, -7, -1, 1, 2, 3, 5, 6, 7, 9, 60, 250, 10_000])
@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_content_length_is_named_and_the_next_record_is_found(
    tmp_path: Path, form: str, wrong: int
) -> None:
    bad = warc_record(url("two-two"), page("two-two"), length=len(page("two-two")) + wrong)
    pieces: tuple[bytes, ...] = (RECORDS[0], bad, RECORDS[2])
    if form == "gzip":
        pieces = tuple(map(gzip.compress, pieces))
    reading = read_bytes(tmp_path, b"".join(pieces))
    good = whole(pieces)
    assert [record for record in reading.records if record[2] != url("two-two")] == [good[0], good[2]]
    assert [damage.offset for damage in reading.damages] == [len(pieces[0])]


@pytest.mark.parametrize("line_ends", [b"", b"\r\n", b"\n", b"\r\n\r\n\r\n", b"\n\n\n\n\n"])
@pytest.mark.parametrize("form", FORMS)
def test_other_than_two_line_ends_after_a_block_are_named_but_lose_nothing(
    tmp_path: Path, form: str, line_ends: bytes
) -> None:
    pieces: tuple[bytes, ...] = (RECORDS[0][:-4] + line_ends, *RECORDS[1:])
    if form == "gzip":
        pieces = tuple(map(gzip.compress, pieces))
    reading = read_bytes(tmp_path, b"".join(pieces))
    assert reading.records == whole(pieces)
    assert reading.problems == [
        ("RecordWarning", 0, f"its block is followed by {line_ends!r} instead of two line ends")
    ]


def test_rubbish_between_gzip_members_is_named(tmp_path: Path) -> None:
    rubbish = b"\x1f\x8b\x08 rubbish" * 30
    reading = read_bytes(tmp_path, MEMBERS[0] + rubbish + MEMBERS[1])
    assert reading.uris == [url("one"), url("two-two")]
    assert [damage.offset for damage in reading.damages] == [len(MEMBERS[0])]


def test_rubbish_between_plain_records_is_named(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, RECORDS[0] + b"rubbish\r\nWARC/1.0 is a format\r\n" + RECORDS[1])
    assert reading.uris == [url("two-two")]
    assert [damage.offset for damage in reading.damages] == [0]


def test_zeros_after_the_last_member_are_padding(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, GZIPPED + bytes(1_000_000))
    assert (reading.records, reading.damages) == (whole(MEMBERS), [])
    reading = read_bytes(tmp_path, GZIPPED + bytes(2))
    assert (reading.records, reading.damages) == (whole(MEMBERS), [])


def test_a_header_that_never_ends_is_named(tmp_path: Path) -> None:
    endless = b"WARC/1.1\r\nWARC-Type: response\r\n" + b"X-Filler: 0123456789\r\n" * 100_000
    for data in (
        RECORDS[0] + endless + b"\r\n\r\n" + RECORDS[1],
        MEMBERS[0] + gzip.compress(endless) + MEMBERS[1],
    ):
        reading = read_bytes(tmp_path, data)
        assert reading.uris == [url("one"), url("two-two")]
        assert [damage.problem for damage in reading.damages] == [
            "its header is cut short, or longer than any record's should be"
        ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"", "it has no Content-Length, so its end is unknown"),
        (b"-1", "it has the Content-Length '-1', so its end is unknown"),
        (b"12x", "it has the Content-Length '12x', so its end is unknown"),
        (b"9" * 30, f"it has the Content-Length '{'9' * 30}', so its end is unknown"),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_length_that_is_none_is_named(tmp_path: Path, form: str, value: bytes, said: str) -> None:
    bad = RECORDS[1].replace(b"Content-Length: %d" % len(page("two-two")), b"Content-Length: " + value)
    pieces: tuple[bytes, ...] = (RECORDS[0], bad, RECORDS[2])
    if form == "gzip":
        pieces = tuple(map(gzip.compress, pieces))
    reading = read_bytes(tmp_path, b"".join(pieces))
    assert reading.uris == [url("one"), url("three")]
    assert reading.problems == [("RecordError", len(pieces[0]), said)]


def read_or_refuse(path: Path) -> list[tuple[int, int, str | None, bytes]]:
    try:
        return read(path).records
    except RecordError as damage:
        if "neither WARC nor ARC" not in damage.problem:
            raise
        return []


@pytest.mark.parametrize("form", FORMS)
def test_a_file_cut_anywhere_gives_all_records_before_the_cut(tmp_path: Path, form: str) -> None:
    data, pieces = FORMS[form]
    path = tmp_path / "cut.warc"
    for size in range(len(data)):
        path.write_bytes(data[:size])
        complete = [record for record in whole(pieces) if record[0] + record[1] <= size]
        found = read_or_refuse(path)
        if form == "plain" and len(found) > len(complete):  # only line ends after its block are lost
            found[-1] = whole(pieces)[len(found) - 1]
            complete = [record for record in whole(pieces) if record[0] + record[1] - 4 <= size]
        assert found == complete, size


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(3))
def test_a_byte_flipped_anywhere_costs_one_record_at_the_most(tmp_path: Path, form: str, seed: int) -> None:
    data, pieces = FORMS[form]
    path = tmp_path / "flipped.warc"
    chance = random.Random(seed)
    good = whole(pieces)
    for place in range(len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 1 << chance.randrange(8) if seed else 0xFF
        path.write_bytes(damaged)
        hit = next(record for record in good if record[0] <= place < record[0] + record[1])
        found = {record[0]: record for record in read_or_refuse(path)}
        for record in good:
            if record is not hit:
                assert found.get(record[0]) == record, (place, damaged[place])
        assert len(found) <= len(good)


@pytest.mark.parametrize("form", FORMS)
def test_a_stretch_lost_anywhere_never_breaks_the_reader(tmp_path: Path, form: str) -> None:
    data, _ = FORMS[form]
    path = tmp_path / "lost.warc"
    chance = random.Random(9)
    for _ in range(400):
        start = chance.randrange(len(data))
        damaged = data[:start] + chance.randbytes(chance.randrange(9)) + data[start + chance.randrange(400) :]
        path.write_bytes(damaged)
        read_or_refuse(path)
