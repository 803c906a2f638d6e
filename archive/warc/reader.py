"""Reads the records of any WARC or ARC file, whole or damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from archive.errors import RecordError
from archive.warc.arc import ARC_STARTS, read_arc_record
from archive.warc.header import WARC_STARTS, read_warc_record
from archive.warc.kinds import Kind, recognise
from archive.warc.members import DamagedMember, open_source
from archive.warc.record import Record, RecordWarning
from archive.warc.source import Opener, Source, open_file

OnDamage = Callable[[RecordError], None]

_DAMAGES_LIMIT = 100_000
_WARNINGS_LIMIT = 1_000


def read_records(
    path: Path, on_damage: OnDamage, *, start: int = 0, opener: Opener = open_file
) -> Iterator[Record]:
    """Every record of `path` that can be read, in order, from the one at offset `start` on.

    Each broken thing goes to `on_damage` once, and reading goes on with the next record that can be found. A
    record is handed out as soon as its header is read. Damage in its block or right after it is raised to
    whoever reads the block, and given to `on_damage` when the iteration moves on, so there is no need to pass
    on what was raised. A RecordWarning stands for a fault by which nothing is lost. The unread rest of a
    block is skipped.

    The first thousand warnings of a file are given, and a hundred thousand damages: then it is left with an error.

    Raises RecordError at once if the file holds neither WARC nor ARC records, and OSError.
    """
    return _iterate(path, recognise(path, opener), on_damage, start, opener)


def read_record_at(path: Path, offset: int) -> Record:
    """The record that begins at `offset` of the file as stored.

    It is a context manager that closes the file; reading the block to its end with `read_block` does so too.
    Raises RecordError if no record begins there or its header is damaged, and OSError.
    """
    file = path.open("rb")
    try:
        file.seek(offset)
        source = open_source(file, WARC_STARTS)
        if not source.at_data():
            raise RecordError(path, offset, "the file ends before it")
        if not source.starts_record():
            source.starts = ARC_STARTS
        return _next_record(path, source).own_source()
    except DamagedMember as damage:
        file.close()
        raise RecordError(path, offset, str(damage)) from damage
    except BaseException:
        file.close()
        raise


def _iterate(path: Path, kind: Kind, on_damage: OnDamage, start: int, opener: Opener) -> Iterator[Record]:
    with opener(path) as file:
        file.seek(start)
        source = kind.source(file, kind.starts)
        tell = _Telling(path, on_damage)
        going = True
        while going:
            found: list[RecordError] = []
            try:
                if not source.at_data():
                    return
                if source.take_line_ends():
                    continue
                record = _next_record(path, source)
                yield record
                found += record.end()
            except (DamagedMember, RecordError) as damage:
                found.append(_named(path, damage))
                going = _go_on(path, source, damage.offset, found)
            for finding in found:
                tell(finding)


class _Telling:
    """Gives findings on, as many as whoever keeps them has room for."""

    def __init__(self, path: Path, on_damage: OnDamage) -> None:
        self._path = path
        self._on_damage = on_damage
        self._damages = 0
        self._warnings = 0

    def __call__(self, finding: RecordError) -> None:
        """Raises RecordError where it was one damage too many."""
        # They would keep the frames that they were raised in, and the bytes that were read there.
        finding.__traceback__ = finding.__cause__ = finding.__context__ = None
        if isinstance(finding, RecordWarning):
            self._warnings += 1
            if self._warnings > _WARNINGS_LIMIT:
                return
            if self._warnings == _WARNINGS_LIMIT:
                problem = f"{finding.problem}; it is the {_WARNINGS_LIMIT}th such fault, and no more are told"
                finding = RecordWarning(self._path, finding.offset, problem)
        else:
            self._damages += 1
            if self._damages > _DAMAGES_LIMIT:
                problem = (
                    f"the file is damaged in more than {_DAMAGES_LIMIT} places; the rest of it is not read"
                )
                raise RecordError(self._path, finding.offset, problem)
        self._on_damage(finding)


def _next_record(path: Path, source: Source) -> Record:
    offset = source.offset
    if not source.starts_record():
        begins = source.take(40)
        torn = b"\n" not in begins and not source.at_more() and source.starts.resembles(begins)
        raise RecordError(path, offset, f"no record begins here, but {begins!r}", torn=torn)
    try:
        return (read_warc_record if source.starts is WARC_STARTS else read_arc_record)(path, source)
    except DamagedMember as damage:
        raise RecordError(path, offset, str(damage), torn=damage.torn) from damage


def _named(path: Path, damage: DamagedMember | RecordError) -> RecordError:
    return (
        damage
        if isinstance(damage, RecordError)
        else RecordError(path, damage.offset, str(damage), torn=damage.torn)
    )


def _go_on(path: Path, source: Source, offset: int, found: list[RecordError]) -> bool:
    """Go to the next record after damage at `offset`; damage elsewhere on the way is added to `found`."""
    while True:
        try:
            return source.resync(offset)
        except DamagedMember as damage:
            if damage.offset != offset:
                found.append(_named(path, damage))
