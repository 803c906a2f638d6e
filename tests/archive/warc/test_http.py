from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import MessageError
from archive.warc.http import (
    Dechunked,
    Dechunker,
    Head,
    dechunk,
    entity_pieces,
    head_length,
    parse_head,
    split_interim,
)


def chunk(body: bytes, sizes: list[int], line_end: bytes = b"\r\n") -> bytes:
    framed = b""
    for size in sizes:
        if piece := body[:size]:
            framed += b"%x" % len(piece) + line_end + piece + line_end
            body = body[size:]
    if body:
        framed += b"%X;last=yes" % len(body) + line_end + body + line_end
    return framed + b"0" + line_end + line_end


def test_a_response_head_is_taken_apart_as_it_was_sent() -> None:
    raw = b"HTTP/1.1 200 OK\r\nServer: a\r\nset-cookie: x=1\r\nSet-Cookie:y=2 \r\n\r\nbody\r\n\r\n"
    head = parse_head(raw)
    assert head == Head(
        start_line=b"HTTP/1.1 200 OK",
        headers=((b"Server", b"a"), (b"set-cookie", b"x=1"), (b"Set-Cookie", b"y=2")),
        length=raw.index(b"body"),
    )
    assert (head.status, head.reason, head.method, head.target) == (200, "OK", None, None)
    assert head.get("SERVER") == "a"
    assert head.get("missing") is None
    assert head.get_all("Set-Cookie") == ["x=1", "y=2"]


def test_a_request_head_gives_method_and_target() -> None:
    head = parse_head(b"POST /a b?c HTTP/1.1\r\nHost: example.com\r\n\r\nx")
    assert (head.method, head.target, head.status) == ("POST", "/a b?c", None)


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK", 200, "OK"),
        (b"HTTP/1.1 200", 200, ""),
        (b"HTTP/1.0 302 ", 302, ""),
        (b"ICY 200 OK", 200, "OK"),
        (b"HTTP/2 404  Not  Found", 404, "Not  Found"),
        (b"http/1.1 500 oops", 500, "oops"),
        (b"HTTP/1.1 200OK", 200, "OK"),
        (b"HTTP/1.1 2000 OK", None, ""),
        (b"HTTP/1.1 ok", None, ""),
        (b"HTTP/1.1", None, ""),
        (b"HTTP/1.1 404 Introuvable \xe9", 404, "Introuvable é"),
    ],
)
def test_status_lines_of_all_sorts_are_read(line: bytes, status: int | None, reason: str) -> None:
    head = parse_head(line + b"\r\n\r\n")
    assert (head.status, head.reason) == (status, reason)


@pytest.mark.parametrize(
    "raw", [b"", b"<!doctype html>\n\n", b"\0\0", b"HTTPS/1.1 x", b"hello world\r\n\r\n"]
)
def test_bytes_without_a_start_line_are_no_message(raw: bytes) -> None:
    with pytest.raises(MessageError, match="start line"):
        parse_head(raw)


def test_a_hostile_start_line_takes_no_long_time() -> None:
    with pytest.raises(MessageError):
        parse_head(b"GET x" + b" " * 2_000_000 + b"\r\n\r\n")
    head = parse_head(b"HTTP/1.1 " + b" " * 2_000_000 + b"x\r\nA: " + b"\r" * 2_000_000 + b"b\r\n\r\n")
    assert head.status is None


def test_folded_lines_are_unfolded_and_stray_lines_left_out() -> None:
    raw = b"HTTP/1.1 200\r\n lost\r\nA: 1\r\n\t 2\r\n  3\r\nstray\r\n lost\r\n: no\r\nB :\r\n 4\r\n\r\n"
    assert parse_head(raw).headers == ((b"A", b"1 2 3"), (b"B", b"4"))


@pytest.mark.parametrize("end", [b"\r\n\r\n", b"\n\n", b"\r\n\n", b"\n\r\n", b"\r\r\n\r\r\n"])
def test_a_head_ends_with_any_blank_line(end: bytes) -> None:
    raw = b"HTTP/1.1 200 OK\nA: b" + end
    assert head_length(raw + b"body\n\n") == len(raw)
    assert parse_head(raw + b"body").headers == ((b"A", b"b"),)


def test_a_head_that_never_ends_takes_all_bytes() -> None:
    raw = b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Ty"
    assert head_length(raw) is None
    assert parse_head(raw) == Head(b"HTTP/1.1 200 OK", ((b"A", b"b"),), len(raw))


def test_blank_lines_before_the_start_line_belong_to_the_head() -> None:
    raw = b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody"
    assert parse_head(raw).length == head_length(raw) == raw.index(b"body")


def test_interim_responses_are_counted_up_to_the_final_one() -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    assert split_interim(interim + b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 100 no\r\n\r\n") == len(interim)
    assert split_interim(interim) == len(interim)
    assert split_interim(interim + b"HTTP/1.1 102 Proc") == len(interim)
    assert split_interim(b"HTTP/1.1 200 OK\r\n\r\n") == 0
    assert split_interim(b"HTTP/1.1 101 Switching Protocols\r\n\r\n") == 0
    assert split_interim(b"HTTP/1.1 1000 x\r\n\r\n") == 0


def test_the_last_transfer_coding_says_whether_a_body_is_chunked() -> None:
    head = parse_head(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: GZIP ;q=1\r\ntransfer-encoding: Chunked\r\n\r\n"
    )
    assert head.transfer_codings == ("gzip", "chunked")
    assert head.chunked
    assert not parse_head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n").chunked
    assert not parse_head(b"HTTP/1.1 200 OK\r\nX: chunked\r\n\r\n").chunked


def test_extensions_trailers_and_what_follows_them_are_passed_over() -> None:
    body = b'5;a="b";c\r\nhello\r\n0006 \r\n world\r\n0\r\nTrailer: x\r\n\r\nnext'
    assert dechunk(body) == Dechunked(b"hello world", complete=True, framed=True)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"5\r\nhello\r\n", Dechunked(b"hello", complete=False, framed=True)),
        (b"5\r\nhello", Dechunked(b"hello", complete=False, framed=True)),
        (b"5\r\nhel", Dechunked(b"hel", complete=False, framed=True)),
        (b"5\r\nhello\r\n5", Dechunked(b"hello", complete=False, framed=True)),
        (b"5\r\nhelloXX5\r\nworld\r\n0\r\n\r\n", Dechunked(b"hello", complete=False, framed=True)),
        (b"5\r\nhello\r\nzz\r\nworld", Dechunked(b"hello", complete=False, framed=True)),
        (b"5\nhello\n0\n\n", Dechunked(b"hello", complete=True, framed=True)),
        (b"0\r\n\r\n", Dechunked(b"", complete=True, framed=True)),
        (b"0\r\n", Dechunked(b"", complete=True, framed=True)),
        (b"", Dechunked(b"", complete=False, framed=False)),
        (b"<html>\r\n5\r\n", Dechunked(b"<html>\r\n5\r\n", complete=False, framed=False)),
        (b"\r\n5\r\nhello", Dechunked(b"\r\n5\r\nhello", complete=False, framed=False)),
        (b"-5\r\nhello", Dechunked(b"-5\r\nhello", complete=False, framed=False)),
        (b"Added", Dechunked(b"Added", complete=False, framed=False)),
        (b"a" * 40_000, Dechunked(b"a" * 40_000, complete=False, framed=False)),
        (b"5;" + b"x" * 40_000 + b"\r\nhello", Dechunked(b"5;" + b"x" * 40_000 + b"\r\nhello", False, False)),
    ],
)
def test_broken_framing_gives_what_can_be_read(body: bytes, found: Dechunked) -> None:
    assert dechunk(body) == found


@given(body=st.binary(max_size=300), sizes=st.lists(st.integers(1, 40), max_size=20), lone=st.booleans())
def test_what_was_chunked_comes_back(body: bytes, sizes: list[int], lone: bool) -> None:
    framed = chunk(body, sizes, b"\n" if lone else b"\r\n")
    assert dechunk(framed) == Dechunked(body, complete=True, framed=True)


@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.builds(chunk, st.binary(max_size=200), st.lists(st.integers(1, 30), max_size=10)),
        st.lists(st.sampled_from([b"5", b"0", b"\r\n", b"\n", b"hello", b";x", b"g", b" "]), max_size=30).map(
            b"".join
        ),
    ),
    cuts=st.lists(st.integers(0, 300), max_size=12),
)
def test_any_split_into_pieces_gives_the_same_as_the_whole(body: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    dechunker = Dechunker()
    data = b"".join(dechunker.feed(body[a:b]) for a, b in pairwise(places))
    data += dechunker.finish()
    assert Dechunked(data, dechunker.complete, dechunker.framed) == dechunk(body)


def test_entity_pieces_undo_chunks_only_where_they_are_declared() -> None:
    framed = b"5\r\nhello\r\n0\r\n\r\n"
    chunked = parse_head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    plain = parse_head(b"HTTP/1.1 200 OK\r\n\r\n")
    assert b"".join(entity_pieces(chunked, [framed[:4], framed[4:]])) == b"hello"
    assert b"".join(entity_pieces(plain, [framed])) == framed
    assert b"".join(entity_pieces(chunked, [b"dea", b"d beef"])) == b"dead beef"
    assert b"".join(entity_pieces(chunked, [b"dea", b"d"])) == b"dead"


def test_a_large_chunked_body_is_read_in_flat_memory() -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    whole = b"x" * (1 << 16)

    def pieces() -> Iterator[bytes]:
        yield b"10000000\r\n"
        for _ in range(1 << 12):
            yield whole
        yield b"\r\n0\r\n\r\n"

    tracemalloc.start()
    size = sum(map(len, entity_pieces(head, pieces())))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 1 << 28
    assert peak < 1 << 20
