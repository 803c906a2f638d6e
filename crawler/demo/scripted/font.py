"""Tide, the outlet's font: every letter is a bar, so that nobody takes a text in another font for one in it."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime

_UNITS = 1_000  # of an em
_HEIGHTS = (700, 550, 400, 250)
_ADVANCE, _WIDTH = 600, 450
_FIRST, _LAST = 0x20, 0x7E
_FAMILY = "Tide"
_MADE = int((datetime(2026, 3, 1, tzinfo=UTC) - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds())


def font() -> bytes:
    """The font file: TrueType outlines, the printable ASCII characters."""
    glyphs = [b"", b"", *map(_bar, _HEIGHTS)]  # what is missing, the space, and the bars
    places = [sum(map(len, glyphs[:number])) // 2 for number in range(len(glyphs) + 1)]
    count = len(glyphs)
    return _file(
        {
            b"OS/2": _metrics(),
            b"cmap": _characters(),
            b"glyf": b"".join(glyphs),
            b"head": struct.pack(
                "!IIIIHHqqhhhhHHhhh",
                *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _UNITS, _MADE, _MADE),
                *(0, 0, _WIDTH, _HEIGHTS[0], 0, 8, 2, 0, 0),
            ),
            b"hhea": struct.pack(
                "!IhhhHhhhhhh8xhH", 0x10000, 800, -200, 0, _ADVANCE, 0, 0, _WIDTH, 1, 0, 0, 0, count
            ),
            b"hmtx": struct.pack("!Hh", _ADVANCE, 0) * count,
            b"loca": struct.pack(f"!{len(places)}H", *places),
            b"maxp": struct.pack("!I14H", 0x10000, count, 4, 1, 0, 0, 2, *[0] * 8),
            b"name": _names(),
            b"post": struct.pack("!IIhhIIIII", 0x30000, 0, -100, 50, 0, 0, 0, 0, 0),
        }
    )


def _bar(height: int) -> bytes:
    """A glyph of one rectangle (OpenType, glyf: simple glyph description)."""
    across, up = (0, 0, _WIDTH, 0), (0, height, 0, -height)
    glyph = struct.pack("!hhhhhHH4B4h4h", 1, 0, 0, _WIDTH, height, 3, 0, *[1] * 4, *across, *up)
    return glyph + bytes(-len(glyph) % 4)


def _characters() -> bytes:
    """Which glyph a character has (cmap, format 4): one segment that looks each up, and the last, which must be."""
    glyphs = [1, *(2 + code % len(_HEIGHTS) for code in range(_FIRST + 1, _LAST + 1))]
    segments = struct.pack("!2HH2H2h2H", _LAST, 0xFFFF, 0, _FIRST, 0xFFFF, 0, 1, 4, 0)
    body = struct.pack("!4H", 4, 4, 1, 0) + segments + struct.pack(f"!{len(glyphs)}H", *glyphs)
    return struct.pack("!HHHHI", 0, 1, 3, 1, 12) + struct.pack("!HHH", 4, len(body) + 6, 0) + body


def _metrics() -> bytes:
    panose_to_vendor = bytes(10) + bytes(16) + b"TIDE"
    start = struct.pack("!HhHHH10hh", 4, _ADVANCE, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0)
    end = struct.pack(
        "!HHHhhhHHIIhhHHH", 0x40, _FIRST, _LAST, 800, -200, 0, 800, 200, 1, 0, 500, 700, 0, 0x20, 1
    )
    return start + panose_to_vendor + end


def _names() -> bytes:
    said = {1: _FAMILY, 2: "Regular", 4: _FAMILY, 6: _FAMILY}
    texts = [text.encode("utf-16-be") for text in said.values()]
    starts = [sum(map(len, texts[:number])) for number in range(len(texts))]
    records = b"".join(
        struct.pack("!6H", 3, 1, 0x409, number, len(text), start)
        for number, text, start in zip(said, texts, starts, strict=True)
    )
    return struct.pack("!HHH", 0, len(said), 6 + len(records)) + records + b"".join(texts)


def _file(tables: Mapping[bytes, bytes]) -> bytes:
    """The tables with their directory; the sum of all is what it must be."""
    power = len(tables).bit_length() - 1
    first = struct.pack("!I4H", 0x10000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    place = len(first) + 16 * len(tables)
    entries, bodies = [], []
    for tag, table in tables.items():
        entries.append(struct.pack("!4sIII", tag, _sum(table), place, len(table)))
        bodies.append(table + bytes(-len(table) % 4))
        place += len(bodies[-1])
    whole = bytearray(b"".join((first, *entries, *bodies)))
    head = whole.index(struct.pack("!I", 0x5F0F3CF5)) - 4
    struct.pack_into("!I", whole, head, (0xB1B0AFBA - _sum(whole)) & 0xFFFFFFFF)
    return bytes(whole)


def _sum(data: bytes | bytearray) -> int:
    padded = bytes(data) + bytes(-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f"!{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
