"""Content codings undone (RFC 9110 8.4), bounded, and as forgiving as a browser.

A stream that breaks off or is damaged gives what could be decoded of it. A body that is not of the coding it
declares comes back as it is: servers declare gzip for plain pages.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

import brotli  # type: ignore[import-untyped]
from isal import isal_zlib

from archive.errors import DecodeError
from archive.warc.http import Head, dechunk, parse_head, split_interim
from archive.warc.members import GZIP_MAGIC, INFLATE_ERROR, Inflater

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMIT = 64 << 20  # bytes; the largest news pages, with all their data inlined, stay under 20 MiB
_CODINGS_LIMIT = 8
_STEP = 1 << 16  # bytes decoded at once, so a bomb is noticed soon after the limit
_INPUT = 1 << 12  # bytes given to a decoder at once
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_WINDOW: dict[int, int] = {
    zstd.DecompressionParameter.window_log_max: 23
}  # RFC 9659: no window over 8 MB in HTTP
_BROKEN = (INFLATE_ERROR, brotli.error, zstd.ZstdError)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r"))


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decoded bytes in pieces of bounded size. Raises one of _BROKEN."""


def decode_content(body: bytes, codings: str | None, limit: int = LIMIT) -> bytes:
    """Undo the codings of a Content-Encoding value, the last one first.

    gzip, deflate (with zlib's frame or raw), br, zstd; identity and names that are no coding are passed over.
    Raises DecodeError as soon as the decoded bytes are more than `limit`, or if there are too many codings.
    """
    names = [name.strip().lower() for name in (codings or "").split(",")]
    if len(names) > _CODINGS_LIMIT:
        raise DecodeError(
            f"the body has {len(names)} content codings; {_CODINGS_LIMIT} at the most are undone"
        )
    for name in reversed(names):
        body = _decode_one(body, name, limit)
    return body


def entity(raw_response: bytes, limit: int = LIMIT) -> tuple[Head, bytes]:
    """The head of a raw response, and its entity with transfer and content codings undone.

    Interim responses before the head are passed over and count in its `length`. Raises MessageError where the
    bytes are no HTTP message, and DecodeError where the entity is larger than `limit` bytes.
    """
    interim = split_interim(raw_response)
    head = parse_head(raw_response[interim:] if interim else raw_response)
    head = replace(head, length=head.length + interim)
    body = raw_response[head.length :]
    for coding in reversed(head.transfer_codings[-_CODINGS_LIMIT:]):
        body = dechunk(body).data if coding == "chunked" else _decode_one(body, coding, limit)
    return head, decode_content(body, ",".join(head.get_all("Content-Encoding")), limit)


def _decode_one(body: bytes, coding: str, limit: int) -> bytes:
    if coding in ("gzip", "x-gzip"):
        return _decode(body, lambda: _Zlib(31), limit) if body.startswith(GZIP_MAGIC) else body
    if coding == "zstd":
        return _decode(body, _Zstd, limit) if body.startswith(_ZSTD_MAGIC) else body
    if coding == "deflate":
        wbits = 15 if _has_zlib_frame(body) else -15
        return _decode_unmarked(body, lambda: _Zlib(wbits), limit)
    if coding == "br":
        return _decode_unmarked(body, _Brotli, limit)
    return body


def _has_zlib_frame(body: bytes) -> bool:
    """RFC 1950 2.2: method 8, and the first two bytes a multiple of 31."""
    return len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _decode_unmarked(body: bytes, new: Callable[[], _Decoder], limit: int) -> bytes:
    """Decode a coding whose streams have no magic number: text that is not of it breaks the decoder."""
    start = body[:64]
    if len(start.translate(None, _CONTROLS)) < len(start):
        return _decode(body, new, limit)
    decoded, broken_at = _run(body, new, limit, len(body))
    return body if broken_at is not None or not decoded else decoded


def _decode(body: bytes, new: Callable[[], _Decoder], limit: int) -> bytes:
    decoded, broken_at = _run(body, new, limit, len(body))
    if broken_at is not None:  # the decoder kept the last bytes before the damage to itself: step up to it
        decoded, _ = _run(body, new, limit, broken_at)
    return decoded or body


def _run(body: bytes, new: Callable[[], _Decoder], limit: int, fine_from: int) -> tuple[bytes, int | None]:
    """Decode until the end or damage; byte by byte from `fine_from` on. Returns where it broke, or None."""
    decoder = new()
    decoded: list[bytes] = []
    size = 0
    place = 0
    while place < len(body):
        step = 1 if place >= fine_from else _INPUT
        try:
            for piece in decoder.feed(body[place : place + step]):
                decoded.append(piece)
                size += len(piece)
                if size > limit:
                    raise DecodeError(f"the decoded body is larger than the {limit} bytes that are allowed")
        except _BROKEN:
            return b"".join(decoded), place
        place += step
    return b"".join(decoded), None


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inflater: Inflater | None = isal_zlib.decompressobj(wbits=wbits)
        self._next = b""  # what follows the end of a member

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._inflater is None:
                self._next += data
                if self._wbits != 31 or not self._next.startswith(GZIP_MAGIC):
                    self._next = self._next[:4]  # padding or rubbish after the end is passed over
                    return
                data, self._next = self._next, b""
                self._inflater = isal_zlib.decompressobj(
                    wbits=self._wbits
                )  # RFC 1952 2.2: members may follow
            piece = self._inflater.decompress(data, _STEP)
            if piece:
                yield piece
            if self._inflater.eof:
                data, self._inflater = self._inflater.unused_data, None
                continue
            data = self._inflater.unconsumed_tail
            if not data and len(piece) < _STEP:
                return


class _Brotli:
    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._decoder.is_finished():
            return
        while True:
            piece: bytes = self._decoder.process(data, output_buffer_limit=_STEP)
            if piece:
                yield piece
            data = b""
            if (
                self._decoder.is_finished() or not piece
            ):  # it gives out what it has ready only when asked again
                return


class _Zstd:
    def __init__(self) -> None:
        self._decoder = zstd.ZstdDecompressor(options=_ZSTD_WINDOW)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._decoder.eof:
                data = self._decoder.unused_data + data
                if not data:
                    return
                self._decoder = zstd.ZstdDecompressor(options=_ZSTD_WINDOW)  # RFC 8878 3: frames may follow
            piece = self._decoder.decompress(data, _STEP)
            if piece:
                yield piece
            data = b""
            if self._decoder.needs_input and not self._decoder.eof:
                return
