"""Raw HTTP/1.x messages taken apart: byte-exact and lenient, and never written back.

What servers send is kept as it came, so nothing here builds a message. Only what is read from one is tidied:
names are matched without case, folded lines are unfolded, stray lines are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.errors import MessageError

_BLANK_LINES = re.compile(rb"[\r\n]*")  # RFC 9112 2.2: empty lines before a start line are ignored
_HEAD_END = re.compile(rb"\n\r*\n")  # RFC 9112 2.2: a lone LF may end a line; some tools double the CR
_STATUS_LINE = re.compile(
    rb"(?:HTTP(?:/[\d.]*)?|ICY)(?:[ \t]+(\d{3})(?!\d)[ \t]*(.*))?", re.IGNORECASE | re.DOTALL
)
_RESPONSE = re.compile(rb"(?:HTTP/|HTTP[ \t]|ICY[ \t])", re.IGNORECASE)
_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_INTERIM = re.compile(rb"HTTP/[\d.]+[ \t]+1(?!01)\d\d(?!\d)", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;|\Z)")
_LINES_LIMIT = 5_000
_LINE_LIMIT = 16_384  # bytes of a chunk-size line with its extensions; RFC 9112 7.1.1 asks for a bound


@dataclass(frozen=True, slots=True)
class Head:
    """Start line and header section of a request or response.

    start_line  without its line end
    headers     names and values in order, as sent but for space around them; folded lines joined by one
                space (RFC 9112 5.2), lines without a colon left out
    length      bytes of the head, its blank line included: the body begins there
    """

    start_line: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    length: int

    def get(self, name: str) -> str | None:
        """The first value under `name`, any case, decoded as ISO 8859-1 (which never fails)."""
        return next(iter(self.get_all(name)), None)

    def get_all(self, name: str) -> list[str]:
        """All values under `name`, any case, in order."""
        wanted = name.lower().encode("latin-1")
        return [value.decode("latin-1") for field, value in self.headers if field.lower() == wanted]

    @property
    def status(self) -> int | None:
        """The status code, or None where the start line is no status line or lacks a code."""
        match = _STATUS_LINE.fullmatch(self.start_line)
        return int(match[1]) if match and match[1] else None

    @property
    def reason(self) -> str:
        """The reason phrase of a response, often empty."""
        match = _STATUS_LINE.fullmatch(self.start_line)
        return match[2].strip().decode("latin-1") if match and match[2] else ""

    @property
    def method(self) -> str | None:
        """The method of a request, as sent; None for a response."""
        request = _request_line(self.start_line)
        return request[0].decode("latin-1") if request else None

    @property
    def target(self) -> str | None:
        """The request target, as sent; None for a response."""
        request = _request_line(self.start_line)
        return request[1].decode("latin-1") if request else None

    @property
    def transfer_codings(self) -> tuple[str, ...]:
        """Transfer codings in the order in which they were applied, lower case, without parameters."""
        listed = ",".join(self.get_all("Transfer-Encoding")).lower().split(",")
        return tuple(coding for item in listed if (coding := item.split(";")[0].strip()))

    @property
    def chunked(self) -> bool:
        """Whether the body is framed in chunks: the last transfer coding is `chunked` (RFC 9112 6.1)."""
        return self.transfer_codings[-1:] == ("chunked",)


def split_interim(raw: bytes) -> int:
    """Bytes of the interim (1xx) heads that lead a raw response; 0 if there are none (RFC 9110 15.2).

    101 is not counted: after it the connection speaks another protocol, so no final response follows.
    """
    done = 0
    while _INTERIM.match(raw, _skip_blank_lines(raw, done)):
        length = head_length(raw, done)
        if length is None:
            break
        done += length
    return done


def head_length(raw: bytes, start: int = 0) -> int | None:
    """Bytes of the head that begins at `start`, its blank line included; None where it never ends."""
    match = _HEAD_END.search(raw, _skip_blank_lines(raw, start))
    return match.end() - start if match else None


def parse_head(raw: bytes) -> Head:
    """Take the head off a raw message. A head that never ends takes all of `raw`; lines past the 5,000th are left out.

    Raises MessageError where the bytes do not begin with anything like a request or status line.
    """
    end = head_length(raw)
    length = len(raw) if end is None else end
    split = raw[_skip_blank_lines(raw, 0) : length].split(b"\n", _LINES_LIMIT)
    lines = [line.rstrip(b"\r") for line in split[:_LINES_LIMIT]]
    start_line = lines[0].rstrip(b" \t")
    if not (_RESPONSE.match(start_line) or _request_line(start_line)):
        raise MessageError(f"no HTTP message: it begins with {start_line[:40]!r}, not with a start line")
    return Head(start_line, tuple(_fields(lines[1:])), length)


def _request_line(line: bytes) -> tuple[bytes, bytes] | None:
    """Method and target (RFC 9112 3); a target with stray spaces is taken whole."""
    method, _, rest = line.partition(b" ")
    target, _, version = rest.rpartition(b" ")
    if not (_METHOD.fullmatch(method) and target.strip() and version.upper().startswith(b"HTTP/")):
        return None
    return method, target.strip()


def _skip_blank_lines(raw: bytes, start: int) -> int:
    match = _BLANK_LINES.match(raw, start)
    return match.end() if match else start


def _fields(lines: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    name = b""
    parts: list[bytes] = []
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            parts.append(line.strip(b" \t"))
            continue
        if name:
            yield name, b" ".join(part for part in parts if part)
        name, colon, value = line.partition(b":")
        name = name.strip(b" \t") if colon else b""
        parts = [value.strip(b" \t")]
    if name:
        yield name, b" ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Dechunked:
    """What a chunked body holds.

    data      the bytes without their framing; all that could be read where the framing breaks off
    complete  the zero-sized chunk that ends the body was there (RFC 9112 8)
    framed    the body was in chunks at all; if not, `data` is the body as it came
    """

    data: bytes
    complete: bool
    framed: bool


def dechunk(body: bytes) -> Dechunked:
    """Undo the chunked transfer coding (RFC 9112 7.1); extensions and trailers are passed over."""
    dechunker = Dechunker()
    data = dechunker.feed(body)
    rest = dechunker.finish()
    return Dechunked(data + rest if rest else data, dechunker.complete, dechunker.framed)


class Dechunker:
    """Undoes the chunked transfer coding piece by piece, in linear time and flat memory.

    However the body is cut into pieces, what `feed` and `finish` return in sum is the same.
    """

    __slots__ = ("_remaining", "_state", "_waiting", "complete", "framed")

    def __init__(self) -> None:
        self.complete = False
        """The zero-sized chunk was seen."""
        self.framed = False
        """A first chunk-size line was seen. While False after `finish`, the body came back as it is."""
        self._state = "size"
        self._remaining = 0  # bytes of the current chunk still to come
        self._waiting = b""  # a line whose end has not come yet

    def feed(self, piece: bytes) -> bytes:
        """The next bytes of the body in; as much of its data as they give out."""
        if self._state == "raw":
            return piece
        if self._waiting:
            piece, self._waiting = self._waiting + piece, b""
        found: list[bytes] = []
        place = 0
        while place < len(piece) and self._state != "end":
            if self._state == "data":
                taken = piece[place : place + self._remaining]
                found.append(taken)
                place += len(taken)
                self._remaining -= len(taken)
                if not self._remaining:
                    self._state = "data end"
                continue
            end = piece.find(b"\n", place, place + _LINE_LIMIT)
            if end < 0 and len(piece) - place < _LINE_LIMIT:
                self._waiting = piece[place:]
                break
            line = piece[place:end].rstrip(b"\r") if end >= 0 else None
            if not self._take_line(line):
                return self._break_off(found, piece[place:])
            place = end + 1
        return found[0] if len(found) == 1 else b"".join(found)

    def finish(self) -> bytes:
        """Say that the body is over; returns what was held back as a possible first line, if it was none."""
        held, self._waiting = self._waiting, b""
        return b"" if self.framed else held

    def _take_line(self, line: bytes | None) -> bool:
        """Step over a chunk-size line or the line end after a chunk's data; False where it is neither."""
        if self._state == "data end":
            self._state = "size"
            return line == b""
        size = _CHUNK_SIZE.match(line) if line is not None else None
        if size is None:
            return False
        self.framed = True
        self._remaining = int(size[1], 16)
        self.complete = self._remaining == 0
        self._state = "end" if self.complete else "data"
        return True

    def _break_off(self, found: list[bytes], rest: bytes) -> bytes:
        self._state = "end" if self.framed else "raw"
        return b"".join(found) if self.framed else rest


def entity_pieces(head: Head, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The body's pieces with the chunked framing undone where `head` declares it; else as they are."""
    if not head.chunked:
        yield from pieces
        return
    dechunker = Dechunker()
    for piece in pieces:
        if data := dechunker.feed(piece):
            yield data
    if rest := dechunker.finish():
        yield rest
