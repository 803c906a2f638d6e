"""The header of a WARC record (ISO 28500:2017, 4 and 5), read as lenient as can be."""

from __future__ import annotations

import re
from pathlib import Path

from archive.errors import RecordError
from archive.warc.record import Record, parse_date
from archive.warc.source import PlainSource, Source, Starts

_LIMIT = 1 << 18  # bytes of a header; the longest seen in the wild hold a few 10 KB of JSON
_LINES_LIMIT = 1_000
_BLANK_LINE = re.compile(rb"\n\r*\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_LENGTH = re.compile(r"\d{1,18}")
_VERSION_BEGIN = b"WARC/1."


def _resembles(line: bytes) -> bool:
    """Whether at most two bytes of the version are wrong; where the file ends within it, it is shorter."""
    begin = line[: len(_VERSION_BEGIN)]
    same = sum(have == wanted for have, wanted in zip(begin, _VERSION_BEGIN, strict=False))
    return same > 0 and same >= len(begin) - 2


WARC_STARTS = Starts(
    first=re.compile(rb"WARC/\d+\.\d+[ \t\r]*\n"),
    inside=re.compile(rb"WARC/\d+\.\d+[ \t\r]*\n[!-9;-~]+[ \t]*:"),
    resembles=_resembles,
)


def read_warc_record(path: Path, source: Source) -> Record:
    """Read the header of the WARC record that begins where `source` stands; its block comes next.

    Line ends may be lone LF, lines may be folded or lack a colon, fields may repeat: what the standard
    forbids but a reader can live with is kept in `headers`. Raises RecordError where the header never ends or
    gives no Content-Length, and DamagedMember.
    """
    offset = source.offset
    raw = source.take_until(_BLANK_LINE, _LIMIT)
    if raw is None:
        problem = "its header is cut short, or longer than any record's should be"
        torn = isinstance(source, PlainSource) and not source.at_more()
        raise RecordError(path, offset, problem, torn=torn)
    if raw.count(b"\n") > _LINES_LIMIT:
        raise RecordError(path, offset, f"its header has more than {_LINES_LIMIT} lines")
    text = decode_header(raw)
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    lines = [line.partition(":") for line in text.split("\n")]
    headers = tuple([(name.strip(), value.strip()) for name, _, value in lines[1:] if name.strip()])
    first = {name.lower(): value for name, value in reversed(headers)}
    length = first.get("content-length", "")
    if not _LENGTH.fullmatch(length):
        given = f"the Content-Length {length[:40]!r}" if length else "no Content-Length"
        raise RecordError(path, offset, f"it has {given}, so its end is unknown")
    uri = first.get("warc-target-uri")
    return Record(
        path=path,
        offset=offset,
        version=text.split(maxsplit=1)[0],
        headers=headers,
        type=first.get("warc-type", "").lower(),
        record_id=first.get("warc-record-id"),
        date=parse_date(first.get("warc-date", "")),
        target_uri=_tidy_uri(uri) if uri else None,
        content_type=first.get("content-type"),
        content_length=int(length),
    ).begin(source)


def decode_header(raw: bytes) -> str:
    """Header bytes as text: UTF-8 (ISO 28500:2017, 4), else ISO 8859-1 line by line, as old tools wrote."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "".join(_decode_line(line) for line in raw.splitlines(keepends=True))


def _decode_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _tidy_uri(uri: str) -> str:
    if uri.startswith("<") and uri.endswith(
        ">"
    ):  # wget writes what the grammar of WARC 1.0 seemed to ask for
        uri = uri[1:-1]
    return uri.replace(" ", "%20")
