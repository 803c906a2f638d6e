from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import RecordError
from archive.warc.reader import read_record_at, read_records
from archive.warc.record import Record, parse_date
from tests.archive.warc.samples import MEMBERS, RECORDS, page, url, warc_record


def first(folder: Path, data: bytes) -> Record:
    """The first record of a file with those bytes, its block read."""
    path = folder / "first.warc"
    path.write_bytes(data)
    record = read_record_at(path, 0)
    record.read_block().close()
    return record


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2026-03-04T05:06Z", datetime(2026, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-03-04T05:06:07Z", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2026-03-04T05:06:07", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2026-03-04T05:06:07.5Z", datetime(2026, 3, 4, 5, 6, 7, 500_000, tzinfo=UTC)),
        ("2026-03-04T05:06:07.123456789Z", datetime(2026, 3, 4, 5, 6, 7, 123_456, tzinfo=UTC)),
        ("2026-03-04T05:06:07+02:00", datetime(2026, 3, 4, 3, 6, 7, tzinfo=UTC)),
        ("2026-13-04T05:06:07Z", None),
        ("2026-W10", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_in_every_form_of_the_standard(text: str, moment: datetime | None) -> None:
    assert parse_date(text) == moment


def test_a_record_gives_its_fields(tmp_path: Path) -> None:
    record = first(tmp_path, RECORDS[0])
    assert (record.path, record.offset, record.length) == (tmp_path / "first.warc", 0, len(RECORDS[0]))
    assert (record.version, record.type) == ("WARC/1.1", "response")
    assert record.record_id == "<urn:uuid:00000000-0000-4000-8000-000000000017>"
    assert record.date == datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
    assert record.target_uri == url("one")
    assert record.content_type == "application/http; msgtype=response"
    assert record.content_length == len(page("one"))
    assert record.is_http_response


def test_headers_keep_order_case_and_repeats(tmp_path: Path) -> None:
    data = warc_record(url("a"), b"x", fields=(b"X-a: 1", b"warc-date: 2001-01-01T00:00:00Z", b"x-A:2"))
    record = first(tmp_path, data)
    assert [name for name, _ in record.headers] == [
        "WARC-Type",
        "WARC-Record-ID",
        "WARC-Date",
        "WARC-Target-URI",
        "Content-Type",
        "X-a",
        "warc-date",
        "x-A",
        "Content-Length",
    ]
    assert record.get("x-a") == "1"
    assert record.get_all("X-A") == ["1", "2"]
    assert record.get("missing") is None
    assert record.get_all("WARC-Date") == ["2026-03-01T12:00:00.250000Z", "2001-01-01T00:00:00Z"]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r\r\n"])
def test_any_line_end_is_read(tmp_path: Path, line_end: bytes) -> None:
    path = tmp_path / "ends.warc"
    path.write_bytes(warc_record(url("a"), b"one", line_end=line_end) + RECORDS[1])
    records = [
        (record.target_uri, record.version, record.block.read()) for record in read_records(path, pytest.fail)
    ]
    assert records == [(url("a"), "WARC/1.1", b"one"), (url("two-two"), "WARC/1.1", page("two-two"))]


def test_folded_lines_and_lines_without_a_colon_are_kept(tmp_path: Path) -> None:
    fields = (b"X-Note: one", b" two", b"\tthree", b"stray line")
    record = first(tmp_path, warc_record(url("a"), b"x", fields=fields))
    assert record.headers[-3:] == (("X-Note", "one two three"), ("stray line", ""), ("Content-Length", "1"))


def test_header_text_is_utf_8_or_else_latin_1(tmp_path: Path) -> None:
    utf_8 = first(tmp_path, warc_record(url("عربي"), b"x", fields=("X-Name: é".encode(),)))
    assert (utf_8.target_uri, utf_8.get("X-Name")) == (url("عربي"), "é")
    mixed = first(tmp_path, warc_record(url("عربي"), b"x", fields=("X-Name: é".encode("latin-1"),)))
    assert (mixed.target_uri, mixed.get("X-Name")) == (url("عربي"), "é")


@pytest.mark.parametrize(
    ("given", "tidy"),
    [
        ("<http://news.example/>", "http://news.example/"),
        ("http://news.example/a b c", "http://news.example/a%20b%20c"),
        ("<urn:x>", "urn:x"),
    ],
)
def test_target_uris_are_tidied(tmp_path: Path, given: str, tidy: str) -> None:
    record = first(tmp_path, warc_record(given, b"x"))
    assert (record.target_uri, record.get("WARC-Target-URI")) == (tidy, given)


@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1", "WARC/0.18", "WARC/2.0"])
def test_every_version_of_the_format_is_read(tmp_path: Path, version: str) -> None:
    assert first(tmp_path, warc_record(url("a"), b"x", version=version)).version == version


@pytest.mark.parametrize(
    ("kind", "media_type", "block", "is_response"),
    [
        ("response", b"application/http; msgtype=response", b"x", True),
        ("response", b"Application/HTTP;msgtype=response", b"x", True),
        ("response", b"text/dns", b"x", False),
        ("response", b"application/http", b"", False),
        ("revisit", b"application/http", b"x", True),
        ("revisit", b"application/http", b"", False),
        ("request", b"application/http", b"x", False),
        ("resource", b"text/html", b"x", False),
    ],
)
def test_http_responses_are_told_from_other_records(
    tmp_path: Path, kind: str, media_type: bytes, block: bytes, is_response: bool
) -> None:
    data = warc_record(url("a"), block, kind=kind)
    data = data.replace(b"application/http; msgtype=response", media_type)
    assert first(tmp_path, data).is_http_response is is_response


def test_a_block_is_read_in_pieces_of_any_size(tmp_path: Path) -> None:
    path = tmp_path / "pieces.warc.gz"
    block = bytes(range(256)) * 5000
    path.write_bytes(gzip.compress(warc_record(url("a"), block)))
    for size in (1, 999, 300_000):
        with read_record_at(path, 0) as record:
            parts = [record.block.read(size) for _ in range(5)]
            assert list(map(len, parts)) == [size] * 4 + [min(size, len(block) - 4 * size)]
            assert b"".join(parts) + record.block.read() == block
            assert record.block.read(size) == record.block.read() == b""


def test_a_limit_keeps_the_first_bytes_and_still_checks_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "limit.warc"
    path.write_bytes(RECORDS[0] + RECORDS[1][:-60])
    whole, cut = read_records(path, lambda _: None), []
    for record in whole:
        try:
            with record.read_block(10) as spool:
                cut.append((spool.getvalue(), record.length))
        except RecordError as damage:
            cut.append((str(damage).encode(), damage.offset))
    size = len(page("two-two"))
    said = (
        f"{path}: record at offset {len(RECORDS[0])}: it is cut short: {size - 56} of {size} bytes are there"
    )
    assert cut == [(page("one")[:10], len(RECORDS[0])), (said.encode(), len(RECORDS[0]))]


def test_a_record_found_damaged_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "damaged.warc.gz"
    path.write_bytes(MEMBERS[0][:-90] + MEMBERS[1])
    for record in read_records(path, lambda _: None):
        if record.target_uri == url("one"):
            with pytest.raises(RecordError) as raised:
                record.read_block()
            for again in (record.read_block, record.block.read, record.end):
                with pytest.raises(RecordError) as repeated:
                    again()
                assert repeated.value is raised.value
