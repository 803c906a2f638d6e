"""How long does `tearsheet schedule status` take after a year of 300 outlets?

    python benchmarks/schedule.py

Writes the log of runs that a daemon would have left, some outlets with a visit a day and some with one every ten
minutes, and the state of each outlet's crawls. Then it runs the command some times. Exit status 0 if the median is
within the bound.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert

from archive.catalogue.engines import writing_engine
from crawler.health.rows import row_of
from crawler.health.run import Run, Verdict
from crawler.health.runs import FILE, KEEP_DETAILS, RunLog
from crawler.health.tables import runs
from crawler.outlets.seen import SourceSeen
from crawler.scheduling.history import History
from crawler.scheduling.plan import Plan
from crawler.scheduling.policy import Bounds
from crawler.state.known import Validators
from crawler.state.store import FILE as STATE
from crawler.state.store import CrawlState

BOUND = 1.0  # second
SOURCES = 3
VISITS_A_DAY = (1, 4, 12, 24, 48, 144)
WEIGHTS = (10, 20, 30, 25, 10, 5)  # of a hundred outlets


def year(
    outlet: str, visits_a_day: int, days: int, now: datetime, chance: random.Random
) -> Iterator[dict[str, Any]]:
    """The rows of an outlet's runs, the last of them a few minutes ago."""
    pause = timedelta(days=1) / visits_a_day
    began = now - timedelta(days=days)
    while (began := began + pause) < now - timedelta(minutes=5):
        new = chance.choice((0, 1, 1, 2))
        run = Run(
            outlet=outlet,
            collection=outlet,
            started=began,
            finished=began + timedelta(seconds=20),
            listed=40,
            new=new,
            asked=new,
            fetched=new,
            read=new,
            texts=new,
            new_texts=new,
            complete=new,
            sources=tuple(
                SourceSeen(
                    outlet, "feed", f"https://{outlet}.example/feeds/{number}.xml", "ok", 200, entries=40
                )
                for number in range(SOURCES)
            ),
            verdicts=(Verdict("ok", "fine", f"{new} new texts"),),
        )
        row = row_of(run, usual=new > 0)
        yield row if now - began < KEEP_DETAILS else row | {"details": None}


def state(path: Path, outlet: str, now: datetime) -> None:
    """A state with some hundred known pages, as a collection of its own has it after a year."""
    known = CrawlState(path)
    pages = {f"{outlet}/{number}": f"https://{outlet}.example/{number}" for number in range(300)}
    known.listed(
        f"https://{outlet}.example/feeds/0.xml", Validators(), outlet, pages, now + timedelta(hours=1)
    )
    known.close()


def write(collections: Path, outlets: int, days: int) -> int:
    """Make the log, the states and the plan. Gives the number of runs."""
    chance = random.Random(4)
    now = datetime.now(UTC)
    names = tuple(f"outlet-{number:03}" for number in range(outlets))
    RunLog(collections / FILE).close()
    total = 0
    with writing_engine(collections / FILE, durable=False).connect() as connection:
        for name in names:
            (often,) = chance.choices(VISITS_A_DAY, WEIGHTS)
            rows = list(year(name, often, days, now, chance))
            with connection.begin():
                connection.execute(insert(runs), rows)
            total += len(rows)
            state(collections / name / STATE, name, now)
    return total


def foresee(collections: Path) -> None:
    """Leave the plan of a daemon that was just started."""
    with History(collections) as history:
        names = tuple(history.outlets(None))
        now = datetime.now(UTC)
        foreseen = {name: history.foresee(name, name, Bounds(), now) for name in names}
    Plan(names, foreseen=foreseen).write(collections)


def measure(collections: Path, outlets: int, rounds: int) -> float:
    """The median of the seconds that the command takes."""
    command = [sys.executable, "-m", "crawler", "schedule", "status", "--collections", str(collections)]
    walls, processor = [], []
    for _ in range(rounds):
        before, used = time.perf_counter(), os.times()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        walls.append(time.perf_counter() - before)
        now = os.times()
        processor.append(now.children_user + now.children_system - used.children_user - used.children_system)
        assert done.stdout.count("\n") == outlets + 3, done.stdout
    print(f"{median(walls):.2f} s, {median(processor):.2f} s of processor time")
    return median(walls)


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--outlets", type=int, default=300)
    options.add_argument("--days", type=int, default=365)
    options.add_argument("--rounds", type=int, default=7)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        collections = Path(folder)
        total = write(collections, asked.outlets, asked.days)
        size = (collections / FILE).stat().st_size >> 20
        print(f"{asked.outlets} outlets, {total:,} runs in {asked.days} days, log of {size} MB")
        print("status with nothing but the log: ", end="")
        measure(collections, asked.outlets, asked.rounds)
        foresee(collections)
        print("status of a daemon's outlets: ", end="")
        median_wall = measure(collections, asked.outlets, asked.rounds)
    return 0 if median_wall <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
