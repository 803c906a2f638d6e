"""What `tearsheet replay` does with files: finds them, replays them, and tells of it."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

import typer

from archive.capture import PAGE_TYPES
from archive.collection_writer import CollectionWriter
from archive.errors import TearsheetError
from archive.exports.parquet import write_parquet
from archive.extraction.workers.pool import ExtractionPool
from archive.fixity import written_whole
from archive.outcomes import Settled
from archive.replay import Damage, Event, Replay, Tally
from archive.text.record import Json
from archive.wanted import Wanted
from archive.warc.finding import find_files
from crawler.commands import options
from crawler.commands.console import counted
from crawler.commands.report import Report
from crawler.discovery.errors import UrlError
from crawler.monitoring.bulk import ReplayFigures
from crawler.outlets.loader import OutletCatalogue, load_outlets


def wanted_of(
    prefixes: Iterable[str],
    names: Iterable[str],
    since: datetime | None,
    until: datetime | None,
    mimes: Iterable[str],
    own: Path | None,
) -> Wanted:
    """What the options say. Raises BadParameter for what can't be meant."""
    if since and until and since > until:
        raise typer.BadParameter("it is before --since; nothing lies between them", param_hint="--until")
    types = tuple(mime.strip().lower() for mime in mimes)
    if wrong := sorted(set(types) - PAGE_TYPES):
        known = " and ".join(sorted(PAGE_TYPES, reverse=True))
        raise typer.BadParameter(
            f"text is extracted from {known}, not from {', '.join(wrong)}", param_hint="--mime"
        )
    chosen = tuple(outlet.name for outlet in options.outlets_named(names, own, "--outlet"))
    return Wanted(
        url_prefixes=tuple(prefixes),
        outlets=chosen,
        since=since.date() if since else None,
        until=until.date() if until else None,
        mimes=types,
        outlet_of=_outlet_of(load_outlets(options.outlet_folders(own))) if chosen else _nobody,
    )


def replay_files(
    names: Iterable[str],
    wanted: Wanted,
    place: Path,
    *,
    again: bool,
    parquet: Path | None,
    as_json: bool,
    workers: int | None,
    outlets: Path | None,
) -> int:
    """Replay what the names stand for into the collection at `place`; returns the exit status. The articles go to the
    file `parquet` too, if it is given. Raises ExportError where that can't be written."""
    rules = load_outlets(options.outlet_folders(outlets)).rules()
    with Report(as_json=as_json) as report:
        files = _found(names, report)
        if not files:
            return report.exit_status
        pool = ExtractionPool(workers or os.cpu_count() or 1, rules)
        try:
            rows = _replayed(files, wanted, place, pool, report, again=again)
            if parquet is None:
                deque(rows, maxlen=0)
            else:
                with written_whole(parquet) as file:
                    write_parquet(rows, file)
        finally:
            pool.stop()
    return report.exit_status


def _replayed(
    files: Sequence[Path],
    wanted: Wanted,
    place: Path,
    pool: ExtractionPool,
    report: Report,
    *,
    again: bool,
) -> Iterator[Json]:
    """Replay files and tell of it; gives the row of each article. The collection is opened with the first one."""
    with written(place, report) as writer:
        replay = Replay(writer, pool, wanted=wanted, again=again)
        report.follow(ReplayFigures(replay.tally, len(files), sum(map(_size, files))))
        with stopped_by_ctrl_c(replay.stop) as stopped:
            for event in replay.run(files):
                tell(event, report)
                if isinstance(event, Settled) and event.record is not None:
                    yield event.record | {"words": len(event.record["body"].split())}
        writer.close(last=not stopped())
    report.remark(*_remarks(replay.tally))
    if stopped():
        report.interrupted()


@contextmanager
def written(place: Path, report: Report) -> Iterator[CollectionWriter]:
    """The collection at `place`, opened for writing. Whoever writes closes it; what fails leaves it to be repaired."""
    writer = CollectionWriter(place.parent, place.name)
    for sentence in writer.repairs:
        report.warn(f"repaired: {sentence}")
    try:
        yield writer
    except BrokenPipeError:
        writer.close(last=False)
        raise
    except BaseException:
        writer.abandon()
        raise


@contextmanager
def stopped_by_ctrl_c(stop: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C call `stop`, once: the second one ends the command at once. Gives whether it was pressed."""
    pressed = False

    def press(_number: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, before)
        stop()

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def tell(event: Event, report: Report) -> None:
    """Report a page, or damage."""
    if not isinstance(event, Damage):
        report.settled(event, wanted=False)
    elif event.lost:
        report.failure(str(event.file), str(event.error), key="file")
    else:
        report.warn(str(event.error))


def _found(names: Iterable[str], report: Report) -> list[Path]:
    files: dict[Path, Path] = {}
    for name in names:
        for found in find_files(name):
            if isinstance(found, TearsheetError):
                report.failure(name, str(found), key="file")
            else:
                files.setdefault(found.resolve(), found)
    return list(files.values())


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # told of in its turn


def _remarks(tally: Tally) -> Iterator[str]:
    if tally.others:
        yield f"{counted(tally.others, 'record')} without a page"
    if tally.left_out:
        yield f"{counted(tally.left_out, 'page')} left out"
    if tally.known:
        were = "file was" if tally.known == 1 else "files were"
        yield f"{tally.known} {were} read before (--again extracts from all)"


def _outlet_of(known: OutletCatalogue) -> Callable[[str], str | None]:
    def name_of(url: str) -> str | None:
        try:
            outlet = known.for_url(url)
        except UrlError:
            return None
        return outlet.name if outlet else None

    return name_of


def _nobody(_url: str) -> str | None:
    return None
