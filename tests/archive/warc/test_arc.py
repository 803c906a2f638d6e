from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.warc.reader import read_record_at, read_records
from tests.archive.warc.samples import read, read_bytes

ABOUT = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n"
ABOUT_TWO = (
    b"2 0 Example\nURL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename "
    b"Archive-length\n"
)
BLOCK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>old news</p>\n"


def arc_record(url: str, block: bytes, media_type: str = "text/html", date: str = "20040301120000") -> bytes:
    return f"{url} 192.0.2.7 {date} {media_type} {len(block)}\n".encode() + block + b"\n"


def arc_two_record(url: str, block: bytes) -> bytes:
    return (
        f"{url} 192.0.2.7 20040301120000 text/html 200 abc - 0 a.arc.gz {len(block)}\n".encode()
        + block
        + b"\n"
    )


ONE = (
    arc_record("filedesc://a.arc.gz", ABOUT, "text/plain"),
    arc_record("http://news.example/a", BLOCK),
    arc_record("dns:news.example", b"20040301120000\nnews.example. IN A 192.0.2.7\n", "text/dns"),
    arc_record(
        "https://news.example/search?q=old news from 20030101000000 on", BLOCK, "text/html; charset=utf-8"
    ),
)


@pytest.mark.parametrize("form", ["plain", "gzip"])
def test_version_1_records_are_read_with_their_fields(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a.arc"
    pieces = ONE if form == "plain" else tuple(map(gzip.compress, ONE))
    path.write_bytes(b"".join(pieces))
    found = []
    for record in read_records(path, pytest.fail):
        with record.read_block() as block:
            found.append((record.type, record.target_uri, record.content_type, record.is_http_response))
            assert block.size == record.content_length
        assert record.version == "ARC/1"
        assert record.date == datetime(2004, 3, 1, 12, tzinfo=UTC)
        assert record.length == len(pieces[len(found) - 1])
        assert record.offset == sum(map(len, pieces[: len(found) - 1]))
    assert found == [
        ("warcinfo", "filedesc://a.arc.gz", "text/plain", False),
        ("response", "http://news.example/a", "text/html", True),
        ("resource", "dns:news.example", "text/dns", False),
        (
            "response",
            "https://news.example/search?q=old%20news%20from%2020030101000000%20on",
            "text/html; charset=utf-8",
            True,
        ),
    ]


def test_version_2_records_are_read_with_their_fields(tmp_path: Path) -> None:
    path = tmp_path / "two.arc"
    first = arc_two_record("filedesc://a.arc.gz", ABOUT_TWO)
    path.write_bytes(first + arc_two_record("http://news.example/with space", BLOCK))
    with read_record_at(path, len(first)) as record:
        assert record.headers == (
            ("URL", "http://news.example/with space"),
            ("IP-address", "192.0.2.7"),
            ("Archive-date", "20040301120000"),
            ("Content-type", "text/html"),
            ("Result-code", "200"),
            ("Checksum", "abc"),
            ("Location", "-"),
            ("Offset", "0"),
            ("Filename", "a.arc.gz"),
            ("Archive-length", str(len(BLOCK))),
        )
        assert (record.version, record.target_uri) == ("ARC/2", "http://news.example/with%20space")
        assert record.block.read() == BLOCK


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("200403011200", datetime(2004, 3, 1, 12, tzinfo=UTC)),
        ("201404010000000000", datetime(2014, 4, 1, tzinfo=UTC)),
        ("20049901120000", None),
    ],
)
def test_dates_of_all_lengths_are_read(tmp_path: Path, date: str, moment: datetime | None) -> None:
    path = tmp_path / "date.arc"
    path.write_bytes(arc_record("http://news.example/", BLOCK, date=date))
    assert [record.date for record in read_records(path, pytest.fail)] == [moment]


def test_blank_lines_between_records_are_passed_over(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, b"\n" + ONE[0] + b"\n\n\r\n" + ONE[1] + b"\n\n")
    assert (reading.uris, reading.damages) == (["filedesc://a.arc.gz", "http://news.example/a"], [])


@pytest.mark.parametrize("length", ["-1", "abc", "1", "9999"])
def test_a_wrong_length_is_named_and_the_next_record_is_found(tmp_path: Path, length: str) -> None:
    bad = ONE[1].replace(f" {len(BLOCK)}\n".encode(), f" {length}\n".encode())
    reading = read_bytes(tmp_path, ONE[0] + bad + ONE[2])
    assert reading.uris == ["filedesc://a.arc.gz", "dns:news.example"]
    assert [damage.offset for damage in reading.damages] == [len(ONE[0])]


def test_a_byte_flipped_anywhere_costs_one_record_at_the_most(tmp_path: Path) -> None:
    data = b"".join(ONE)
    path = tmp_path / "flipped.arc"
    path.write_bytes(data)
    good = read(path).records
    for place in range(len(ONE[0]), len(data)):
        damaged = bytearray(data)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        found = {record[0]: record for record in read(path).records}
        missing = [record for record in good if found.get(record[0]) != record]
        assert all(record[0] <= place < record[0] + record[1] for record in missing), place


def test_a_file_cut_anywhere_gives_all_records_before_the_cut(tmp_path: Path) -> None:
    data = b"".join(ONE)
    path = tmp_path / "cut.arc"
    path.write_bytes(data)
    good = read(path).records
    for size in range(len(ONE[0]), len(data)):
        path.write_bytes(data[:size])
        found = [record[2:] for record in read(path).records]
        assert found == [record[2:] for record in good if record[0] + record[1] - 1 <= size], size
