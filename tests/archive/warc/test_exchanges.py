from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.exchange import Exchange, Truncation
from archive.revalidation import Validators
from archive.spool import Spool
from archive.warc.exchanges import write_exchange
from archive.warc.writer import WarcWriter

NOON = datetime(2026, 5, 4, 12, 0, 0, 5, tzinfo=UTC)
URL = "https://desk.example/ferry.html"
REQUEST = b"GET /ferry.html HTTP/1.1\r\nHost: desk.example\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=utf-8\r\nContent-Length: 5\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class _Known:
    """A collection that knows some captures."""

    def __init__(self, *captures: Capture) -> None:
        self._captures = captures

    def same(
        self, url: str, entity_digest: str, status: int | None, *, parts: bool = False
    ) -> Capture | None:
        return next((c for c in self._captures if (c.url, c.entity_digest) == (url, entity_digest)), None)

    def unchanged(self, url: str, asked: Validators) -> Capture | None:
        return next((c for c in self._captures if c.url == url), None)


def _writer(folder: Path) -> WarcWriter:
    numbers = itertools.count(1)
    return WarcWriter(folder, clock=lambda: NOON, record_id=lambda: f"<urn:test:{next(numbers)}>")


def _exchange(
    response: bytes, request: bytes | None = REQUEST, truncated: Truncation | None = None
) -> Exchange:
    return Exchange(URL, request, Spool(response), NOON, "192.0.2.7", truncated)


def _write(
    folder: Path, *exchanges: Exchange, known: _Known | None = None
) -> tuple[list[Capture], list[bytes]]:
    """Captures and, without the warcinfo, the records as they stand in the file."""
    writer = _writer(folder)
    captures = [write_exchange(writer, each, 7, known or _Known()) for each in exchanges]
    writer.close()
    (file,) = folder.iterdir()
    content = gzip.decompress(file.read_bytes()).removesuffix(b"\r\n\r\n")
    records = content.split(b"\r\n\r\nWARC/1.1\r\n")
    return captures, [b"WARC/1.1\r\n" + record for record in records[1:]]


def _sha256(data: bytes) -> str:
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode()


def test_an_exchange_is_a_request_and_a_response_record(tmp_path: Path) -> None:
    (capture,), records = _write(tmp_path, _exchange(HEAD + b"ferry"))
    common = (
        "WARC-Date: 2026-05-04T12:00:00.000005Z\r\n"
        f"WARC-Target-URI: {URL}\r\n"
        "WARC-Warcinfo-ID: <urn:test:3>\r\n"
        "WARC-IP-Address: 192.0.2.7\r\n"
    )
    assert records == [
        (
            "WARC/1.1\r\nWARC-Type: request\r\nWARC-Record-ID: <urn:test:1>\r\n"
            f"{common}Content-Type: application/http; msgtype=request\r\n"
            f"WARC-Block-Digest: {_sha256(REQUEST)}\r\nContent-Length: {len(REQUEST)}\r\n\r\n"
        ).encode()
        + REQUEST,
        (
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:test:2>\r\n"
            f"{common}WARC-Concurrent-To: <urn:test:1>\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"WARC-Payload-Digest: {_sha256(b'ferry')}\r\n"
            f"WARC-Block-Digest: {_sha256(HEAD + b'ferry')}\r\nContent-Length: {len(HEAD) + 5}\r\n\r\n"
        ).encode()
        + HEAD
        + b"ferry",
    ]
    (file,) = tmp_path.iterdir()
    assert capture == Capture(
        number=7,
        url=URL,
        date=NOON,
        record_id="<urn:test:2>",
        record_type="response",
        warc=file.name,
        offset=capture.offset,
        length=file.stat().st_size - capture.offset,
        entity_digest=_sha256(b"ferry"),
        block_digest=_sha256(HEAD + b"ferry"),
        method="GET",
        status=200,
        mime="text/html",
        peer="192.0.2.7",
    )
    assert gzip.decompress(file.read_bytes()[capture.offset :]).endswith(HEAD + b"ferry\r\n\r\n")


def test_further_fields_of_an_exchange_stand_in_both_of_its_records(tmp_path: Path) -> None:
    exchange = replace(_exchange(HEAD + b"ferry"), fields=(("WARC-Protocol", "h2"),))
    _, records = _write(tmp_path, exchange)
    assert [record.count(b"\r\nWARC-Protocol: h2\r\n") for record in records] == [1, 1]


def test_without_a_request_the_response_stands_alone(tmp_path: Path) -> None:
    (capture,), (record,) = _write(tmp_path, _exchange(HEAD + b"ferry", request=None))
    assert b"WARC-Type: response" in record
    assert b"WARC-Concurrent-To" not in record
    assert capture.method == "GET"


def test_a_chunked_response_has_its_entity_digest_in_the_capture_alone(tmp_path: Path) -> None:
    body = b"3;x=y\r\nfer\r\n2\r\nry\r\n0\r\nX-Trailer: 1\r\n\r\n"
    (capture,), (_, record) = _write(tmp_path, _exchange(CHUNKED + body))
    assert b"WARC-Payload-Digest" not in record
    assert f"WARC-Block-Digest: {_sha256(CHUNKED + body)}\r\n".encode() in record
    assert capture.entity_digest == _sha256(b"ferry")


def test_the_same_entity_again_is_a_revisit_with_its_head_alone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (first,), _ = _write(tmp_path / "a", _exchange(HEAD + b"ferry"))
    body = b"5\r\nferry\r\n0\r\n\r\n"
    (again,), (request, record) = _write(tmp_path / "b", _exchange(CHUNKED + body), known=_Known(first))
    assert request.endswith(REQUEST)
    fields, _, block = record.partition(b"\r\n\r\n")
    assert fields.decode().split("\r\n")[8:] == [
        "Content-Type: application/http; msgtype=response",
        "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To: <urn:test:2>",
        f"WARC-Refers-To-Target-URI: {URL}",
        "WARC-Refers-To-Date: 2026-05-04T12:00:00.000005Z",
        f"WARC-Payload-Digest: {_sha256(b'ferry')}",
        "WARC-Truncated: length",
        f"WARC-Block-Digest: {_sha256(CHUNKED)}",
        f"Content-Length: {len(CHUNKED)}",
    ]
    assert block == CHUNKED
    assert again == replace(
        first,
        record_type="revisit",
        offset=again.offset,
        length=again.length,
        warc=again.warc,
        block_digest=_sha256(CHUNKED),
        mime=None,
        refers_to="<urn:test:2>",
    )


@pytest.mark.parametrize(
    ("response", "request_bytes", "truncated"),
    [
        (HEAD + b"ferry", REQUEST.replace(b"GET", b"POST"), None),
        (HEAD + b"ferry", REQUEST, "disconnect"),
        (HEAD, REQUEST, None),
        (b"ferry", REQUEST, None),
    ],
    ids=["another method", "cut short", "no entity", "no HTTP"],
)
def test_what_may_differ_from_what_is_known_is_stored_whole(
    tmp_path: Path, response: bytes, request_bytes: bytes, truncated: Truncation | None
) -> None:
    known = [
        Capture(1, URL, NOON, "<urn:test:0>", "response", "w", 0, 9, _sha256(body))
        for body in (b"ferry", b"")
    ]
    exchange = _exchange(response, request_bytes, truncated)
    (capture,), (_, record) = _write(tmp_path, exchange, known=_Known(*known))
    assert capture.record_type == "response"
    assert record.endswith(b"\r\n\r\n" + response)


def test_a_304_without_a_known_page_is_a_response(tmp_path: Path) -> None:
    (capture,), (_, record) = _write(tmp_path, _exchange(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    assert (capture.record_type, capture.status) == ("response", 304)
    assert b"WARC-Type: response\r\n" in record


@pytest.mark.parametrize("reason", ["length", "time", "disconnect", "unspecified"])
def test_what_was_cut_short_says_why(tmp_path: Path, reason: Truncation) -> None:
    (capture,), (request, record) = _write(tmp_path, _exchange(HEAD + b"fer", truncated=reason))
    assert f"WARC-Truncated: {reason}\r\n".encode() in record
    assert b"WARC-Truncated" not in request
    assert capture.truncated == reason


def test_bytes_that_are_no_http_are_kept_as_they_came(tmp_path: Path) -> None:
    (capture,), (_, record) = _write(tmp_path, _exchange(b"SSH-2.0-x\r\n", truncated="unspecified"))
    assert record.endswith(b"\r\n\r\nSSH-2.0-x\r\n")
    assert (capture.status, capture.mime) == (None, None)
    assert capture.entity_digest == _sha256(b"SSH-2.0-x\r\n")


def test_a_url_can_not_begin_a_header_field(tmp_path: Path) -> None:
    exchange = replace(_exchange(HEAD + b"ferry"), url="https://desk.example/\r\nWARC-Type: metadata\r\n\r\n")
    _, records = _write(tmp_path, exchange)
    assert len(records) == 2
    for record in records:
        assert b"\r\nWARC-Target-URI: https://desk.example/ WARC-Type: metadata\r\n" in record


def test_a_response_that_can_not_be_read_leaves_no_request_behind(tmp_path: Path) -> None:
    writer = _writer(tmp_path)
    write_exchange(writer, _exchange(HEAD + b"ferry"), 1, _Known())
    (file,) = tmp_path.iterdir()
    size = file.stat().st_size
    broken = Spool(b"x" * 100, limit=10)
    assert broken._file is not None
    broken._file.close()
    with pytest.raises(ValueError, match="closed file"):
        write_exchange(writer, Exchange(URL, REQUEST, broken, NOON), 2, _Known())
    assert file.stat().st_size == size
    writer.close()
