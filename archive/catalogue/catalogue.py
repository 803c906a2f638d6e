"""The catalogue of one collection: which captures and texts there are. The only place with SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote

from sqlalchemy import Engine, Row, create_engine, event, func, insert, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from archive.capture import Capture, warc_date
from archive.catalogue.migrations import check_version, migrate
from archive.catalogue.tables import captures, schema, texts
from archive.errors import CollectionError

AnyRow = Row[*tuple[Any, ...]]
State = Literal["no-page", "pending", "text", "no-article", "failed"]

_CAPTURE_FIELDS = tuple(field.name for field in fields(Capture))
_CAPTURE_COLUMNS = [captures.c[name] for name in _CAPTURE_FIELDS]


@dataclass(frozen=True, slots=True)
class TextRow:
    """What the catalogue keeps of a text: enough to list and to find it; the JSON beside the text has all."""

    number: int
    hash: str
    url: str
    headline: str
    words: int
    canonical_url: str | None = None
    outlet: str | None = None
    date_published: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class CaptureState:
    """What became of a capture: `text_number` where it has text, `note` where it has none and why."""

    number: int
    state: State
    text_number: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a collection holds."""

    captures: int
    texts: int
    states: dict[str, int]


class Catalogue:
    """Queries and changes. One writer at a time (the collection's lock sees to it), any number of readers."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self._path = path
        self._engine = _engine(path, writable=writable)
        try:
            self._connection = self._engine.connect()
            if writable:
                with self._connection.begin():
                    migrate(self._connection, str(path))
            else:
                check_version(self._connection.execute(select(schema.c.version)).scalar_one(), str(path))
                self._connection.rollback()
        except DatabaseError as error:
            self._engine.dispose()
            raise CollectionError(
                f"{path} can't be used as a catalogue ({_reason(error)}); move it away and run the command "
                "again: it is built anew from the WARC files"
            ) from error

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def commit(
        self,
        new_captures: Iterable[tuple[Capture, State]],
        new_texts: Iterable[TextRow],
        changes: Iterable[CaptureState],
    ) -> None:
        """Add captures and texts and set states, together or not at all."""
        capture_rows = [_row(capture) | {"state": state} for capture, state in new_captures]
        text_rows = [asdict(row) for row in new_texts]
        try:
            with self._connection.begin():
                if text_rows:
                    self._connection.execute(insert(texts), text_rows)
                if capture_rows:
                    self._connection.execute(insert(captures), capture_rows)
                for change in changes:
                    values = {"state": change.state, "text_number": change.text_number, "note": change.note}
                    self._connection.execute(
                        update(captures).where(captures.c.number == change.number).values(values)
                    )
        except DatabaseError as error:
            raise CollectionError(f"{self._path}: can't be written ({_reason(error)})") from error

    def next_numbers(self) -> tuple[int, int]:
        """The numbers that the next capture and the next text get."""
        row = self._one(
            select(
                select(func.coalesce(func.max(captures.c.number), 0)).scalar_subquery(),
                select(func.coalesce(func.max(texts.c.number), -1)).scalar_subquery(),
            )
        )
        assert row is not None
        last_capture, last_text = row
        return last_capture + 1, last_text + 1

    def same(self, url: str, entity_digest: str) -> Capture | None:
        """The first capture of `url` that holds this very entity itself."""
        return self._capture(
            captures.c.url == url,
            captures.c.entity_digest == entity_digest,
            captures.c.record_type == "response",
            captures.c.truncated.is_(None),
        )

    def latest(self, url: str) -> Capture | None:
        """The last capture of `url` that holds a whole successful entity itself."""
        return self._capture(
            captures.c.url == url,
            captures.c.record_type == "response",
            captures.c.status == 200,
            captures.c.truncated.is_(None),
            newest=True,
        )

    def find(self, url: str, second: datetime) -> Capture | None:
        """The first capture of `url` within one second of time that holds an entity itself."""
        return self._capture(
            captures.c.url == url,
            captures.c.record_type != "revisit",
            captures.c.date >= warc_date(second),
            captures.c.date < warc_date(second + timedelta(seconds=1)),
        )

    def by_record_id(self, record_id: str) -> Capture | None:
        return self._capture(captures.c.record_id == record_id)

    def at(self, warc: str, offset: int) -> Capture | None:
        """The capture whose record lies there."""
        return self._capture(captures.c.warc == warc, captures.c.offset == offset)

    def state(self, number: int) -> CaptureState | None:
        columns = (captures.c.number, captures.c.state, captures.c.text_number, captures.c.note)
        row = self._one(select(*columns).where(captures.c.number == number))
        return CaptureState(*row) if row else None

    def text(self, number: int) -> TextRow | None:
        row = self._one(select(texts).where(texts.c.number == number))
        return TextRow(**row._asdict()) if row else None

    def text_by_hash(self, text_hash: str) -> TextRow | None:
        row = self._one(select(texts).where(texts.c.hash == text_hash))
        return TextRow(**row._asdict()) if row else None

    def pending(self) -> list[Capture]:
        """The captures that still wait for extraction, in the order in which they were written."""
        statement = select(*_CAPTURE_COLUMNS).where(captures.c.state == "pending").order_by(captures.c.number)
        return [_value(row) for row in self._all(statement)]

    def captures(self, *, since: int = 1, warc: str | None = None) -> Iterator[Capture]:
        """Captures from number `since` on in the order in which they were written, or those of one WARC file."""
        statement = select(*_CAPTURE_COLUMNS).where(captures.c.number >= since).order_by(captures.c.number)
        if warc is not None:
            statement = statement.where(captures.c.warc == warc)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=1000).execute(statement):
                yield _value(row)

    def texts(self) -> Iterator[TextRow]:
        """All texts by number."""
        with self._engine.connect() as connection:
            statement = select(texts).order_by(texts.c.number)
            for row in connection.execution_options(yield_per=1000).execute(statement):
                yield TextRow(**row._asdict())

    def warcs(self) -> set[str]:
        """Names of the WARC files that captures lie in."""
        return {row[0] for row in self._all(select(captures.c.warc).distinct())}

    def counts(self) -> Counts:
        states = {
            row[0]: row[1] for row in self._all(select(captures.c.state, func.count()).group_by("state"))
        }
        return Counts(
            captures=sum(states.values()),
            texts=self._scalar(select(func.count()).select_from(texts)),
            states=states,
        )

    def _capture(self, *conditions: Any, newest: bool = False) -> Capture | None:
        order = captures.c.number.desc() if newest else captures.c.number
        row = self._one(select(*_CAPTURE_COLUMNS).where(*conditions).order_by(order).limit(1))
        return _value(row) if row else None

    def _scalar(self, statement: Any) -> int:
        row = self._one(statement)
        assert row is not None
        (value,) = row
        return int(value)

    def _one(self, statement: Any) -> AnyRow | None:
        rows = self._all(statement)
        return rows[0] if rows else None

    def _all(self, statement: Any) -> list[AnyRow]:
        # The transaction is ended at once: a reader that kept one open would never see what the writer adds.
        with self._connection.begin():
            return list(self._connection.execute(statement))


def _engine(path: Path, *, writable: bool) -> Engine:
    mode = "rwc" if writable else "ro"
    engine = create_engine(
        f"sqlite:///file:{quote(str(path))}?mode={mode}&uri=true",
        poolclass=NullPool,
        connect_args={"timeout": 30.0, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        if writable:
            # Readers go on while the writer commits; FULL syncs each commit, which is what a commit promises.
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def _reason(error: DatabaseError) -> str:
    return str(error.orig) if error.orig is not None else str(error)


def _row(capture: Capture) -> dict[str, Any]:
    return asdict(capture) | {"date": warc_date(capture.date)}


def _value(row: AnyRow) -> Capture:
    capture = Capture(*row)
    return replace(capture, date=parse_date(str(row.date)))


def parse_date(text: str) -> datetime:
    """A stored date as an aware datetime."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
