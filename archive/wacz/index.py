"""The compressed index of a WACZ: CDXJ lines in gzip members of so many lines (ZipNum), and a line for each member."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from isal import isal_zlib

INDEX = "indexes/index.cdx.gz"
BLOCKS = "indexes/index.idx"

_LINES = 1024  # CDXJ lines a member: what a reader inflates to look one address up, some 60 KB as stored
_GZIP = 31
_LEVEL = 2


class CompressedIndex:
    """`pieces` gives index.cdx.gz; what index.idx holds is in `blocks` when they have been taken."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """`lines` are sorted bytewise, each with its line end; a line that comes twice is written once."""
        self._lines = (line for line, _ in groupby(lines))
        self.blocks: list[bytes] = [
            _line(b"!meta 0", {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"})
        ]
        """About 150 bytes for 1024 captures."""

    def pieces(self) -> Iterator[bytes]:
        offset = 0
        while block := list(islice(self._lines, _LINES)):
            packed: bytes = isal_zlib.compress(b"".join(block), _LEVEL, wbits=_GZIP)
            digest = f"sha256:{hashlib.sha256(packed).hexdigest()}"
            first = b" ".join(block[0].split(b" ", 2)[:2])
            self.blocks.append(_line(first, {"offset": offset, "length": len(packed), "digest": digest}))
            offset += len(packed)
            yield packed


def _line(key: bytes, fields: dict[str, object]) -> bytes:
    return key + b" " + json.dumps(fields).encode() + b"\n"
