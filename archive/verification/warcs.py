"""Fixity and conformance of one WARC or ARC file: is every byte still what it says?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from archive.digests import has_digest
from archive.errors import MessageError, RecordError
from archive.spool import Spool
from archive.verification.findings import Finding, Tally
from archive.warc.http import Head, entity_pieces, parse_head
from archive.warc.reader import read_records
from archive.warc.record import Record, RecordWarning

MANDATORY = ("WARC-Record-ID", "WARC-Date", "WARC-Type", "Content-Length")
"""Fields that every record has, once (ISO 28500:2017, 5.1)."""
_HEAD_LIMIT = 1 << 20


def verify_warc(path: Path, tally: Tally, ids: set[str]) -> Iterator[Finding]:
    """Check every record of a file. `ids` holds the record ids seen so far and is added to."""
    tally.files += 1
    damages: list[RecordError] = []
    try:
        for record in read_records(path, damages.append):
            tally.records += 1
            yield from _check(record, ids)
            yield from map(_finding, damages)
            damages.clear()
    except RecordError as error:
        yield _finding(error)
    except OSError as error:
        yield Finding(path, f"can't be read: {error.strerror}; check the path")
    yield from map(_finding, damages)


def _finding(error: RecordError) -> Finding:
    return Finding(error.path, error.problem, error.offset, damage=not isinstance(error, RecordWarning))


def _check(record: Record, ids: set[str]) -> Iterator[Finding]:
    try:
        with record.read_block() as block:
            if record.is_arc:
                return
            problems = [*_fields(record, ids), *_digests(record, block)]
    except RecordError:
        return  # the iteration names it as it moves on
    for problem, damage in problems:
        yield Finding(record.path, problem, record.offset, damage)


def _fields(record: Record, ids: set[str]) -> Iterator[tuple[str, bool]]:
    for name in MANDATORY:
        count = len(record.get_all(name))
        if count != 1:
            yield f"it has {name} {count} times instead of once", True
    if record.get("WARC-Date") and not isinstance(record.date, datetime):
        yield f"its WARC-Date {record.get('WARC-Date')!r} is no date", True
    if record.record_id:
        if record.record_id in ids:
            yield f"its WARC-Record-ID {record.record_id} stands on an earlier record already", True
        ids.add(record.record_id)


def _digests(record: Record, block: Spool) -> Iterator[tuple[str, bool]]:
    for stated in record.get_all("WARC-Block-Digest"):
        matches = has_digest(stated, block.pieces())
        if matches is None:
            yield f"its WARC-Block-Digest {stated} is of an unknown algorithm and was not checked", False
        elif not matches:
            yield f"its block is not what its WARC-Block-Digest {stated} says", True
    stated_payload = record.get("WARC-Payload-Digest")
    if stated_payload and record.type in ("response", "resource", "request"):
        yield from _payload(record, block, stated_payload)


def _payload(record: Record, block: Spool, stated: str) -> Iterator[tuple[str, bool]]:
    head = _head(record, block)
    start = head.length if head else 0
    entity = entity_pieces(head, block.pieces(start)) if head else block.pieces()
    matches = has_digest(stated, entity)
    if matches is None:
        yield f"its WARC-Payload-Digest {stated} is of an unknown algorithm and was not checked", False
    elif not matches and head and head.chunked and has_digest(stated, block.pieces(start)):
        yield (
            "its WARC-Payload-Digest is that of the body in chunks, not of the payload (ISO 28500:2017, 5.9)",
            False,
        )
    elif not matches:
        yield f"its payload is not what its WARC-Payload-Digest {stated} says", True


def _head(record: Record, block: Spool) -> Head | None:
    if not (record.content_type or "").lower().startswith("application/http"):
        return None
    try:
        return parse_head(block.peek(_HEAD_LIMIT))
    except MessageError:
        return None
