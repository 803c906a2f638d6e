"""What records say of each other: ids, the two halves of an exchange, and what revisits refer to.

Each is written down as a line of a temporary file while records are read, and the lines are sorted in the end, so that
memory stays flat whatever the number of records.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from archive.cdxj.index import in_order
from archive.verification.findings import Code, Finding
from archive.warc.record import Record, parse_date

_MEMORY = 1 << 20  # bytes of lines that are held before they go to a file
_HAS_ID, _CAPTURED, _CONCURRENT, _REQUEST, _REVISIT, _SENT, _ASKED = b"a", b"b", b"c", b"d", b"e", b"f", b"g"
_TARGETS = ("response", "resource")


@dataclass(frozen=True, slots=True)
class _Line:
    """What a record at a place says of a key: an id, or a URL at a second of time."""

    key: bytes
    kind: bytes
    file: int
    offset: int
    own: bool

    @classmethod
    def parsed(cls, line: bytes) -> _Line:
        key, kind, file, offset, own = line.rstrip(b"\n").rsplit(b"\t", 4)
        return cls(key, kind, int(file), int(offset), own == b"1")


class References:
    """Collects what the records of any number of files say of each other. A context manager."""

    def __init__(self, *, complete: bool = False) -> None:
        """`complete` says that the files hold all that there is, so that what they refer to has to be in them."""
        self._complete = complete
        self._files: list[Path] = []
        self._lines = tempfile.SpooledTemporaryFile(max_size=_MEMORY, prefix="tearsheet-")  # noqa: SIM115

    def begin(self, path: Path) -> None:
        """Say that the records which follow are of another file."""
        self._files.append(path)

    def add(self, record: Record, *, own: bool) -> None:
        """Note what a record says. `own` says that tearsheet wrote it, which keeps the two halves of an exchange in
        one file."""
        partners = record.get_all("WARC-Concurrent-To")
        if record.record_id:
            self._note(record.record_id, _HAS_ID, record, own=own)
            if record.type == "request" and own and not partners:
                self._note(record.record_id, _REQUEST, record, own=own)
        for partner in partners if record.type in ("request", "response", "revisit") else ():
            self._note(partner, _CONCURRENT, record, own=own)
        if record.type in _TARGETS and record.target_uri and record.date:
            self._note(f"{record.target_uri} {record.date:%Y%m%d%H%M%S}", _CAPTURED, record, own=own)
        if record.type == "revisit" and (original := _refers_to(record)):
            self._note(original, _REVISIT, record, own=own)

    def add_sent(self, record: Record, of: str, validator: str) -> None:
        """Note that the capture with the id `of` came with a validator, as a record of tearsheet's has it."""
        self._note(f"{of} {validator}", _SENT, record, own=True)

    def add_asked(self, record: Record, of: str, validator: str) -> None:
        """Note that such a record says of the capture `of` that it is unchanged, asked by a validator."""
        self._note(f"{of} {validator}", _ASKED, record, own=True)

    def findings(self) -> Iterator[Finding]:
        """What does not fit, sorted by what it is about; to be asked for once, when all records were added."""
        self._lines.seek(0)
        left: dict[tuple[int, bytes], list[int]] = {}
        parsed = map(_Line.parsed, in_order(self._lines))
        for key, lines in groupby(parsed, key=lambda line: line.key):
            yield from self._group(key.decode("utf-8", "replace"), list(lines), left)
        for (file, kind), (offset, count) in left.items():
            yield self._absent(file, kind, offset, count)

    def close(self) -> None:
        self._lines.close()

    def __enter__(self) -> References:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _note(self, key: str, kind: bytes, record: Record, *, own: bool) -> None:
        name = key.encode("utf-8", "surrogateescape").replace(b"\n", b" ")
        place = b"%08d\t%018d" % (len(self._files) - 1, record.offset)
        self._lines.write(b"\t".join((name, kind, place, b"1" if own else b"0")) + b"\n")

    def _group(
        self, key: str, lines: list[_Line], left: dict[tuple[int, bytes], list[int]]
    ) -> Iterator[Finding]:
        kinds = {line.kind for line in lines}
        for again in [line for line in lines if line.kind == _HAS_ID][1:]:
            yield self._finding(again, f"its WARC-Record-ID {key} stands on an earlier record already", "id")
        for line in lines:
            if line.kind == _REQUEST and _CONCURRENT not in kinds:
                yield self._finding(line, "it is a request, and the response to it is missing", "pair")
            elif line.kind == _ASKED and _SENT not in kinds and self._complete:
                yield self._wrong_capture(line, key)
            elif line.kind not in (_CONCURRENT, _REVISIT) or kinds & {_HAS_ID, _CAPTURED}:
                continue
            elif line.kind == _CONCURRENT and line.own:
                yield self._finding(line, f"the request {key} that it answers is missing", "pair")
            elif line.kind == _REVISIT and line.own and self._complete:
                yield self._finding(line, f"it is a revisit of {key}, which is missing", "revisit")
            else:
                left.setdefault((line.file, line.kind), [line.offset, 0])[1] += 1

    def _finding(self, line: _Line, problem: str, code: Code) -> Finding:
        return Finding(self._files[line.file], problem, line.offset, code=code)

    def _wrong_capture(self, line: _Line, key: str) -> Finding:
        """No damage to its bytes, which nothing may change; but whoever follows it may be shown another version."""
        of, _, validator = key.partition(" ")
        problem = (
            f"the server said that what came with {validator} is unchanged, but {of}, which it refers to, did not come "
            "with that: the page of this time may be another capture of the URL"
        )
        return Finding(self._files[line.file], problem, line.offset, damage=False, code="revisit")

    def _absent(self, file: int, kind: bytes, offset: int, count: int) -> Finding:
        """What need not be in the same file, or is a habit of another tool: told once for a file."""
        noun, code = ("revisit", "revisit") if kind == _REVISIT else ("record", "pair")
        said = f"{count} {noun}s, this the first of them, refer" if count > 1 else f"this {noun} refers"
        problem = f"{said} to records that are not in what was looked at"
        code_: Code = "revisit" if code == "revisit" else "pair"
        return Finding(self._files[file], problem, offset, damage=False, code=code_)


def _refers_to(record: Record) -> str | None:
    """The id of what a revisit refers to, or its URL and second, as `_CAPTURED` lines have it."""
    if named := record.get("WARC-Refers-To"):
        return named
    url, date = record.get("WARC-Refers-To-Target-URI"), parse_date(record.get("WARC-Refers-To-Date") or "")
    return f"{url} {date:%Y%m%d%H%M%S}" if url and date else None
