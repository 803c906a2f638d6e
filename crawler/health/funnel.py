"""The funnel of one run: what was listed, asked for, fetched, read, and how much of it is whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from statistics import median_low
from typing import Any

from archive.outcomes import Settled
from archive.text.record import Json
from crawler.health.run import Run
from crawler.outlets.seen import SourceSeen

COMPLETE = 200
"""Characters of the body from which a text can be a whole one: a news in brief has a paragraph."""
KEPT_CHILDREN = 5
"""Children of sitemap indexes that are remembered for not working; a year of crawls shall not list hundreds in each."""


class Funnel:
    """Counts what becomes of an outlet's articles in one run. `sources` are the addresses that its entry names."""

    def __init__(self, outlet: str, collection: str, sources: Iterable[str]) -> None:
        self._outlet = outlet
        self._collection = collection
        self._named = frozenset(sources)
        self._listed: set[int] = set()  # hashes, since a backfill lists a million
        self._counts: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._missing: Counter[str] = Counter()
        self._moved: Counter[str] = Counter()
        self._lengths: list[int] = []
        self._sources: dict[str, SourceSeen] = {}
        self._children: dict[str, SourceSeen] = {}
        self._newest_child: SourceSeen | None = None
        self._retry_after: datetime | None = None

    def source(self, seen: SourceSeen) -> None:
        """A source was looked at. Of those that others list, only the newest and some that don't work are kept."""
        if seen.url in self._named:
            self._sources[seen.url] = seen
        elif not seen.works and len(self._children) < KEPT_CHILDREN:
            self._children[seen.url] = seen
        elif seen.newest and (
            not self._newest_child or not self._newest_child.newest or seen.newest > self._newest_child.newest
        ):
            self._newest_child = seen

    def listed(self, keys: Iterable[str], new: int) -> None:
        """A source names articles, by their identities; `new` of them no run knew before."""
        self._listed.update(map(hash, keys))
        self._counts["new"] += new

    def asked(self) -> None:
        """An article is asked for."""
        self._counts["asked"] += 1

    def answered(self, status: int, moved_to: str | None) -> None:
        """A server answered for an article; `moved_to` is the host outside of the outlet's where permanent redirects
        led."""
        if status == HTTPStatus.NOT_MODIFIED or 200 <= status < 300:
            self._counts["fetched"] += 1
            if moved_to is not None:
                self._moved[moved_to] += 1

    def asked_to_wait(self, until: datetime) -> None:
        """A server wants no further request before that."""
        self._retry_after = max(until, self._retry_after or until)

    def failed(self, why: str) -> None:
        """An article could not be fetched."""
        self._counts["failed"] += 1
        self._statuses[why] += 1

    def settled(self, settled: Settled) -> None:
        """A page of an article is on the disk, and what became of it."""
        unchanged = settled.capture.record_type == "revisit"
        self._counts["unchanged"] += unchanged
        self._counts["rendered"] += settled.capture.rendering == "dom"
        read = not unchanged and settled.state in ("text", "no-article", "failed")
        self._counts["read"] += read
        if settled.record is not None:
            self._text(settled.record, read=read, new=settled.new_text)
        elif read:
            self._kinds[settled.kind or "unreadable"] += 1

    def _text(self, record: Json, *, read: bool, new: bool) -> None:
        length = len(record["body"])
        self._counts["texts"] += 1
        self._counts["texts_read"] += read
        self._counts["new_texts"] += new
        self._counts["complete"] += bool(
            record["headline"] and record["date_published"] and length >= COMPLETE
        )
        if read:
            self._lengths.append(length)
            fields = {"headline": "headline", "date": "date_published", "authors": "authors"}
            self._missing.update(name for name, key in fields.items() if not record[key])

    def run(self, started: datetime, finished: datetime) -> Run:
        """What was counted up to now."""
        children = [*self._children.values(), *([self._newest_child] if self._newest_child else [])]
        counts: dict[str, Any] = dict(self._counts)
        return Run(
            outlet=self._outlet,
            collection=self._collection,
            started=started,
            finished=finished,
            listed=len(self._listed),
            sources=(*self._sources.values(), *children),
            statuses=self._statuses.copy(),
            kinds=self._kinds.copy(),
            missing=self._missing.copy(),
            moved=self._moved.copy(),
            median_length=median_low(self._lengths) if self._lengths else None,
            retry_after=self._retry_after,
            **counts,
        )
