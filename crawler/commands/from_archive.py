"""What `tearsheet crawl --from` does: runs spiders over a collection, without a network, and tells what they find."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from archive.capture import Capture
from archive.collection import Collection
from archive.extraction.article import Rules
from archive.extraction.workers.pool import ExtractionPool
from archive.outcomes import Settled
from archive.renewal import rehearsal
from archive.replay import Damage, Event, Replay
from archive.wanted import Wanted
from crawler.capture.archive_handler import MISSING
from crawler.commands import options
from crawler.commands.crawling import Job, run
from crawler.commands.replaying import tell, written
from crawler.commands.report import Report
from crawler.commands.tuning import tuned
from crawler.outlets.loader import load_outlets
from crawler.settings import DOWNLOAD_HANDLERS

_HANDLER = "crawler.capture.archive_handler.ArchiveHandler"
# One after the other, each done with before the next one is chosen: so what is asked for does not depend on which of
# two lists was read faster.
_IN_TURN: Mapping[str, object] = {
    "CONCURRENT_REQUESTS": 1,
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 1,
    # No host is there to be spared, or to be judged.
    "DOWNLOADER": "scrapy.core.downloader.Downloader",
    "EXTENSIONS": {"crawler.extensions.archive.Archive": 0},
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "EXTRACT": False,
    # What was rendered then is in the archive.
    "RENDER": "never",
    "DOWNLOAD_HANDLERS": DOWNLOAD_HANDLERS | {"http": _HANDLER, "https": _HANDLER},
}


@dataclass(frozen=True, slots=True)
class Source:
    """The collection to crawl, and when: the captures nearest to `moment`, the newest ones for None."""

    collections: Path
    name: str
    moment: datetime | None = None

    def settings(self) -> dict[str, object]:
        return {
            "FROM_COLLECTIONS": str(self.collections),
            "FROM_COLLECTION": self.name,
            "FROM_TIME": self.moment.isoformat() if self.moment else None,
        }


def moment_of(text: str | None) -> datetime | None:
    """The time that an option names: ISO 8601, UTC where it has no offset. Raises BadParameter."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no time; write it as 2026-11-21T12:00Z, or 2026-11-21", param_hint="--at"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def crawl_archive(
    jobs: Sequence[Job],
    source: Source,
    target: str | None,
    report: Report,
    *,
    workers: int | None,
    outlets: Path | None,
    verbose: bool,
) -> None:
    """Run the spiders over a collection and extract what they find, in the order of the captures.

    Without a `target` nothing is stored. With one, the collection of that name takes over the WARC files in which the
    pages are, and gets the texts. Raises CollectionError where there is no such collection.
    """
    with Collection(source.collections, source.name) as collection:
        asked = _Asked()
        with TemporaryDirectory(prefix="tearsheet-") as folder:
            own = tuned(collections=Path(folder), collection=source.name, outlets=outlets, verbose=verbose)
            run(jobs, {**own, **_IN_TURN, **source.settings()}, asked)
        captures = [asked.captures[number] for number in sorted(asked.captures)]
        with _pool(workers, load_outlets(options.outlet_folders(outlets)).rules()) as pool:
            if target is None:
                _rehearse(collection, captures, pool, report)
            else:
                _store(collection, captures, pool, report, source.collections / target)
        asked.pass_on(report)


class _Asked(Report):
    """Keeps what spiders tell until they have ended: what comes first depends on the moment."""

    def __init__(self) -> None:
        super().__init__(as_json=False, listing=True)
        self.captures: dict[int, Capture] = {}
        self._others: dict[str, Settled] = {}
        self._failures: dict[str, str] = {}
        self._notes: dict[str, str] = {}
        self._stopped = False

    def settled(self, settled: Settled, *, wanted: bool = True, strict: bool = True) -> None:
        if settled.capture.wants_text:
            self.captures[settled.capture.number] = settled.capture
        elif wanted:
            self._others[settled.capture.url] = settled

    def failure(self, where: str, error: str, key: str = "url") -> None:
        self._failures[where] = error

    def note(self, where: str, text: str, *, page: bool = True) -> None:
        self._notes[where] = text

    def interrupted(self) -> None:
        self._stopped = True

    def pass_on(self, report: Report) -> None:
        """Tell it all, in the order of the addresses."""
        for _, settled in sorted(self._others.items()):
            report.settled(settled, strict=False)
        for url, text in sorted(self._notes.items()):
            report.note(url, text)
        for url, error in sorted(self._failures.items()):
            report.failure(url, error)
        if missing := sum(MISSING in said for said in (*self._notes.values(), *self._failures.values())):
            report.remark(f"{missing} {MISSING}")
        if self._stopped:
            report.interrupted()


@contextmanager
def _pool(workers: int | None, rules: Rules) -> Iterator[ExtractionPool]:
    pool = ExtractionPool(workers or os.cpu_count() or 1, rules)
    try:
        yield pool
    finally:
        pool.stop()


def _rehearse(
    collection: Collection, captures: Sequence[Capture], pool: ExtractionPool, report: Report
) -> None:
    with rehearsal(collection, captures) as writer:
        for event in Replay(writer, pool).renew(captures):
            if isinstance(event, Damage) or event.record is None:
                _tell(event, report)
            else:
                file = str(collection.places.warc(event.capture.warc))
                report.article(event.record | {"text_file": None, "file": file}, new=False)


def _store(
    collection: Collection,
    captures: Sequence[Capture],
    pool: ExtractionPool,
    report: Report,
    place: Path,
) -> None:
    files = sorted({collection.places.warc(capture.warc) for capture in captures})
    wanted = Wanted(records=frozenset(capture.record_id for capture in captures))
    with written(place, report) as writer:
        for event in Replay(writer, pool, wanted=wanted, again=True).run(files):
            _tell(event, report)
        writer.close()


def _tell(event: Event, report: Report) -> None:
    if isinstance(event, Damage):
        tell(event, report)
    elif event.state != "text" or event.record is not None:
        report.settled(event, strict=False)
