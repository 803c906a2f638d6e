"""One record of a WARC or ARC file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from archive.errors import RecordError
from archive.spool import Spool
from archive.warc.members import DamagedMember
from archive.warc.source import PIECE, PlainSource, Source

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?")
_TWO_LINE_ENDS = re.compile(rb"(\r*\n)\1")
_DATE_ENDS = {4: "-01-01", 7: "-01"}  # what the W3C-DTF forms YYYY and YYYY-MM lack to be a date


class RecordWarning(RecordError):  # noqa: N818 - a finding, told as such
    """A record that could be read whole breaks the standard in a way that other readers may trip over."""


class Block:
    """The bytes of one record's block, read in order and at most once.

    Every read raises RecordError where the block is cut short or its gzip member damaged.
    """

    __slots__ = ("_left", "_offset", "_path", "_size", "_source", "damage", "owns_source")

    def __init__(self, source: Source, path: Path, offset: int, size: int) -> None:
        self._source = source
        self._path = path
        self._offset = offset
        self._size = size
        self._left = size
        self.damage: RecordError | None = None
        """What was found wrong with the record so far."""
        self.owns_source = False
        """Whether the file is to be closed when the record was read to its end or is found damaged."""

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, or as many as are left; all of them for a negative `size`."""
        if size < 0 or size > self._left:
            size = self._left
        if not size:
            return b""
        data = self._take(size)
        if len(data) == size:
            return data
        parts = [data]
        missing = size - len(data)
        while missing:
            parts.append(self._take(missing))
            missing -= len(parts[-1])
        return b"".join(parts)

    def pieces(self) -> Iterator[bytes]:
        """What is left of the block, in pieces of bounded size."""
        while self._left:
            yield self._take(PIECE)

    def fail(self, problem: str, *, torn: bool = False) -> RecordError:
        """The record's damage: the first that was found, made of `problem` if this is it."""
        if self.damage is None:
            self.damage = RecordError(self._path, self._offset, problem, torn=torn)
        if self.owns_source:
            self._source.close()
        return self.damage

    def _take(self, size: int) -> bytes:
        """Some of the next `size` bytes, at least one."""
        if self.damage is not None:
            raise self.damage
        if self._left == self._size:
            self._look_ahead()
        try:
            data = self._source.take(min(size, self._left))
            while not data and self._source.cross():
                data = self._source.take(min(size, self._left))
        except DamagedMember as damage:
            raise self.fail(str(damage), torn=damage.torn) from damage
        if not data:
            # A record that ends with a whole gzip member was not torn: its length is wrong.
            raise self._cut_short(self._left, torn=isinstance(self._source, PlainSource))
        self._left -= len(data)
        return data

    def _look_ahead(self) -> None:
        if missing := self._source.missing(self._size):
            raise self._cut_short(missing, torn=True)
        if not self._source.may_end_after(self._size):
            raise self.wrong_length()

    def wrong_length(self) -> RecordError:
        """The damage of a record whose block is not followed by another."""
        return self.fail(
            f"no record follows its block of {self._size} bytes: that length is wrong, or the bytes after it are "
            "damaged"
        )

    def _cut_short(self, missing: int, *, torn: bool) -> RecordError:
        there = f"{self._size - missing} of {self._size} bytes are there"
        return self.fail(f"it is cut short: {there}", torn=torn)


@dataclass(slots=True, eq=False)
class Record:
    """One record. Its block can be read until the iteration that gave it moves on.

    path            the file that it stands in
    offset          where it begins in the file as stored; of a gzip file, where its first member begins
    version         as in the file: `WARC/1.1`, `WARC/1.0`, `WARC/0.18`, or `ARC/1`, `ARC/2`
    headers         names and values in the order of the file; folded lines joined, a line without a colon
                    as a name without a value
    type            WARC-Type in lower case (warcinfo, response, ...); of an ARC record what WARC
                    would call it
    record_id       WARC-Record-ID as it stands, angle brackets included; None for ARC
    date            aware, UTC; None where there is none that can be read
    target_uri      without the angle brackets that wget writes, spaces as %20; None where there is none
    content_type    media type of the block as it stands, or None; of an ARC record the type of the entity
    content_length  bytes of the block
    block           the block's bytes
    length          bytes of the record in the file as stored; 0 until it was read to its end, and for one
                    that shares a gzip member with others
    """

    path: Path
    offset: int
    version: str
    headers: tuple[tuple[str, str], ...]
    type: str
    record_id: str | None
    date: datetime | None
    target_uri: str | None
    content_type: str | None
    content_length: int
    length: int = 0
    block: Block = field(init=False, repr=False)
    _source: Source = field(init=False, repr=False)
    _warnings: list[RecordWarning] | None = field(init=False, repr=False, default=None)

    def begin(self, source: Source) -> Self:
        """Tie the record to `source`, which stands at the first byte of its block."""
        self._source = source
        self.block = Block(source, self.path, self.offset, self.content_length)
        return self

    def get(self, name: str) -> str | None:
        """The first value under `name`, any case."""
        wanted = name.lower()
        return next((value for field, value in self.headers if field.lower() == wanted), None)

    def get_all(self, name: str) -> list[str]:
        """All values under `name`, any case, in order."""
        wanted = name.lower()
        return [value for field, value in self.headers if field.lower() == wanted]

    @property
    def is_arc(self) -> bool:
        """Whether the record is of an ARC file."""
        return self.version.startswith("ARC/")

    @property
    def is_http_response(self) -> bool:
        """Whether the block holds an HTTP response, or for a revisit the head of one."""
        if self.is_arc:
            return self.type == "response"
        if self.type not in ("response", "revisit") or not self.content_length:
            return False
        return (self.content_type or "").lower().startswith("application/http")

    def read_block(self, limit: int | None = None, into: Spool | None = None) -> Spool:
        """The block's first `limit` bytes, all of them for None, in an empty spool; the rest is read and checked.

        The caller closes the spool. Raises RecordError where the record is cut short or damaged, or where
        what follows the block shows that its length is wrong.
        """
        spool = Spool() if into is None else into
        try:
            for piece in self.block.pieces():
                room = len(piece) if limit is None else max(0, limit - spool.size)
                if room:
                    spool.write(piece[:room])
            self.end()
        except RecordError:
            spool.close()
            raise
        return spool

    def end(self) -> list[RecordWarning]:
        """Pass over what is left of the block, check what follows it, and set `length`.

        Returns what breaks the standard though nothing is lost. Raises RecordError as `read_block` does, the
        same one again where a read has raised it.
        """
        if self.block.damage is not None:
            raise self.block.damage
        if self._warnings is None:
            for _ in self.block.pieces():
                pass
            try:
                self._warnings = list(self._end())
            except DamagedMember as damage:
                raise self.block.fail(str(damage), torn=damage.torn) from damage
            if self.block.owns_source:
                self.close()
        return self._warnings

    def own_source(self) -> Self:
        """Let the file be closed as soon as the record was read to its end, or found to be damaged."""
        self.block.owns_source = True
        return self

    def close(self) -> None:
        """Close the file of a record from `read_record_at`. One from an iteration is closed by that."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _end(self) -> Iterator[RecordWarning]:
        source = self._source
        after = source.take_line_ends()
        end = source.end()
        more = source.at_more()
        if more and not source.resembles_record():
            raise self.block.wrong_length()
        if not (self.is_arc or _TWO_LINE_ENDS.fullmatch(after)):
            yield self._warning(f"its block is followed by {after!r} instead of two line ends")
        if more and end is None and not source.shares_members:
            source.shares_members = True
            yield self._warning(
                "it shares its gzip member with the next one, so no record of this file can be read by its "
                "offset; compress the file anew, one member a record"
            )
        if end is not None and not source.shares_members:
            self.length = end - self.offset

    def _warning(self, problem: str) -> RecordWarning:
        return RecordWarning(self.path, self.offset, problem)


def parse_date(text: str) -> datetime | None:
    """A WARC-Date as aware UTC, or None where it is none.

    Takes every W3C-DTF form of ISO 28500:2017, 5.4, from YYYY to fractions of a second (microseconds are
    kept).
    """
    if not _DATE.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text + _DATE_ENDS.get(len(text), ""))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
