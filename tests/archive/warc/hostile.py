"""Files made to take time or memory from whoever reads them."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from itertools import chain, repeat

from isal import isal_zlib

from tests.archive.warc.samples import HTTP, MEMBERS, PLAIN, url, warc_record

DATE = b"20260301120000 "


def packed(pieces: Iterator[bytes]) -> bytes:
    """One gzip member."""
    packer = isal_zlib.compressobj(1, isal_zlib.DEFLATED, 31)
    return b"".join([*map(packer.compress, pieces), packer.flush()])


def of_zeros(mebibytes: int) -> bytes:
    """A record of a gzip member that inflates to so much."""
    zeros = bytes(1 << 20)
    head, end = warc_record(url("bomb"), b"", length=len(HTTP) + (mebibytes << 20))[:-4], b"\r\n\r\n"
    return packed(chain([head, HTTP], repeat(zeros, mebibytes), [end]))


def claiming(length: int, times: int) -> bytes:
    return warc_record(url("long"), b"", length=length)[:-4] * times


def arc(line: bytes, block: bytes) -> bytes:
    return b"filedesc://a.arc 0.0.0.0 20260301120000 text/plain %d\n%s\n" % (len(block), block) + line


def headers(number: int) -> bytes:
    head, _, rest = warc_record(url("page"), HTTP).partition(b"\r\n")
    return head + b"\r\n" + b"X: y\r\n" * number + rest


def empty(number: int) -> bytes:
    return b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n" * number


def files(scale: int) -> dict[str, Callable[[], bytes]]:
    """By name; all but the first two hold the three sample records, too, behind what is wrong."""
    return {
        "a bomb": lambda: of_zeros(256 * scale) + b"".join(MEMBERS),
        "many bombs": lambda: of_zeros(60) * 5 * scale + b"".join(MEMBERS),
        "lengths of 10 GB": lambda: claiming(10 << 30, 5_000 * scale) + PLAIN,
        "lengths of 10 GB, packed": lambda: (
            gzip.compress(claiming(10 << 30, 1)) * 1_000 * scale + b"".join(MEMBERS)
        ),
        "lengths that reach far": lambda: claiming(500_000 * scale, 5_000 * scale) + PLAIN,
        "a header without end": lambda: b"WARC/1.1\r\n" + b"A: b\r\n" * 100_000 * scale + b"\r\n" + PLAIN,
        "a header in a thousand members": lambda: (
            gzip.compress(b"WARC/1.1\r\nA: ") + gzip.compress(b"b") * 5_000 * scale + b"".join(MEMBERS)
        ),
        "a header of too many lines": lambda: headers(1_001) + PLAIN,
        "an endless address": lambda: warc_record("http://a/" + "a" * 70_000, HTTP) * 10 * scale + PLAIN,
        "a head without end": lambda: warc_record(url("x"), HTTP[:-2] + b"A: b\n" * 200_000) * scale + PLAIN,
        "empty records": lambda: empty(20_000 * scale) + PLAIN,
        "empty records, packed": lambda: gzip.compress(empty(1)) * 10_000 * scale + b"".join(MEMBERS),
        "empty records in one member": lambda: gzip.compress(empty(20_000 * scale) + PLAIN),
        "empty members": lambda: gzip.compress(b"") * 20_000 * scale + b"".join(MEMBERS),
        "beginnings of members": lambda: MEMBERS[0] + b"\x1f\x8b\x08" * 20_000 * scale + b"".join(MEMBERS),
        "blank lines": lambda: b"\r\n" * 1_000_000 * scale + PLAIN,
        "faulty line ends": lambda: empty(1)[:-2] * 20_000 * scale + PLAIN,
        "ARC lines of dates": lambda: arc((b"http://a " + DATE * 4_000 + b"\n") * 5 * scale, b"1 0 A"),
        "an ARC version block of garbage": lambda: arc(
            b"http://a/ 1.1.1.1 20260301120000 text/html 5\nhello\n", bytes(range(256)) * 1_000
        ),
    }
