"""ARC files, which the Internet Archive wrote before WARC: versions 1 and 2 of its URL record.

A record is one line of fields that a space parts, then the block, then a line end. The fields:

    version 1  URL IP-address Archive-date Content-type Archive-length
    version 2  URL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename
               Archive-length

URLs with spaces occur, so the fields are told from the right. The first record of a file, `filedesc://`,
describes the file.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import RecordError
from archive.warc.header import decode_header
from archive.warc.record import Record
from archive.warc.source import Source, Starts

_LINE_LIMIT = 1 << 16
_LINE_END = re.compile(rb"\n")
_SCHEME = rb"[A-Za-z][A-Za-z0-9+.-]*:"
_DATED = re.compile(r" (?=(\S+) (\d{12,20}) )")
_TWO = re.compile(r"(\S.*) (\S+) (\d{14}) (\S+) (\d{3}|-) (\S+) (\S+) (\d+) (\S+) (\S+)")
_ONE_NAMES = ("URL", "IP-address", "Archive-date", "Content-type", "Archive-length")
_TWO_NAMES = (
    *_ONE_NAMES[:-1],
    "Result-code",
    "Checksum",
    "Location",
    "Offset",
    "Filename",
    "Archive-length",
)
_BEGIN = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{0,10}(?::|\Z)")
_SIGNS = tuple(re.compile(sign) for sign in (rb"\A" + _SCHEME, rb" \d{14} ", rb" \d+\r?\n\Z"))


def _resembles(line: bytes) -> bool:
    """Whether two of three signs of a URL record are there; only its beginning where the file ends in it."""
    if not line.endswith(b"\n"):
        return _BEGIN.match(line) is not None
    return sum(sign.search(line) is not None for sign in _SIGNS) >= 2


ARC_STARTS = Starts(
    # Its first date is where a line is divided: to try them all would take the square of their number.
    first=re.compile(_SCHEME + rb"(?:[^\r\n ]++| (?!\d{12,20} ))*+ \d{12,20} [^\r\n]*+\r?\n"),
    # One byte may stand before it: a line end after the block before that was damaged.
    inside=re.compile(
        rb"(?:(?<=\n)|(?<=\n[^\nA-Za-z0-9+.-]))"
        + _SCHEME
        + rb"(?:[^\r\n ]++| (?!\d{14,20} ))*+ \d{14,20} (?:[^\r\n ]*+ )++-?\w++\r?\n"
    ),
    resembles=_resembles,
)


def read_arc_record(path: Path, source: Source) -> Record:
    """Read the URL record that begins where `source` stands; its block comes next.

    Raises RecordError where it lacks fields or gives no length, and DamagedMember.
    """
    offset = source.offset
    raw = source.take_until(_LINE_END, _LINE_LIMIT)
    line = decode_header(raw).strip() if raw else ""
    two = _TWO.fullmatch(line)
    values = two.groups() if two else _version_one(line)
    if values is None:
        raise RecordError(path, offset, f"its URL record {line[:80]!r} lacks fields")
    headers = tuple(zip(_TWO_NAMES if two else _ONE_NAMES, values, strict=True))
    url, _, date, media_type = values[:4]
    length = headers[-1][1]
    if not (length.isdecimal() and len(length) <= 18):
        raise RecordError(path, offset, f"it has the Archive-length {length[:40]!r}, so its end is unknown")
    return Record(
        path=path,
        offset=offset,
        version="ARC/2" if two else "ARC/1",
        headers=headers,
        type=_type(url),
        record_id=None,
        date=_parse_date(date),
        target_uri=url.replace(" ", "%20"),
        content_type=media_type,
        content_length=int(length),
    ).begin(source)


def _version_one(line: str) -> tuple[str, ...] | None:
    """URL, address, date, type and length, divided by the last date that can be one; each letter is looked at once."""
    rest, _, length = line.rpartition(" ")
    dated = None
    for match in _DATED.finditer(rest):
        dated = match
    if dated is None or length.split() != [length]:
        return None
    return rest[: dated.start()], dated[1], dated[2], rest[dated.end(2) + 1 :], length


def _type(url: str) -> str:
    scheme = url.partition(":")[0].lower()
    if scheme in ("http", "https"):
        return "response"
    return "warcinfo" if scheme == "filedesc" else "resource"


def _parse_date(digits: str) -> datetime | None:
    """An Archive-date, YYYYMMDDhhmmss in UTC; some tools left out the seconds or padded with zeros."""
    try:
        return datetime.strptime(digits[:14].ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
