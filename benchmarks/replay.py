"""How fast is a replay in bulk beside Trafilatura over FastWARC, and do rate and memory stay flat?

    python benchmarks/replay.py [FILE.warc.gz ...] [--rounds 3] [--records 2000] [--workers 2]

Each file (without one: the pages of the demo newsroom, twenty times) is replayed by `tearsheet replay` into a new
collection, and gone through by a loop in one process that calls `trafilatura.bare_extraction` with metadata on each
page that FastWARC reads; in turn, as often as there are rounds, start of the programs included. The ratio is that of
the medians of the pages a second. Memory is the sum of the resident memory of all processes of the replay at its most.

Then a file of so many records as --records says is replayed in this process, and after each tenth of it the rate, the
processor time of this process and of the workers a page, and memory are told.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive.capture import PAGE_TYPES
from archive.collection_writer import CollectionWriter
from archive.extraction.article import Rules
from archive.extraction.workers.pool import ExtractionPool
from archive.replay import Replay
from benchmarks.costs import Cost, cost_of
from benchmarks.memory import descendants, processor_seconds, resident
from benchmarks.speed import newsroom

_TIMES = 20
_EVERY = 0.5  # seconds between two looks at memory


def make_warc(path: Path, records: int) -> None:
    """Write so many responses, each a page of the newsroom with a headline of its own."""
    pages = list(newsroom())
    with path.open("wb") as file:
        for number, page in enumerate(islice(cycle(pages), records)):
            body = page.body.replace(b"</h1>", f" ({number})</h1>".encode(), 1)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
            block = head.encode() + body
            record_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{page.url}#{number}")
            fields = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{record_id}>\r\n"
                f"WARC-Date: 2026-03-01T12:00:00Z\r\nWARC-Target-URI: {page.url}?{number}\r\n"
                f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            file.write(gzip.compress(fields.encode() + block + b"\r\n\r\n", 1, mtime=0))


def loop(path: Path) -> int:
    """Trafilatura on every page of a WARC file; returns how many that were."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    from trafilatura import bare_extraction

    count = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            if record.http_headers and record.http_content_type in PAGE_TYPES:
                bare_extraction(record.reader.read(), with_metadata=True)
                count += 1
    return count


def compare(path: Path, rounds: int, workers: int) -> float:
    """Print the rates of a file; returns the ratio."""
    pages = _pages(path)
    ours, theirs, peaks = [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "crawler", "replay", str(path.absolute()), "--json"]
            with _Watch() as watch:
                ours.append(cost_of([*command, "--workers", str(workers)], Path(folder)))
        peaks.append(watch.most)
        theirs.append(cost_of([sys.executable, __file__, "--loop", str(path.absolute())]))
    for name, costs in (("tearsheet replay", ours), ("Trafilatura", theirs)):
        rate, cpu, first = (
            pages / _median(costs),
            *(_median(costs, part) / pages * 1000 for part in ("cpu", "first")),
        )
        print(f"  {name:18}{rate:8.1f} pages/s {cpu:8.1f} ms/page, {first:.1f} of them in the first process")
    ratio = _median(theirs) / _median(ours)
    cpu = _median(theirs, "cpu") / _median(ours, "cpu")
    print(
        f"  {ratio:.1f} times the pages a second ({cpu:.1f} times a processor second), {_mib(max(peaks))} at the most"
    )
    return ratio


def tenths(path: Path, records: int, workers: int) -> None:
    """Replay in this process, and print figures after each tenth."""
    pool = ExtractionPool(workers, Rules())
    with (
        tempfile.TemporaryDirectory() as folder,
        CollectionWriter(Path(folder), "bench") as writer,
        _Watch() as watch,
    ):
        replay = Replay(writer, pool)
        following, pages, before = records // 10, 0, (time.perf_counter(), time.process_time(), 0.0)
        for _ in replay.run([path]):
            done = replay.tally.pages
            if done == pages or (done < following and done < records):
                continue
            now = time.perf_counter(), time.process_time(), watch.seconds
            seconds, here, there = (after - earlier for earlier, after in zip(before, now, strict=True))
            more = done - pages
            print(
                f"{done:8,} {more / seconds:7.1f} pages/s {here / more * 1000:6.2f} ms here"
                f" {there / more * 1000:6.2f} in workers  {_mib(resident(os.getpid()))}"
                f"  workers {_mib(sum(map(resident, descendants(os.getpid()))))}",
                flush=True,
            )
            following, pages, before = following + records // 10, done, now
    pool.close()


class _Watch:
    """Watches the processes below this one: the most memory that they held, and the processor time of each."""

    def __enter__(self) -> _Watch:
        self.most = 0
        self._seconds: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def seconds(self) -> float:
        """Processor time of all of them, those that have ended included but for what was after the last look."""
        return sum(self._seconds.copy().values())

    def _watch(self) -> None:
        while not self._over.wait(_EVERY):
            below = descendants(os.getpid())
            self.most = max(self.most, sum(map(resident, below)))
            for pid in below:
                self._seconds[pid] = max(self._seconds.get(pid, 0), processor_seconds(pid))


def _pages(path: Path) -> int:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with path.open("rb") as file:
        records = ArchiveIterator(file, record_types=WarcRecordType.response)
        return sum(bool(record.http_headers) and record.http_content_type in PAGE_TYPES for record in records)


def _median(costs: Iterable[Cost], part: str = "wall") -> float:
    return statistics.median(getattr(cost, part) for cost in costs)


def _mib(size: int) -> str:
    return f"{size / 2**20:.0f} MiB"


def _warcs(named: list[Path], folder: Path) -> Iterator[Path]:
    if not named:
        made = folder / "newsroom.warc.gz"
        make_warc(made, len(list(newsroom())) * _TIMES)
        yield made
    yield from named


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--records", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--loop", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:
        loop(options.loop)
        return
    with tempfile.TemporaryDirectory() as folder:
        for path in _warcs(options.files, Path(folder)) if options.rounds else ():
            print(f"{path.name}: {_pages(path)} pages")
            compare(path, options.rounds, options.workers)
        if options.records:
            made = Path(folder) / "records.warc.gz"
            make_warc(made, options.records)
            print(f"{options.records:,} records, {_mib(made.stat().st_size)}")
            tenths(made, options.records, options.workers)


if __name__ == "__main__":
    main()
