"""What can be asked of a catalogue."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DatabaseError

from archive.capture import Capture, warc_date
from archive.catalogue.engines import unusable
from archive.catalogue.progress import (
    READ,
    TAKEN_IN,
    FileRead,
    TakenIn,
)
from archive.catalogue.rows import (
    AnyRow,
    CaptureState,
    Counts,
    TextRow,
    capture_of,
    text_of,
)
from archive.catalogue.statements import (
    ANSWER_AFTER,
    ANSWER_BEFORE,
    AT,
    BY_RECORD_ID,
    CAPTURES,
    FIND,
    HISTORY,
    LATEST,
    MAY_BE_UNCHANGED,
    PENDING,
    PENDING_PAGE,
    SAME,
    SAME_OR_PART,
    STATE,
    STRETCHES,
    TEXT,
    TEXT_BY_HASH,
    TEXTS_AT,
)
from archive.catalogue.tables import captures, texts

Form = Literal["answer", "page", "dom"]


class Queries:
    """Answers from what is committed at the moment of each question. Each raises CollectionError where the file is out
    of reach."""

    _path: Path
    _engine: Engine
    _reading: Connection | None

    def stretches(self) -> Iterator[tuple[int, str]]:
        """Offset and name of the WARC file where captures, in their order, go on in another file."""
        return ((row[0], row[1]) for row in self._each(STRETCHES))

    def text_numbers(self) -> list[int]:
        """The numbers of all texts, ascending."""
        return [row[0] for row in self._all(select(texts.c.number).order_by(texts.c.number))]

    def next_numbers(self) -> tuple[int, int]:
        """The numbers that the next capture and the next text get."""
        last_capture = self._scalar(select(func.coalesce(func.max(captures.c.number), 0)))
        last_text = self._scalar(select(func.coalesce(func.max(texts.c.number), -1)))
        return last_capture + 1, last_text + 1

    def same(
        self, url: str, entity_digest: str, status: int | None, *, parts: bool = False
    ) -> Capture | None:
        """The first capture of `url` by GET that holds this very entity itself, under this status; one that was
        fetched for a rendered page only with `parts`."""
        statement = SAME_OR_PART if parts else SAME
        return self._capture(statement, url=url, digest=entity_digest, status=status)

    def latest(self, url: str) -> Capture | None:
        """The capture of `url` for itself, of the latest date, that holds a whole successful entity."""
        return self._capture(LATEST, url=url)

    def may_be_unchanged(self, url: str) -> list[Capture]:
        """The last captures of `url` for itself that hold a whole successful entity or are revisits, by date, the
        newest first."""
        return list(map(capture_of, self._all(MAY_BE_UNCHANGED, url=url)))

    def nearest(self, url: str, moment: datetime | None, form: Form = "answer") -> Capture | None:
        """The whole answer to a GET of `url` whose date is nearest to `moment`, the earlier one of two; the newest for
        None. It may be a revisit.

        In the form `page` it is one that text is made of: of a rendered page the DOM, and not what the server sent; in
        the form `dom` it is a DOM.
        """
        moment = moment or datetime.max.replace(tzinfo=UTC)
        limits = {"but": "dom" if form == "answer" else "part", "only": "dom" if form == "dom" else None}
        before = self._capture(ANSWER_BEFORE, url=url, moment=warc_date(moment), **limits)
        after = self._capture(ANSWER_AFTER, url=url, moment=warc_date(moment), **limits)
        return min(filter(None, (before, after)), key=lambda found: abs(found.date - moment), default=None)

    def find(self, url: str, second: datetime) -> Capture | None:
        """The first capture of `url` within one second of time that holds an entity itself."""
        begin, end = warc_date(second), warc_date(second + timedelta(seconds=1))
        return self._capture(FIND, url=url, begin=begin, end=end)

    def by_record_id(self, record_id: str) -> Capture | None:
        return self._capture(BY_RECORD_ID, record_id=record_id)

    def numbered(self, number: int) -> Capture | None:
        """The capture of that number."""
        return self._capture(CAPTURES.where(captures.c.number == number))

    def at(self, warc: str, offset: int) -> Capture | None:
        """The capture whose record lies there."""
        return self._capture(AT, warc=warc, offset=offset)

    def end_of(self, warc: str) -> int:
        """Where in a WARC file the last record ends that the catalogue knows, in bytes; 0 where it knows none."""
        end = func.max(captures.c.offset + captures.c.length)
        return self._scalar(select(func.coalesce(end, 0)).where(captures.c.warc == warc))

    def state(self, number: int) -> CaptureState | None:
        row = self._one(STATE, number=number)
        return CaptureState(*row) if row else None

    def text(self, number: int) -> TextRow | None:
        row = self._one(TEXT, number=number)
        return text_of(row) if row else None

    def text_by_hash(self, text_hash: str) -> TextRow | None:
        row = self._one(TEXT_BY_HASH, hash=text_hash)
        return text_of(row) if row else None

    def texts_at(self, url: str) -> list[tuple[int, int]]:
        """Capture and text numbers of the captures of `url` that have text, in the order of the captures."""
        return [(row.number, row.text_number) for row in self._all(TEXTS_AT, url=url)]

    def history(self, url: str) -> list[tuple[Capture, CaptureState]]:
        """The captures of `url`, and of the texts whose pages call it their own address, in their order."""
        return [
            (capture_of(row[:-3]), CaptureState(row.number, *row[-3:])) for row in self._all(HISTORY, url=url)
        ]

    def pending_numbers(self) -> array[int]:
        """The numbers of the captures that wait for extraction, in their order: eight bytes each."""
        waiting = select(captures.c.number).where(PENDING).order_by(captures.c.number)
        return array("Q", (row[0] for row in self._each(waiting)))

    def pending(self) -> Iterator[Capture]:
        """The captures that wait for extraction now, in the order in which they were written."""
        last = self._scalar(select(func.coalesce(func.max(captures.c.number), 0)).where(PENDING))
        after = 0
        while rows := self._all(PENDING_PAGE, after=after, last=last):
            for row in rows:
                yield capture_of(row)
                after = row.number

    def captures(self, *, since: int = 1) -> Iterator[Capture]:
        """Captures from number `since` on in the order in which they were written."""
        statement = CAPTURES.where(captures.c.number >= since).order_by(captures.c.number)
        return map(capture_of, self._each(statement))

    def captures_in(self, warc: str) -> Iterator[Capture]:
        """The captures of one WARC file in the order of their places."""
        statement = CAPTURES.where(captures.c.warc == warc).order_by(captures.c.offset, captures.c.number)
        return map(capture_of, self._each(statement))

    def captures_of(self, text_number: int) -> list[Capture]:
        """The captures that have this text, in the order in which they were written."""
        statement = CAPTURES.where(captures.c.text_number == text_number).order_by(captures.c.number)
        return [capture_of(row) for row in self._all(statement)]

    def texts(self) -> Iterator[TextRow]:
        """All texts by number."""
        return map(text_of, self._each(select(texts).order_by(texts.c.number)))

    def warcs(self) -> set[str]:
        """Names of the WARC files that captures lie in."""
        return {row[0] for row in self._all(select(captures.c.warc).distinct())}

    def file_read(self, warc: str, selection: str) -> FileRead | None:
        """How far a replay with that selection has read a WARC file."""
        row = self._one(READ, warc=warc, selection=selection)
        return FileRead(*row) if row else None

    def taken_in(self, source: str) -> TakenIn | None:
        """What was taken in of the file at an absolute path."""
        rows = self._all(TAKEN_IN, source=source)
        return TakenIn(source, rows[0].size, rows[0].modified, tuple(r.warc for r in rows)) if rows else None

    def counts(self) -> Counts:
        states = {
            row[0]: row[1] for row in self._all(select(captures.c.state, func.count()).group_by("state"))
        }
        number = self._scalar(select(func.count()).select_from(texts))
        return Counts(captures=sum(states.values()), texts=number, states=states)

    def _capture(self, statement: Any, **values: Any) -> Capture | None:
        row = self._one(statement, **values)
        return capture_of(row) if row else None

    def _scalar(self, statement: Any) -> int:
        row = self._one(statement)
        assert row is not None, "an aggregate has one row"
        return int(row[0])

    @property
    def _connection(self) -> Connection:
        assert self._reading is not None, "set unless the constructor raised"
        return self._reading

    def _one(self, statement: Any, **values: Any) -> AnyRow | None:
        try:
            row: AnyRow | None = self._connection.execute(statement, values).first()
        except DatabaseError as error:
            raise unusable(self._path, error) from error
        return row

    def _all(self, statement: Any, **values: Any) -> list[AnyRow]:
        try:
            return list(self._connection.execute(statement, values))
        except DatabaseError as error:
            raise unusable(self._path, error) from error

    def _each(self, statement: Any) -> Iterator[AnyRow]:
        """The rows one after another, on a connection of their own, so that changes may go on meanwhile."""
        try:
            with self._engine.connect() as connection:
                yield from connection.execution_options(yield_per=1000).execute(statement)
        except DatabaseError as error:
            raise unusable(self._path, error) from error
