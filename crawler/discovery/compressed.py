"""Bodies that are gzip files themselves, such as sitemap.xml.gz."""

from __future__ import annotations

import zlib

from crawler.discovery.errors import DiscoveryError

_MAGIC = b"\x1f\x8b"


def plain(body: bytes, url: str, limit: int) -> tuple[bytes, bool]:
    """The first `limit` bytes of the body, decompressed if it is gzip (RFC 1952, several members too).

    The second value says that there was more, or that the gzip data break off; what came before is kept.
    Raises DiscoveryError if nothing could be decompressed.
    """
    if not body.startswith(_MAGIC):
        return body[:limit], len(body) > limit
    out = bytearray()
    while body.startswith(_MAGIC):
        member = zlib.decompressobj(wbits=31)
        try:
            # One byte past the limit tells "just full" from "more to come".
            out += member.decompress(body, limit + 1 - len(out))
        except zlib.error as error:
            if out:
                return bytes(out[:limit]), True
            raise DiscoveryError(url, f"its gzip data are broken ({error}); fetch it again") from error
        if len(out) > limit or not member.eof:
            return bytes(out[:limit]), True
        body = member.unused_data
    return bytes(out), False
