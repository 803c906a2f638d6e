from __future__ import annotations

import base64
import gzip
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.verification.findings import Finding, Tally
from archive.verification.references import References
from archive.verification.warcs import verify_warc
from tests.archive.warc.samples import GZIPPED, MEMBERS, PLAIN, page, url, warc_record

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKED_BODY = b"5\r\nhello\r\n0\r\n\r\n"


def verify(*paths: Path, complete: bool = False) -> list[Finding]:
    with References(complete=complete) as references:
        found = [finding for path in paths for finding in verify_warc(path, Tally(), references, now=NOW)]
        return found + list(references.findings())


def verify_bytes(folder: Path, content: bytes, name: str = "a.warc") -> list[tuple[int | None, str, bool]]:
    path = folder / name
    path.write_bytes(content)
    return [(finding.offset, finding.problem, finding.damage) for finding in verify(path)]


def sha1(data: bytes) -> bytes:
    return b"sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest())


def payload_digest(value: bytes) -> tuple[bytes, ...]:
    return (b"WARC-Payload-Digest: " + value,)


@pytest.mark.parametrize(("name", "content"), [("a.warc", PLAIN), ("a.warc.gz", GZIPPED)])
def test_a_sound_file_has_no_finding_and_is_counted(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    tally = Tally()
    with References() as references:
        assert list(verify_warc(tmp_path / name, tally, references)) == []
        assert list(references.findings()) == []
    assert (tally.files, tally.records) == (1, 3)


def test_a_flipped_byte_in_any_member_is_found_at_its_offset(tmp_path: Path) -> None:
    for number, member in enumerate(MEMBERS):
        begin = sum(map(len, MEMBERS[:number]))
        damaged = bytearray(GZIPPED)
        damaged[begin + len(member) // 2] ^= 0x10
        found = verify_bytes(tmp_path, bytes(damaged), "a.warc.gz")
        assert [(offset, damage) for offset, _, damage in found] == [(begin, True)]


def test_a_file_cut_short_is_found(tmp_path: Path) -> None:
    ((offset, problem, damage),) = verify_bytes(tmp_path, GZIPPED[:-9], "a.warc.gz")
    assert (offset, damage) == (len(GZIPPED) - len(MEMBERS[2]), True)
    assert "cut short" in problem


@pytest.mark.parametrize("times", [0, 2])
@pytest.mark.parametrize("name", ["WARC-Record-ID", "WARC-Date", "WARC-Type"])
def test_a_mandatory_field_that_is_missing_or_there_twice_is_found(
    tmp_path: Path, name: str, times: int
) -> None:
    lines = warc_record(url("one"), page("one")).split(b"\r\n")
    (stated,) = [line for line in lines if line.startswith(name.encode())]
    place = lines.index(stated)
    record = b"\r\n".join([*lines[:place], *[stated] * times, *lines[place + 1 :]])
    assert verify_bytes(tmp_path, record) == [(0, f"it has {name} {times} times instead of once", True)]


def test_a_date_that_is_none_is_found(tmp_path: Path) -> None:
    record = warc_record(url("one"), page("one")).replace(b"2026-03-01T", b"2026-13-01T")
    problem = "its WARC-Date '2026-13-01T12:00:00.250000Z' is no date"
    assert verify_bytes(tmp_path, record) == [(0, problem, True)]


def test_a_record_id_that_stands_twice_is_found_in_whatever_file(tmp_path: Path) -> None:
    one, two = tmp_path / "1.warc", tmp_path / "2.warc"
    one.write_bytes(PLAIN)
    two.write_bytes(warc_record(url("one"), page("one")))
    ((path, offset, problem),) = [(found.path, found.offset, found.problem) for found in verify(one, two)]
    assert (path, offset) == (two, 0)
    assert problem.endswith("stands on an earlier record already")


def test_a_wrong_block_digest_is_found_and_right_ones_in_any_writing_are_not(tmp_path: Path) -> None:
    block = page("one")
    value = hashlib.sha256(block).digest()
    for right in (base64.b32encode(value), value.hex().encode(), value.hex().upper().encode()):
        for label in (b"sha256:", b"SHA-256:"):
            record = warc_record(url("one"), block, fields=(b"WARC-Block-Digest: " + label + right,))
            assert verify_bytes(tmp_path, record) == []
    wrong = warc_record(url("one"), block, fields=(b"WARC-Block-Digest: " + sha1(b"other"),))
    assert verify_bytes(tmp_path, wrong) == [
        (0, f"its block is not what its WARC-Block-Digest {sha1(b'other').decode()} says", True)
    ]


@pytest.mark.parametrize("label", [b"crc32:AAAA", b"shake_128:AAAA", b"AAAA", b"md4:AAAA"])
def test_a_digest_of_an_unknown_algorithm_is_a_note(tmp_path: Path, label: bytes) -> None:
    record = warc_record(url("one"), page("one"), fields=(b"WARC-Block-Digest: " + label,))
    ((offset, problem, damage),) = verify_bytes(tmp_path, record)
    assert (offset, damage) == (0, False)
    assert problem.endswith("is of an unknown algorithm and was not checked")


def test_a_wrong_payload_digest_is_found(tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\nhello"
    assert verify_bytes(tmp_path, warc_record(url("a"), block, fields=payload_digest(sha1(b"hello")))) == []
    wrong = warc_record(url("a"), block, fields=payload_digest(sha1(b"hell")))
    assert verify_bytes(tmp_path, wrong) == [
        (0, f"its payload is not what its WARC-Payload-Digest {sha1(b'hell').decode()} says", True)
    ]


def test_a_payload_digest_of_the_chunks_is_a_note_and_of_anything_else_damage(tmp_path: Path) -> None:
    block = CHUNKED_HEAD + CHUNKED_BODY

    def found(data: bytes) -> list[bool]:
        record = warc_record(url("a"), block, fields=payload_digest(sha1(data)))
        return [damage for _, _, damage in verify_bytes(tmp_path, record)]

    assert (found(b"hello"), found(CHUNKED_BODY), found(b"other")) == ([], [False], [True])


def test_an_arc_file_is_read_and_its_damage_found(tmp_path: Path) -> None:
    head = b"filedesc://a.arc 0.0.0.0 20260301120000 text/plain 69\n1 0 Example\n"
    columns = b"URL IP-address Archive-date Content-type Archive-length\n\n"
    body = b"HTTP/1.0 200 OK\r\n\r\nhello"
    record = b"http://a.example/ 192.0.2.1 20260301120000 text/html %d\n" % len(body) + body + b"\n"
    head = head.replace(b" 69\n", b" %d\n" % (len(head.split(b"\n", 1)[1]) + len(columns)))
    tally = Tally()
    path = tmp_path / "a.arc"
    path.write_bytes(head + columns + b"\n" + record)
    with References() as references:
        assert list(verify_warc(path, tally, references)) == []
    assert tally.records == 2
    members = [gzip.compress(part) for part in (head + columns + b"\n", record)]
    damaged = bytearray(b"".join(members))
    damaged[-12] ^= 0x40
    assert [(offset, damage) for offset, _, damage in verify_bytes(tmp_path, bytes(damaged), "a.arc.gz")] == [
        (len(members[0]), True)
    ]


def test_a_file_that_is_missing_or_no_warc_is_a_finding(tmp_path: Path) -> None:
    (missing,) = verify(tmp_path / "none.warc")
    assert (
        str(missing) == f"{tmp_path / 'none.warc'}: can't be read: No such file or directory; check the path"
    )
    ((offset, problem, damage),) = verify_bytes(tmp_path, b"")
    assert (offset, damage) == (0, True)
    assert "neither WARC nor ARC: it is empty" in problem


def test_a_date_that_has_not_come_yet_is_a_note(tmp_path: Path) -> None:
    record = warc_record(url("one"), page("one")).replace(b"2026-03-01T", b"2026-11-03T")
    problem = (
        "its WARC-Date 2026-11-03T12:00:00.250000Z has not come yet; the clock of the machine that wrote it was "
        "wrong"
    )
    assert verify_bytes(tmp_path, record) == [(0, problem, False)]


OWN = "TEARSHEET-20260301120000250-00000-host.warc.gz"


def exchange(name: str, number: int) -> tuple[bytes, bytes]:
    """A request and its response, as tearsheet writes them."""
    request_id = b"<urn:uuid:00000000-0000-4000-8000-0000000001%02d>" % number
    request = warc_record(url(name), b"GET / HTTP/1.1\r\n\r\n", kind="request")
    own_id = next(line for line in request.split(b"\r\n") if line.startswith(b"WARC-Record-ID"))
    concurrent = b"WARC-Concurrent-To: " + request_id
    return (
        request.replace(own_id, b"WARC-Record-ID: " + request_id),
        warc_record(url(name), page(name), fields=(concurrent,)),
    )


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        (0, "it is a request, and the response to it is missing"),
        (
            1,
            "the request <urn:uuid:00000000-0000-4000-8000-000000000101> that it answers is missing",
        ),
    ],
)
def test_half_an_exchange_is_found_in_an_own_file_and_told_of_others(
    tmp_path: Path, kept: int, problem: str
) -> None:
    first, second = exchange("one", 1), exchange("three", 2)
    assert verify_bytes(tmp_path, b"".join((*first, *second)), OWN) == []
    found = verify_bytes(tmp_path, first[kept] + b"".join(second), OWN)
    assert found == [(0, problem, True)]
    others = verify_bytes(tmp_path, first[kept] + b"".join(second))
    assert [damage for _, _, damage in others] == [False] * kept


def revisit(*fields: bytes) -> bytes:
    return warc_record(url("revisited"), page("x")[:44], kind="revisit", fields=fields)


def test_a_revisit_of_a_record_that_is_not_there_is_found(tmp_path: Path) -> None:
    original = warc_record(url("one"), page("one"))
    date = b"WARC-Refers-To-Date: 2026-03-01T12:00:00Z"
    there = (
        (b"WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-%012x>" % len(url("one")),),
        (b"WARC-Refers-To-Target-URI: " + url("one").encode(), date),
    )
    absent = (
        (b"WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-999999999999>",),
        (b"WARC-Refers-To-Target-URI: " + url("two").encode(), date),
    )
    path = tmp_path / OWN
    for fields in there:
        path.write_bytes(original + revisit(*fields))
        assert verify(path, complete=True) == []
    for fields in absent:
        path.write_bytes(original + revisit(*fields))
        assert [(finding.offset, finding.damage) for finding in verify(path, complete=True)] == [
            (len(original), True)
        ]
        assert [finding.damage for finding in verify(path)] == [False]  # it may be in another file
