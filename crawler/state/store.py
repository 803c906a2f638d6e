"""What a collection's crawls remember from run to run: `crawl.sqlite` beside its catalogue.

It holds no evidence: whoever deletes it makes the next crawl ask for every listed page once more, which an unchanged
page answers with a revisit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DatabaseError

from archive.catalogue.engines import writing_engine
from crawler.state.errors import StateError
from crawler.state.fetched import FetchedPage, write_fetched
from crawler.state.known import KnownPage, KnownSource, Validators
from crawler.state.migrations import make
from crawler.state.policy import next_check, next_try
from crawler.state.tables import habits, iso, pages, sources

FILE = "crawl.sqlite"
_AT_ONCE = 500


_SOURCE = select(sources.c.etag, sources.c.last_modified).where(sources.c.url == bindparam("source"))
_LISTED = select(sources.c.entries, sources.c.newest, sources.c.changed, sources.c.digest).where(
    sources.c.url == bindparam("source")
)
_WITH_KEYS = select(pages.c.key).where(pages.c.key.in_(bindparam("keys", expanding=True)))
_TRIES = select(pages.c.tries).where(pages.c.key == bindparam("page"))
_DUE = (
    select(pages.c.key, pages.c.url, pages.c.etag, pages.c.last_modified, pages.c.due)
    .where(
        pages.c.outlet == bindparam("named"),
        pages.c.due <= bindparam("now"),
        (pages.c.due > bindparam("after"))
        | ((pages.c.due == bindparam("after")) & (pages.c.key > bindparam("last"))),
    )
    .order_by(pages.c.due, pages.c.key)
    .limit(_AT_ONCE)
)
_HABIT = select(habits.c.streak).where(habits.c.outlet == bindparam("named"))
_CHANGE = update(pages).where(pages.c.key == bindparam("page"))


class CrawlState:
    """Known sources and pages of one collection. To be used by one process at a time, the collection's writer.

    All times are aware. A change is on the disk when the file system has written it, which a power cut may prevent:
    then some pages are asked for once more. That pages were fetched is written for many of them together: `later` is
    given what is to be called within a moment, and before it is, whatever else is asked of the state sees them too.
    """

    def __init__(
        self, path: Path, later: Callable[[Callable[[], None]], None] = lambda write: write()
    ) -> None:
        """Raises StateError where the file can't be used."""
        self._path = path
        self._later = later
        self._fetched: list[FetchedPage] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = writing_engine(path, durable=False).connect()
            with self._connection.begin():
                make(self._connection, path)
        except DatabaseError as error:
            raise self._unusable(error) from error
        except OSError as error:
            raise StateError(
                f"{path.parent}: can't be made ({error.strerror}); see that you may write there"
            ) from error

    def close(self) -> None:
        try:
            self._write()
        finally:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def source(self, url: str) -> Validators:
        """By what to ask whether a feed, sitemap or section page has changed."""
        row = self._rows(_SOURCE, {"source": url})
        return Validators(*row[0]) if row else Validators()

    def known_source(self, url: str) -> KnownSource | None:
        """What a feed, sitemap or section page listed when it was last sent; None where it never was."""
        row = self._rows(_LISTED, {"source": url})
        return KnownSource(row[0].entries, _moment(row[0].newest), _moment(row[0].changed)) if row else None

    def listed(
        self,
        source: str,
        validators: Validators,
        outlet: str,
        entries: Mapping[str, str],
        now: datetime,
        newest: datetime | None = None,
    ) -> list[str]:
        """Remember what a source lists: identity -> URL of each page, and the `newest` date, where it gives any.
        Returns the identities that were not known.

        The source counts as seen, with its validators, once its pages are remembered.
        """
        known = self._known(list(entries))
        new = [key for key in entries if key not in known]
        moment = iso(now)
        rows = [
            {
                "key": key,
                "url": entries[key],
                "outlet": outlet,
                "first_seen": moment,
                "state": "listed",
                "due": moment,
            }
            for key in new
        ]
        digest = _digest(entries)
        before = self._rows(_LISTED, {"source": source})
        same = bool(before) and before[0].digest in (None, digest)  # None: of a version that did not know
        seen = {
            "url": source,
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "fetched": moment,
            "entries": len(entries),
            "newest": iso(newest) if newest else None,
            "digest": digest,
            "changed": before[0].changed if same else moment,
        }
        statement = upsert(sources).values(seen).on_conflict_do_update(index_elements=["url"], set_=seen)
        with self._transaction() as connection:
            if rows:
                connection.execute(insert(pages), rows)
            connection.execute(statement)
        return new

    def due(self, outlet: str, now: datetime) -> Iterator[KnownPage]:
        """The pages to ask for: those listed and not fetched yet, and those due for a look at edits; oldest first.

        Pages that become due while this goes on, since they are fetched, do not come again.
        """
        after, last = "", ""
        while rows := self._rows(_DUE, {"named": outlet, "now": iso(now), "after": after, "last": last}):
            for key, url, etag, last_modified, due in rows:
                yield KnownPage(key, url, Validators(etag, last_modified))
                after, last = due, key

    def all(self, outlet: str, now: datetime) -> Iterator[KnownPage]:
        """Every page of an outlet that was fetched before `now`, due or not, and those not fetched yet."""
        last = ""
        statement = (
            select(pages.c.key, pages.c.url, pages.c.etag, pages.c.last_modified)
            .where(
                pages.c.outlet == outlet,
                (pages.c.state == "listed") | ((pages.c.state == "fetched") & pages.c.fetched.is_not(None)),
                pages.c.first_seen <= iso(now),
                pages.c.key > bindparam("last"),
            )
            .order_by(pages.c.key)
            .limit(_AT_ONCE)
        )
        while rows := self._rows(statement, {"last": last}):
            for key, url, etag, last_modified in rows:
                yield KnownPage(key, url, Validators(etag, last_modified))
                last = key

    def fetched(
        self, key: str, validators: Validators, now: datetime, *, moved_to: str | None = None
    ) -> None:
        """A page was captured; `moved_to` is where redirects led."""
        self._fetched.append(FetchedPage(key, validators, now, moved_to))
        if len(self._fetched) == 1:
            self._later(self._write)

    def twin(
        self, key: str, url: str, outlet: str, now: datetime, *, of: str, looked_at: bool = False
    ) -> None:
        """A page was captured under another address, `of`: this one is known by that, and is not to be fetched for
        itself. Where it is the one to be `looked_at` for edits from now on, the other is not any more. A fetched page
        without a time of fetching is known by its twin."""
        moment, due = iso(now), next_check(now, now) if looked_at else None
        row = {
            "key": key,
            "url": url,
            "outlet": outlet,
            "first_seen": moment,
            "state": "fetched",
            "due": iso(due) if due else None,
            "fetched": moment if looked_at else None,
        }
        known = {name: row[name] for name in ("state", "due", "fetched")}
        statement = upsert(pages).values(row)
        statement = statement.on_conflict_do_update(
            index_elements=["key"], set_=known, where=pages.c.state == "listed"
        )
        with self._transaction() as connection:
            connection.execute(statement)
            if looked_at:
                connection.execute(_CHANGE.values(due=None, fetched=None), {"page": of})

    def gone(self, key: str, now: datetime) -> None:
        """The server says that a page is not there (404, 410)."""
        self._change(key, state="gone", due=None, fetched=iso(now))

    def failed(self, key: str, now: datetime, *, closed: bool = False) -> None:
        """A page could not be fetched, or robots.txt has `closed` it: it is tried again in later runs, a few times."""
        row = self._rows(_TRIES, {"page": key})
        if row:
            tries = row[0][0] + 1
            due = next_try(tries, now, closed=closed)
            self._change(
                key, tries=tries, due=iso(due) if due else None, **({} if due else {"state": "given-up"})
            )

    def streak(self, outlet: str) -> int:
        """How many pages of an outlet in a row had an article only when rendered, as `set_streak` was told."""
        row = self._rows(_HABIT, {"named": outlet})
        return int(row[0][0]) if row else 0

    def set_streak(self, outlet: str, streak: int) -> None:
        statement = upsert(habits).values(outlet=outlet, streak=streak)
        statement = statement.on_conflict_do_update(index_elements=["outlet"], set_={"streak": streak})
        with self._transaction() as connection:
            connection.execute(statement)

    def _known(self, keys: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(keys), _AT_ONCE):
            found |= {
                row[0] for row in self._rows(_WITH_KEYS, {"keys": list(keys[start : start + _AT_ONCE])})
            }
        return found

    def _change(self, key: str, **values: object) -> None:
        with self._transaction() as connection:
            connection.execute(_CHANGE.values(**values), {"page": key})

    def _rows(self, statement: Any, values: Mapping[str, object]) -> list[Any]:
        with self._transaction() as connection:
            return list(connection.execute(statement, dict(values)))

    def _write(self) -> None:
        if self._fetched:
            with self._transaction():
                pass

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        fetched, self._fetched = self._fetched, []
        try:
            with self._connection.begin():
                if fetched:
                    write_fetched(self._connection, fetched)
                yield self._connection
        except DatabaseError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: DatabaseError) -> StateError:
        reason = str(error.orig) if error.orig is not None else str(error)
        return StateError(
            f"{self._path}: can't be read or written ({reason}); see that you may write to its folder and that the "
            "disk has room, or delete the file: pages are then asked for once more"
        )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _digest(keys: Iterable[str]) -> str:
    """The same for the same pages in another order, in which a section page may show them each time."""
    return sha256("\n".join(sorted(keys)).encode()).hexdigest()[:32]
