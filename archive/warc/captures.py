"""A stored record as a capture: what the writer knew when it wrote it, read back from anybody's file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from archive.capture import DOM_URN, PAGE_LIMIT, Capture, RecordType, Rendering, media_type
from archive.digests import digest_of, labelled, new_hash
from archive.errors import MessageError, RecordError
from archive.extraction.article import Page
from archive.extraction.rights import reservation
from archive.spool import Spool
from archive.warc.exchanges import PAGE_RECORD
from archive.warc.http import Head, entity_pieces, parse_head
from archive.warc.reader import read_records
from archive.warc.record import Record, parse_date
from archive.warc.source import Opener, open_file
from archive.warc.writer import OPEN_SUFFIX

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEAD_LIMIT = 1 << 20
_URL_LIMIT = 1 << 16
_METHODS_LIMIT = 10_000  # requests whose responses may come later; as a rule they come next
_DOM_URIS = (f"{DOM_URN}http:", f"{DOM_URN}https:")
RIGHTS = {"tdm-reservation": "WARC-TDM-Reservation", "tdm-policy": "WARC-TDM-Policy"}
"""Names of the fields by which the record of a DOM repeats those of the document's response."""
_CAPTURED: dict[str, RecordType] = {"response": "response", "revisit": "revisit", "resource": "resource"}


Find = Callable[[str, datetime], Capture | None]
"""The capture of a URL at a time (whole seconds count), for revisits that name no record id."""


def read_captures(
    path: Path,
    on_damage: Callable[[RecordError], None],
    find: Find = lambda _url, _date: None,
    *,
    start: int = 0,
    opener: Opener = open_file,
) -> Iterator[tuple[Capture, Spool]]:
    """The captures of a WARC or ARC file with their blocks, in the file's order; their number is 0, for none yet.

    Reads from the record at offset `start` on. The caller closes each block; one of more than PAGE_LIMIT bytes holds
    its beginning alone, though its `size` is that of all. A broken record goes to `on_damage` and the rest is read.
    Raises RecordError if the file holds neither WARC nor ARC records, and OSError.
    """
    methods: dict[str, str] = {}
    held: tuple[Record, Spool] | None = None
    try:
        for record in read_records(path, on_damage, start=start, opener=opener):
            if held and record.type != "request":  # many tools write the request after its response
                (response, block), held = held, None
                yield capture_of(response, block, methods, _refers_to(response, find)), block
            try:
                if record.type == "request":
                    _remember_method(record, methods)
                elif record.type in _CAPTURED and record.target_uri:
                    _check_url(record)
                    large = record.content_length > PAGE_LIMIT
                    held = record, _read_large(record) if large else read_block(record)
            except RecordError:
                continue  # the reader gives it to on_damage as it moves on
        if held:
            (response, block), held = held, None
            yield capture_of(response, block, methods, _refers_to(response, find)), block
    finally:
        if held:
            held[1].close()


def _refers_to(record: Record, find: Find) -> str | None:
    """The record id that a revisit refers to; many tools write its URL and date alone (ISO 28500:2017, 6.7)."""
    if record.type != "revisit":
        return None
    if named := record.get("WARC-Refers-To"):
        return named
    url, date = record.get("WARC-Refers-To-Target-URI"), parse_date(record.get("WARC-Refers-To-Date") or "")
    original = find(url, date) if url and date else None
    return original.record_id if original else None


def _check_url(record: Record) -> None:
    if record.target_uri and len(record.target_uri) > _URL_LIMIT:
        raise record.block.fail(
            f"its WARC-Target-URI has {len(record.target_uri)} characters, more than {_URL_LIMIT}; it is left out"
        )


class _Large(Spool):
    """The beginning of a block that is too large to be extracted, with the digests of all of it."""

    __slots__ = ("digest", "entity_digest")

    digest: str
    entity_digest: str


def _read_large(record: Record) -> _Large:
    """Read a block of any size without keeping it. Raises RecordError as `read_block` does."""
    block = _Large(record.block.read(_HEAD_LIMIT))
    whole = new_hash()

    def pieces() -> Iterator[bytes]:
        for piece in chain(block.pieces(), record.block.pieces()):
            whole.update(piece)
            yield piece

    head = _head(record, block)
    block.entity_digest = digest_of(_entity(head, pieces()) if head else pieces())
    block.digest = labelled(whole)
    record.end()
    block.size = record.content_length
    return block


def _entity(head: Head, pieces: Iterator[bytes]) -> Iterator[bytes]:
    first = next(pieces)[head.length :]
    return entity_pieces(head, chain([first], pieces))


def capture_of(record: Record, block: Spool, methods: dict[str, str], refers_to: str | None) -> Capture:
    """The capture that a record read to its end is. `methods` gives request methods by record id."""
    record_type = _CAPTURED[record.type]
    status, mime, entity_digest = _message(record, block)
    rendering = _rendering(record)
    uri = record.target_uri or ""
    digest = record.get("WARC-Payload-Digest")
    return Capture(
        number=0,
        url=uri.removeprefix(DOM_URN) if rendering == "dom" else uri,
        date=record.date or _EPOCH,
        record_id=record.record_id or f"{record.path.name}:{record.offset}",
        record_type=record_type,
        warc=record.path.name.removesuffix(OPEN_SUFFIX),
        offset=record.offset,
        length=record.length,
        entity_digest=digest if record_type == "revisit" and digest else entity_digest,
        block_digest=record.get("WARC-Block-Digest") or _digest(block),
        method=_method(record, methods),
        status=status,
        mime=mime,
        peer=record.get("WARC-IP-Address"),
        truncated=record.get("WARC-Truncated") if record_type != "revisit" else None,
        refers_to=refers_to,
        rendering=rendering,
    )


class Dom(Spool):
    """The block of a DOM's record, with what the record repeats of the header of the document's response."""

    __slots__ = ("rights",)

    def __init__(self, data: bytes, rights: Mapping[str, str]) -> None:
        super().__init__(data)
        self.rights = rights


def read_block(record: Record) -> Spool:
    """The block of a record, a `Dom` where that is one. Raises RecordError as `Record.read_block` does."""
    if _rendering(record) != "dom":
        return record.read_block()
    block = Dom(b"", {name: value for name, field in RIGHTS.items() if (value := record.get(field))})
    return record.read_block(into=block)


def page_of(capture: Capture, block: Spool) -> Page:
    """The page that a `resource` record is, for extraction."""
    rights = block.rights if isinstance(block, Dom) else {}
    stated = reservation("header", rights.get)
    return Page(capture.url, block.getvalue(), resource_type(capture), capture.date, stated)


def resource_type(capture: Capture) -> str | None:
    """The Content-Type of what a `resource` record holds. A DOM is UTF-8, whatever its markup says of the document
    that it was made from."""
    return "text/html; charset=utf-8" if capture.rendering == "dom" else capture.mime


def _rendering(record: Record) -> Rendering | None:
    if record.type == "resource":
        return "dom" if (record.target_uri or "").startswith(_DOM_URIS) else None
    return "part" if record.get(PAGE_RECORD) else None


def _remember_method(record: Record, methods: dict[str, str]) -> None:
    method = record.block.read(16).partition(b" ")[0].decode("latin-1")
    if method not in ("GET", ""):
        methods.update(dict.fromkeys(_exchange_ids(record), method))
        while len(methods) > _METHODS_LIMIT:
            del methods[next(iter(methods))]


def _method(record: Record, methods: dict[str, str]) -> str:
    """The method of the request that a response answers; each is asked for once, so it is forgotten."""
    found = [methods.pop(partner, None) for partner in _exchange_ids(record)]
    return next(filter(None, found), "GET")


def _exchange_ids(record: Record) -> list[str]:
    own = [record.record_id] if record.record_id else []
    return own + record.get_all("WARC-Concurrent-To")


def _message(record: Record, block: Spool) -> tuple[int | None, str | None, str]:
    head = _head(record, block)
    if isinstance(block, _Large):
        entity_digest = block.entity_digest
    else:
        entity_digest = digest_of(entity_pieces(head, block.pieces(head.length)) if head else block.pieces())
    if record.type == "resource":
        return 200, media_type(record.content_type), entity_digest
    return (
        (head.status, media_type(head.get("Content-Type")), entity_digest)
        if head
        else (None, None, entity_digest)
    )


def _head(record: Record, block: Spool) -> Head | None:
    if record.type == "resource":
        return None
    try:
        return parse_head(block.peek(_HEAD_LIMIT))
    except MessageError:
        return None


def _digest(block: Spool) -> str:
    return block.digest if isinstance(block, _Large) else digest_of(block.pieces())
