"""Fixity and conformance of one WARC or ARC file: is every byte still what it says?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.digests import has_digest
from archive.errors import MessageError, RecordError, WaczError
from archive.spool import Spool
from archive.verification.findings import Code, Finding, Tally
from archive.verification.references import References
from archive.verification.revalidations import Revalidations
from archive.warc.http import Head, entity_pieces, parse_head
from archive.warc.names import serial_of
from archive.warc.reader import read_records
from archive.warc.record import Record, RecordWarning
from archive.warc.source import Opener, open_file
from archive.warc.writer import OPEN_SUFFIX

MANDATORY = ("WARC-Record-ID", "WARC-Date", "WARC-Type", "Content-Length")
"""Fields that every record has, once (ISO 28500:2017, 5.1)."""
_HEAD_LIMIT = 1 << 20
_CLOCKS_DIFFER = timedelta(days=1)  # by which a record may be ahead of the clock that it is compared with

Problem = tuple[Code, str, bool]
"""What a problem is about, a sentence, and whether it is damage."""


def verify_warc(
    path: Path,
    tally: Tally,
    references: References,
    *,
    opener: Opener = open_file,
    now: datetime | None = None,
) -> Iterator[Finding]:
    """Check every record of a file. What records say of each other is added to `references`, which tell in the end.

    A date later than `now` (aware, UTC; by default the clock's) is told of.
    """
    tally.files += 1
    references.begin(path)
    checking = _Checking(references, (now or datetime.now(UTC)) + _CLOCKS_DIFFER, own=is_own(path.name))
    damages: list[RecordError] = []
    try:
        for record in read_records(path, damages.append, opener=opener):
            tally.records += 1
            yield from checking.check(record)
            yield from map(_finding, damages)
            damages.clear()
    except RecordError as error:
        yield _finding(error)
    except WaczError as error:
        yield Finding(path, str(error).removeprefix(f"{path}: "), code="wacz")
    except OSError as error:
        yield Finding(path, f"can't be read: {error.strerror}; check the path", code="unreadable")
    yield from map(_finding, damages)


def is_own(name: str) -> bool:
    """Whether tearsheet wrote a WARC file, by its name."""
    return serial_of(name.removesuffix(OPEN_SUFFIX)) is not None


def _finding(error: RecordError) -> Finding:
    return Finding(error.path, error.problem, error.offset, damage=not isinstance(error, RecordWarning))


class _Checking:
    """Checks the records of one file."""

    def __init__(self, references: References, latest: datetime, *, own: bool) -> None:
        self._references = references
        self._latest = latest
        self._own = own
        self._revalidations = Revalidations(references) if own else None

    def check(self, record: Record) -> Iterator[Finding]:
        problems: list[Problem] = []
        try:
            if not record.is_arc:
                self._references.add(record, own=self._own)
                problems += _fields(record)
            problems += _date(record, self._latest)
            with record.read_block() as block:
                if not record.is_arc:
                    problems += _digests(record, block)
                if self._revalidations is not None:
                    self._revalidations.add(record, block)
        except RecordError:
            problems = []  # the iteration names the record as it moves on
        for code, problem, damage in problems:
            yield Finding(record.path, problem, record.offset, damage, code)


def _fields(record: Record) -> Iterator[Problem]:
    for name in MANDATORY:
        count = len(record.get_all(name))
        if count != 1:
            code: Code = "date" if name == "WARC-Date" else "field"
            yield code, f"it has {name} {count} times instead of once", True


def _date(record: Record, latest: datetime) -> Iterator[Problem]:
    stated = record.get("Archive-date" if record.is_arc else "WARC-Date")
    if stated and record.date is None:
        yield "date", f"its WARC-Date {stated!r} is no date", True
    elif record.date is not None and record.date > latest:
        problem = f"its WARC-Date {stated} has not come yet; the clock of the machine that wrote it was wrong"
        yield "date", problem, False


def _digests(record: Record, block: Spool) -> Iterator[Problem]:
    for stated in record.get_all("WARC-Block-Digest"):
        matches = has_digest(stated, block.pieces())
        if matches is None:
            yield (
                "digest",
                f"its WARC-Block-Digest {stated} is of an unknown algorithm and was not checked",
                False,
            )
        elif not matches:
            yield "digest", f"its block is not what its WARC-Block-Digest {stated} says", True
    stated_payload = record.get("WARC-Payload-Digest")
    if stated_payload and record.type in ("response", "resource", "request"):
        yield from _payload(record, block, stated_payload)


def _payload(record: Record, block: Spool, stated: str) -> Iterator[Problem]:
    head = _head(record, block)
    start = head.length if head else 0
    entity = entity_pieces(head, block.pieces(start)) if head else block.pieces()
    matches = has_digest(stated, entity)
    if matches is None:
        yield (
            "digest",
            f"its WARC-Payload-Digest {stated} is of an unknown algorithm and was not checked",
            False,
        )
    elif not matches and head and head.chunked and has_digest(stated, block.pieces(start)):
        yield (
            "digest",
            "its WARC-Payload-Digest is that of the body in chunks, not of the payload (ISO 28500:2017, 5.9)",
            False,
        )
    elif not matches:
        yield "digest", f"its payload is not what its WARC-Payload-Digest {stated} says", True


def _head(record: Record, block: Spool) -> Head | None:
    if not (record.content_type or "").lower().startswith("application/http"):
        return None
    try:
        return parse_head(block.peek(_HEAD_LIMIT))
    except MessageError:
        return None
