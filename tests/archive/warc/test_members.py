from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from pathlib import Path

from archive.warc.reader import read_records
from tests.archive.warc.samples import (
    GZIPPED,
    HTTP,
    MEMBERS,
    PLAIN,
    RECORDS,
    Reading,
    page,
    read_bytes,
    url,
    warc_record,
    whole,
)


def member(data: bytes, *, name: bytes = b"", extra: bytes = b"") -> bytes:
    """A gzip member with the optional header fields of RFC 1952 2.3.1."""
    flags = (8 if name else 0) | (4 if extra else 0)
    header = b"\x1f\x8b\x08" + bytes([flags]) + bytes(6)
    if extra:
        header += len(extra).to_bytes(2, "little") + extra
    if name:
        header += name + b"\0"
    encoder = zlib.compressobj(wbits=-15)
    body = encoder.compress(data) + encoder.flush()
    return header + body + zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")


def test_gzip_is_told_by_its_content_and_not_by_the_name(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, GZIPPED, "a.warc") == Reading(whole(MEMBERS))
    assert read_bytes(tmp_path, PLAIN, "a.warc.gz") == Reading(whole(RECORDS))


def test_members_with_names_and_extra_fields_are_read(tmp_path: Path) -> None:
    pieces = tuple(member(record, name=b"a.warc", extra=b"sl\x08\0" + bytes(8)) for record in RECORDS)
    assert read_bytes(tmp_path, b"".join(pieces)) == Reading(whole(pieces))


def test_a_record_in_several_members_is_put_together(tmp_path: Path) -> None:
    for size in (40, 100, 300, len(RECORDS[0]) - 5):
        pieces = tuple(
            b"".join(gzip.compress(record[a : a + size]) for a in range(0, len(record), size))
            for record in RECORDS
        )
        reading = read_bytes(tmp_path, b"".join(pieces))
        assert [record[2:] for record in reading.records] == [record[2:] for record in whole(RECORDS)]


def test_a_record_in_two_members_has_the_length_of_both(tmp_path: Path) -> None:
    pieces = tuple(gzip.compress(record[:290]) + gzip.compress(record[290:]) for record in RECORDS)
    assert read_bytes(tmp_path, b"".join(pieces)) == Reading(whole(pieces))


def test_empty_members_are_passed_over(tmp_path: Path) -> None:
    empty = gzip.compress(b"")
    reading = read_bytes(tmp_path, empty + MEMBERS[0] + empty + empty + MEMBERS[1] + empty)
    assert (reading.uris, reading.damages) == ([url("one"), url("two-two")], [])


def test_members_of_all_sizes_keep_their_offsets(tmp_path: Path) -> None:
    chance = random.Random(3)
    blocks = [HTTP + chance.randbytes(chance.choice((0, 10, 5_000, 40_000, 700_000))) for _ in range(60)]
    pieces = [gzip.compress(warc_record(url(str(number)), block)) for number, block in enumerate(blocks)]
    reading = read_bytes(tmp_path, b"".join(pieces))
    offsets = [sum(map(len, pieces[:number])) for number in range(len(pieces))]
    assert reading == Reading(
        [
            (offset, len(piece), url(str(number)), block)
            for number, (offset, piece, block) in enumerate(zip(offsets, pieces, blocks, strict=True))
        ]
    )


def test_a_gzip_member_in_a_block_is_not_taken_for_a_record_after_damage(tmp_path: Path) -> None:
    inner = HTTP + gzip.compress(b"no record at all" * 50) + random.Random(1).randbytes(5000)
    damaged = bytearray(gzip.compress(warc_record(url("a"), inner), compresslevel=0))
    damaged[-3] ^= 1
    reading = read_bytes(tmp_path, bytes(damaged) + MEMBERS[0])
    assert reading.uris == [url("one")]
    assert [damage.offset for damage in reading.damages] == [0]


def test_several_damaged_members_in_a_row_are_left_behind(tmp_path: Path) -> None:
    damaged = bytearray(MEMBERS[1])
    damaged[len(damaged) // 2] ^= 0xFF
    reading = read_bytes(tmp_path, MEMBERS[0] + bytes(damaged) * 3 + MEMBERS[2])
    assert reading.uris == [url("one"), url("three")]
    assert 1 <= len(reading.damages) <= 3


def test_large_records_are_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.warc.gz"
    size = 64 << 20
    record = warc_record(url("large"), HTTP, length=len(HTTP) + size)[:-4]
    encoder = zlib.compressobj(1, wbits=31)
    with path.open("wb") as file:
        file.write(encoder.compress(record))
        for _ in range(size >> 20):
            file.write(encoder.compress(bytes(1 << 20)))
        file.write(encoder.compress(b"\r\n\r\n") + encoder.flush())
        file.write(MEMBERS[0])
    tracemalloc.start()
    sizes = [sum(map(len, record.block.pieces())) for record in read_records(path, lambda _: None)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sizes == [len(HTTP) + size, len(page("one"))]
    assert peak < 4 << 20
