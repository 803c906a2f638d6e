"""One exchange as WARC records: a request beside its response, or the revisit that stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from archive.capture import Capture, media_type, warc_date
from archive.digests import digest_of
from archive.errors import MessageError
from archive.exchange import Exchange
from archive.revalidation import Validators, asked_by
from archive.warc.http import Head, entity_pieces, parse_head
from archive.warc.writer import Block, Headers, Place, WarcWriter

PAGE_RECORD = "WARC-Page-Record"
"""Names the record of the same rendering that has the text of the page, for which this record's exchange took place."""

_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
IDENTICAL = _PROFILES + "identical-payload-digest"  # ISO 28500:2017, 6.7.2
NOT_MODIFIED = _PROFILES + "server-not-modified"  # ISO 28500:2017, 6.7.3
_HEAD_LIMIT = 1 << 20  # a header section longer than this is taken for a body without a head


class Known(Protocol):
    """What the collection holds already."""

    def same(
        self, url: str, entity_digest: str, status: int | None, *, parts: bool = False
    ) -> Capture | None:
        """The capture of `url` by GET whose record holds this very entity under this status, or None; one that was
        fetched for a rendered page only with `parts`."""

    def unchanged(self, url: str, asked: Validators) -> Capture | None:
        """The capture of `url` for itself that a server found unchanged which was `asked` by these validators, or None;
        its record holds an entity."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response looked at once: its head, if it has a readable one, and the digest of its entity.

    `plain` says that every tool finds the same payload: no chunks, and the head ends as RFC 9112 2.1 wants.
    """

    head: Head | None
    entity_digest: str
    empty: bool
    plain: bool

    @classmethod
    def of(cls, exchange: Exchange) -> Response:
        spool = exchange.response
        try:
            head = parse_head(spool.peek(_HEAD_LIMIT))
        except MessageError:
            return cls(None, digest_of(spool.pieces()), empty=not spool.size, plain=False)
        entity = entity_pieces(head, spool.pieces(head.length))
        plain = not head.chunked and spool.peek(head.length).endswith(b"\r\n\r\n")
        return cls(head, digest_of(entity), empty=spool.size <= head.length, plain=plain)


def write_exchange(
    writer: WarcWriter, exchange: Exchange, number: int, known: Known, response_id: str | None = None
) -> Capture:
    """Append the records of `exchange` to the WARC; returns the capture, as number `number` of its collection.

    The response's record id is `response_id`, or a new one. The request goes first: a file that ends in the middle of
    a pair then never holds a response without its request. Both carry the date at which capture began, and the
    response names the request (ISO 28500:2017, 5.7); a request that named the record after it would be a fault to
    `warcat verify`.
    """
    request_id, response_id = writer.new_record_id(), response_id or writer.new_record_id()
    method = "GET"
    with writer.group():
        common = _common(writer, exchange)
        if exchange.request is not None:
            method = exchange.request.partition(b" ")[0].decode("ascii", "replace") or method
            headers = [
                ("WARC-Record-ID", request_id),
                *common,
                ("Content-Type", "application/http; msgtype=request"),
            ]
            writer.write("request", headers, Block.of(exchange.request))
        response = Response.of(exchange)
        original = _original(exchange, response, method, known)
        block = _block(exchange, response, original)
        block_digest = digest_of(block.pieces())
        headers = [("WARC-Record-ID", response_id), *common]
        if exchange.request is not None:
            headers.append(("WARC-Concurrent-To", request_id))
        headers.append(("Content-Type", "application/http; msgtype=response"))
        headers += _revisit_fields(original, response) if original else _response_fields(exchange, response)
        place = writer.write("revisit" if original else "response", headers, block, block_digest)
    return _capture(exchange, response, place, number, method, response_id, block_digest, original)


def _block(exchange: Exchange, response: Response, original: Capture | None) -> Block:
    """The response as it came; of a revisit its head alone (ISO 28500:2017, 6.7)."""
    if original and response.head:
        return Block.of(exchange.response.peek(response.head.length))
    return Block(exchange.response.pieces, exchange.response.size)


def _common(writer: WarcWriter, exchange: Exchange) -> Headers:
    headers = [
        ("WARC-Date", warc_date(exchange.started)),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Warcinfo-ID", writer.warcinfo_id),
    ]
    if exchange.peer:
        headers.append(("WARC-IP-Address", exchange.peer))
    return [*headers, *exchange.fields]


def _original(exchange: Exchange, response: Response, method: str, known: Known) -> Capture | None:
    if exchange.truncated or response.head is None or method != "GET":
        return None
    if response.head.status == 304:
        return known.unchanged(exchange.url, _asked_by(exchange.request))
    if response.empty:
        return None
    # A page that is captured for itself has its own text, which what a browser fetched for a rendered one lacks.
    parts = _is_part(exchange)
    return known.same(exchange.url, response.entity_digest, response.head.status, parts=parts)


def _asked_by(request: bytes | None) -> Validators:
    try:
        return asked_by(parse_head(request)) if request is not None else frozenset()
    except MessageError:
        return frozenset()


def _is_part(exchange: Exchange) -> bool:
    return any(name == PAGE_RECORD for name, _ in exchange.fields)


def _response_fields(exchange: Exchange, response: Response) -> Headers:
    headers: Headers = []
    # ISO 28500:2017, 5.9 means the payload without its transfer coding; the checkers in use hash the chunks with
    # their framing, or find no body after a head with bare LFs, and would call a correct digest wrong. Such a record
    # carries its block digest alone.
    if response.plain:
        headers.append(("WARC-Payload-Digest", response.entity_digest))
    if exchange.truncated:
        headers.append(("WARC-Truncated", exchange.truncated))
    return headers


def _revisit_fields(original: Capture, response: Response) -> Headers:
    not_modified = response.head is not None and response.head.status == 304
    headers = [
        ("WARC-Profile", NOT_MODIFIED if not_modified else IDENTICAL),
        ("WARC-Refers-To", original.record_id),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", warc_date(original.date)),
    ]
    if not not_modified:
        # 6.7.2: the digest of the payload that was found unchanged, and `length` for the payload left out.
        headers += [("WARC-Payload-Digest", original.entity_digest), ("WARC-Truncated", "length")]
    return headers


def _capture(
    exchange: Exchange,
    response: Response,
    place: Place,
    number: int,
    method: str,
    record_id: str,
    block_digest: str,
    original: Capture | None,
) -> Capture:
    head = response.head
    return Capture(
        number=number,
        url=exchange.url,
        date=exchange.started,
        record_id=record_id,
        record_type="revisit" if original else "response",
        warc=place.warc,
        offset=place.offset,
        length=place.length,
        entity_digest=response.entity_digest,
        block_digest=block_digest,
        method=method,
        status=head.status if head else None,
        mime=media_type(head.get("Content-Type")) if head else None,
        peer=exchange.peer,
        truncated=exchange.truncated,
        refers_to=original.record_id if original else None,
        rendering="part" if _is_part(exchange) else None,
    )
