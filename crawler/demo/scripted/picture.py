"""The outlet's picture: stripes of the sea, from dark to light."""

from __future__ import annotations

import struct
import zlib

_WIDTH, _HEIGHT, _STRIPE = 64, 32, 4


def picture() -> bytes:
    """A PNG of 64 by 32 pixels, in colours."""
    rows = []
    for y in range(_HEIGHT):
        light = y // _STRIPE * 24
        rows.append(b"\0" + bytes((light, 64 + light, 128 + light // 2)) * _WIDTH)
    header = struct.pack("!IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
