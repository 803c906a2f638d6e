"""What was archived of an address, to be handed on: status, the fields that describe the entity, and its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archive.access.line import IndexLine
from archive.capture import Capture
from archive.collection import Collection
from archive.errors import MessageError, RecordError
from archive.spool import Spool
from archive.warc.captures import resource_type
from archive.warc.coding import decode_content
from archive.warc.http import Head, entity_pieces, parse_head, split_interim

_HEAD_LIMIT = 1 << 20
_NO_BODY = frozenset({204, 304})  # RFC 9110, 15.3.5 and 15.4.5
_SINGLE = ("Content-Type", "Location")
_LISTED = ("Content-Encoding", "Content-Language")
IDENTITY = frozenset({"", "identity"})


@dataclass(frozen=True, slots=True)
class Payload:
    """The entity of a capture; of a revisit, that of the capture that it refers to. To be closed.

    capture    what was asked for, and may be a revisit
    status     of the response that holds the entity
    described  the fields of its head that say what the entity is, names as in the standard, values as sent
    head       bytes of the block before the body
    """

    capture: Capture
    status: int
    described: dict[str, str]
    _head: Head | None
    _block: Spool = field(repr=False)

    @property
    def codings(self) -> tuple[str, ...]:
        """Content codings of the entity, lower case, in the order in which they were applied."""
        listed = self.described.get("Content-Encoding", "").lower().split(",")
        return tuple(name for item in listed if (name := item.strip()) not in IDENTITY)

    def pieces(self) -> Iterator[bytes]:
        """The entity without the framing of its transfer, its content codings in place, in pieces of bounded size."""
        if self.status in _NO_BODY:
            return iter(())
        if self._head is None:
            return self._block.pieces()
        return entity_pieces(self._head, self._block.pieces(self._head.length))

    def decoded(self) -> bytes:
        """The entity without its content codings, at once. Raises DecodeError where that is too much for memory."""
        return decode_content(b"".join(self.pieces()), self.described.get("Content-Encoding"))

    @property
    def size(self) -> int | None:
        """Bytes of the entity, its content codings in place; None where its framing has to be undone to know."""
        if self.status in _NO_BODY:
            return 0
        if self._head is None:
            return self._block.size
        return None if self._head.chunked else self._block.size - self._head.length

    def close(self) -> None:
        self._block.close()


def captured(collection: Collection, line: IndexLine) -> Capture | None:
    """The capture that a line of the index speaks of; None where the catalogue does not have it."""
    offset = line.fields.get("offset", "")
    if not (offset.isascii() and offset.isdecimal()):
        return None
    return collection.catalogue.at(line.fields.get("filename", ""), int(offset))


def first_captured(collection: Collection, lines: Iterable[IndexLine]) -> Capture | None:
    return next(filter(None, (captured(collection, line) for line in lines)), None)


def open_payload(collection: Collection, capture: Capture) -> Payload:
    """Raises RecordError where the capture, or what it refers to, can't be read, and where it is no HTTP response."""
    original = collection.original(capture)
    block = collection.read_response(original)
    try:
        if original.record_type == "resource":
            stated = resource_type(original)
            described = {"Content-Type": stated} if stated else {}
            return Payload(capture, 200, described, None, block)
        begin = block.peek(_HEAD_LIMIT)
        interim = split_interim(begin)
        head = parse_head(begin[interim:])
        head = Head(head.start_line, head.headers, head.length + interim)
        if head.status is None or head.status < 200:
            raise MessageError("its response has no status code that can be given on")
    except MessageError as error:
        block.close()
        raise RecordError(collection.places.warc(original.warc), original.offset, str(error)) from error
    except BaseException:
        block.close()
        raise
    named = {name: value for name in _SINGLE if (value := head.get(name))}
    named |= {name: value for name in _LISTED if (value := ", ".join(head.get_all(name)))}
    return Payload(capture, head.status, named, head, block)
