from __future__ import annotations

import gzip
import random
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest

from archive.errors import DecodeError, MessageError
from archive.warc.coding import decode_content, entity

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "".join(
    f"<p>{number}: خبر اليوم, the news of day {number * 7919}</p>\n" for number in range(4000)
).encode()


def raw_deflate(data: bytes) -> bytes:
    encoder = zlib.compressobj(wbits=-15)
    return encoder.compress(data) + encoder.flush()


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate (raw)": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def coding(name: str) -> str:
    return name.split(" ")[0]


@pytest.mark.parametrize("name", ENCODERS)
def test_each_coding_is_undone(name: str) -> None:
    assert decode_content(ENCODERS[name](PAGE), coding(name).upper()) == PAGE


@pytest.mark.parametrize("codings", [None, "", "identity", "utf-8", "none, identity"])
def test_without_a_coding_the_body_comes_back(codings: str | None) -> None:
    assert decode_content(PAGE, codings) == PAGE


def test_stacked_codings_are_undone_from_the_last() -> None:
    assert (
        decode_content(brotli.compress(gzip.compress(zlib.compress(PAGE))), "deflate, identity,gzip , br")
        == PAGE
    )


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("body", [PAGE, b"", b"x", b"Hi", b'{"a": 1}', b"\x89PNG\r\n\x1a\n", b"GIF89a\x01\0"])
def test_a_body_not_of_its_coding_comes_back_as_it_is(name: str, body: bytes) -> None:
    assert decode_content(body, coding(name)) == body


@pytest.mark.parametrize("name", ENCODERS)
def test_a_stream_cut_short_gives_what_could_be_decoded(name: str) -> None:
    whole = ENCODERS[name](PAGE)
    decoded = decode_content(whole[: len(whole) * 3 // 4], coding(name))
    assert PAGE.startswith(decoded)
    assert len(decoded) > len(PAGE) // 2


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_a_wrong_checksum_costs_no_byte_of_the_page(name: str) -> None:
    whole = bytearray(ENCODERS[name](PAGE))
    whole[-1 if name == "deflate" else -8] ^= 1
    assert decode_content(bytes(whole), name) == PAGE


@pytest.mark.parametrize("name", ENCODERS)
def test_damage_in_the_middle_gives_what_stands_before_it(name: str) -> None:
    noise = random.Random(5).randbytes(200_000)
    whole = bytearray(ENCODERS[name](PAGE + noise))
    whole[len(whole) // 2 : len(whole) // 2 + 400] = b"\xff" * 400
    decoded = decode_content(bytes(whole), coding(name))
    assert decoded[:1000] == PAGE[:1000]


def test_members_that_follow_each_other_are_all_decoded() -> None:
    assert decode_content(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip") == b"one two"
    assert decode_content(zstd.compress(b"one ") + zstd.compress(b"two"), "zstd") == b"one two"


@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd", "br"])
def test_rubbish_after_the_end_is_passed_over(name: str) -> None:
    assert decode_content(ENCODERS[name](PAGE) + b"\r\n\0\0" * 5000, name) == PAGE


@pytest.mark.parametrize("name", ENCODERS)
def test_a_bomb_is_stopped_at_the_limit(name: str) -> None:
    bomb = ENCODERS[name](bytes(40 << 20))
    tracemalloc.start()
    with pytest.raises(DecodeError, match="larger than the 1000000 bytes"):
        decode_content(bomb, coding(name), limit=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000


def test_a_body_of_just_the_limit_is_decoded() -> None:
    assert decode_content(gzip.compress(bytes(1000)), "gzip", limit=1000) == bytes(1000)


def test_a_tower_of_codings_is_refused() -> None:
    with pytest.raises(DecodeError, match="20 content codings"):
        decode_content(b"", ",".join(["gzip"] * 20))


def test_an_entity_is_free_of_both_codings() -> None:
    body = gzip.compress(PAGE)
    framed = b"".join(
        b"%x\r\n%s\r\n" % (len(body[a : a + 999]), body[a : a + 999]) for a in range(0, len(body), 999)
    )
    interim = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    raw = (
        interim
        + b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
        + framed
        + b"0\r\n\r\n"
    )
    head, decoded = entity(raw)
    assert decoded == PAGE
    assert (head.status, head.length) == (200, len(raw) - len(framed) - 5)


def test_an_entity_with_a_compressing_transfer_coding_is_decoded() -> None:
    body = gzip.compress(b"page")
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (
        len(body),
        body,
    )
    assert entity(raw)[1] == b"page"


def test_a_head_alone_has_an_empty_entity() -> None:
    assert entity(b"HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n")[1] == b""


def test_bytes_that_are_no_message_have_no_entity() -> None:
    with pytest.raises(MessageError):
        entity(b"<html></html>")
