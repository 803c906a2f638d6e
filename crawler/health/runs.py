"""The log of runs: what each crawl of each outlet came to, in `runs.sqlite` beside the collections.

It holds no evidence: whoever deletes it makes the next crawls begin with no idea of what is usual for an outlet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DatabaseError

from archive.catalogue.engines import reading_engine, writing_engine
from crawler.health.errors import RunLogError
from crawler.health.rows import iso, row_of, run_of
from crawler.health.run import Run, Verdict
from crawler.health.tables import SCHEMA_VERSION, metadata, notices, runs, schema

__all__ = ["FILE", "Run", "RunLog", "Told", "Verdict"]

FILE = "runs.sqlite"
KEEP = timedelta(days=400)
"""Older runs are deleted: a year can be compared with the one before it."""
KEEP_DETAILS = timedelta(days=30)
"""Older runs keep their counts and their worst verdict alone: of each source a run says some 200 bytes."""
HISTORY = 20
"""Runs of each sort that a run is compared with: weeks of a daily crawl, and a median that one bad day can't move."""
USUAL_FOR = timedelta(days=60)
"""How long what was usual counts: an outlet that is another one since then is taken as it is now."""

_RUNS = select(runs).where(runs.c.outlet == bindparam("named"))
_RECENT = _RUNS.order_by(runs.c.started.desc(), runs.c.id.desc()).limit(bindparam("most"))
_INTO = runs.c.collection == bindparam("into")
_VISIT = (
    runs.c.started,
    runs.c.finished,
    runs.c.listed,
    runs.c.new,
    runs.c.fetched,
    runs.c.verdict,
    runs.c.severity,
    runs.c.retry_after,
)
_VISITS = (
    select(*_VISIT)
    .where(runs.c.outlet == bindparam("named"), _INTO)
    .order_by(runs.c.started.desc(), runs.c.id.desc())
    .limit(bindparam("most"))
)
_LAST = _RECENT.where(_INTO)
_FINISHED = _RECENT.where(runs.c.finished.is_not(None))
_FOUND = _FINISHED.where(runs.c.new > 0)
_USUAL = _FINISHED.where(runs.c.usual > 0, runs.c.started >= bindparam("since"))
_NOTICE = select(notices.c.verdict).where(
    notices.c.outlet == bindparam("named"), notices.c.channel == bindparam("by")
)
# From each name to the next one by the index; to look at a year's runs for their names takes seconds.
_OUTLETS = text(
    "WITH RECURSIVE names(name) AS (SELECT min(outlet) FROM runs UNION ALL "
    "SELECT (SELECT min(outlet) FROM runs WHERE outlet > name) FROM names WHERE name IS NOT NULL) "
    "SELECT name FROM names WHERE name IS NOT NULL"
)


class Told(NamedTuple):
    """What was told of an outlet: the verdict's name, and whether that was a broken outlet's."""

    verdict: str
    broken: bool


class RunLog:
    """To be used by any number of processes at once. All times are aware.

    A change is on the disk when the file system has written it, which a power cut may prevent.
    """

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        """Raises RunLogError where the file can't be used; one that is not `writable` must be there."""
        self._path = path
        self._writing: Connection | None = None
        self._reading: Connection | None = None
        try:
            if writable:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._writing = writing_engine(path, durable=False).connect()
                with self._writing.begin():
                    self._make(self._writing)
            self._reading = reading_engine(path).connect()
            self._check(self._reading)
        except BaseException as error:
            self.close()
            if isinstance(error, DatabaseError):
                raise self._unusable(error) from error
            if isinstance(error, OSError):
                raise RunLogError(
                    f"{path.parent}: can't be made ({error.strerror}); see that you may write there"
                ) from error
            raise

    def close(self) -> None:
        for connection in (self._reading, self._writing):
            if connection is not None:
                connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, outlet: str, collection: str, started: datetime) -> int:
        """A crawl has begun. Gives the number to finish it by; one that is never finished was killed."""
        values = {"outlet": outlet, "collection": collection, "started": iso(started)}
        with self._changing() as connection:
            number = connection.execute(insert(runs).values(values)).lastrowid
        return int(number)

    def finish(self, number: int, run: Run, *, usual: bool = True) -> None:
        """A crawl has ended. `usual` says whether its texts are how the outlet's are, so that later ones are compared
        with them. What is too old is deleted by the way."""
        old, older = iso(run.started - KEEP_DETAILS), iso(run.started - KEEP)
        mine = runs.c.outlet == run.outlet
        with self._changing() as connection:
            row = row_of(run, usual=usual and run.read > 0)
            connection.execute(update(runs).where(runs.c.id == number).values(row))
            connection.execute(delete(runs).where(mine, runs.c.started < older))
            faded = mine & (runs.c.started < old) & runs.c.details.is_not(None)
            connection.execute(update(runs).where(faded).values(details=None))

    def recent(self, outlet: str, limit: int = HISTORY) -> list[Run]:
        """The last runs of an outlet, newest first; those under way and those that were killed too."""
        return self._runs(_RECENT, outlet, limit)

    def latest(self, limit: int = HISTORY) -> dict[str, list[Run]]:
        """The last runs of each outlet, newest first, by the outlets' names in their order. To have those of a
        year's crawls within a second, only the last one that has an end comes with its parts: the others with their
        counts and their worst verdict."""
        return {name: self._runs(_RECENT, name, limit, whole=1) for name in self.outlets()}

    def outlets(self) -> list[str]:
        """The names of all outlets that were crawled, in their order."""
        return [name for (name,) in self._rows(_OUTLETS, {})]

    def visits(self, outlet: str, collection: str, limit: int) -> list[Any]:
        """The last runs of an outlet that added to a collection, newest first, as rows of `started`, `finished`,
        `listed`, `new`, `fetched`, `verdict`, `severity` and `retry_after` with times as they are stored: hundreds for
        each of hundreds of outlets are read at once, for which runs with all their parts are too dear."""
        return self._rows(_VISITS, {"named": outlet, "into": collection, "most": limit})

    def last(self, outlet: str, collection: str, *, ended: bool = False) -> Run | None:
        """The last run of an outlet that added to a collection, or the last that has an end."""
        statement = _LAST.where(runs.c.finished.is_not(None)) if ended else _LAST
        return next(iter(self._runs(statement, outlet, 1, into=collection)), None)

    def history(self, outlet: str, now: datetime) -> list[Run]:
        """What a run of an outlet that begins now is compared with, newest first: the last runs that have an end, the
        last that found something new, and the last with texts as they usually are."""
        last = self._runs(_FINISHED, outlet, HISTORY)
        found = self._runs(_FOUND, outlet, HISTORY)
        usual = self._runs(_USUAL, outlet, HISTORY, since=iso(now - USUAL_FOR))
        # Two runs may begin within a second, but not as the same run of the same collection.
        each = {(run.started, run.collection, run.finished): run for run in (*last, *found, *usual)}
        return sorted(each.values(), key=lambda run: run.started, reverse=True)

    def told_last(self, outlet: str, channel: str) -> Told | None:
        """What was told last of an outlet by a channel; None where nothing ever was."""
        rows = self._rows(_NOTICE, {"named": outlet, "by": channel})
        if not rows:
            return None
        name, _, severity = str(rows[0].verdict).partition(", ")
        return Told(name, severity == "broken")

    def told(self, outlet: str, channel: str, verdict: Verdict) -> None:
        """Remember what was told of an outlet."""
        values = {"verdict": f"{verdict.name}, broken" if verdict.severity == "broken" else verdict.name}
        statement = upsert(notices).values(outlet=outlet, channel=channel, **values)
        statement = statement.on_conflict_do_update(index_elements=["outlet", "channel"], set_=values)
        with self._changing() as connection:
            connection.execute(statement)

    def _runs(
        self, statement: Select[Any], outlet: str, limit: int, *, whole: int | None = None, **more: object
    ) -> list[Run]:
        """The runs that a statement finds; only so many of them `whole`, where that is said."""
        rows = self._rows(statement, {"named": outlet, "most": limit, **more})
        found: list[Run] = []
        try:
            for row in rows:
                found.append(run_of(row, whole=whole != 0))
                if whole and row.finished is not None:
                    whole -= 1
            return found
        except (ValueError, AttributeError, TypeError) as error:
            raise RunLogError(
                f"{self._path}: a run of {outlet} can't be read ({error}); delete the file: what is usual for an "
                "outlet is then learned anew"
            ) from error

    def _rows(self, statement: Any, values: Mapping[str, object]) -> list[Any]:
        assert self._reading is not None
        try:
            return list(self._reading.execute(statement, dict(values)))
        except DatabaseError as error:
            raise self._unusable(error) from error

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        assert self._writing is not None, "opened for reading"
        try:
            with self._writing.begin():
                yield self._writing
        except DatabaseError as error:
            raise self._unusable(error) from error

    def _make(self, connection: Connection) -> None:
        metadata.create_all(connection)
        if not list(connection.execute(select(schema.c.version))):
            connection.execute(insert(schema).values(version=SCHEMA_VERSION))

    def _check(self, connection: Connection) -> None:
        versions = list(connection.execute(select(schema.c.version)).scalars())
        if versions != [SCHEMA_VERSION]:
            known = f"schema {versions[0]}" if versions else "no schema"
            raise RunLogError(
                f"{self._path} was made by another version of tearsheet ({known}, this one knows {SCHEMA_VERSION}); "
                "update tearsheet, or delete the file: what is usual for an outlet is then learned anew"
            )

    def _unusable(self, error: DatabaseError) -> RunLogError:
        reason = str(error.orig) if error.orig is not None else str(error)
        return RunLogError(
            f"{self._path}: can't be read or written ({reason}); see that you may write to its folder and that the "
            "disk has room, or delete the file: what is usual for an outlet is then learned anew"
        )
