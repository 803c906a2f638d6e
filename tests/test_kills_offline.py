"""kill -9 in the middle of replays and of repairs, again and again, in one collection.

KILLS=100 python -m pytest tests/test_kills.py tests/test_kills_offline.py makes 200 of them in all.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.archive.repair.collections import differing
from tests.command import start, tearsheet

KILLS = int(os.environ.get("KILLS", "30")) // 2  # of replays, and as many of repairs
LET_THROUGH = 6  # every so manieth run ends by itself
OUTLETS = ("harbour-courier", "al-marfa", "newsline-24")
DEADLINE = 60.0


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of two crawls, between which articles were edited."""
    folder = tmp_path_factory.mktemp("crawled")
    with NewsroomServer() as newsroom:
        newsroom.outlet_files(folder / "outlets")
        for edition in (1, 2):
            newsroom.edition = edition
            tearsheet("crawl", *OUTLETS, "--recheck", "--delay", "0", cwd=folder)
    verified = tearsheet("verify", "collections/news", cwd=folder)
    assert (verified.status, verified.out.count("\n")) == (0, 1), verified.out
    return folder / "collections/news"


class Runs:
    """Runs of one command in one folder, killed at random moments of their work."""

    def __init__(self, folder: Path, collection: str, *command: object) -> None:
        self._folder = folder
        self._lock = folder / "collections" / collection / ".lock"
        self._command = command
        self._groups: list[int] = []
        self._moments = random.Random(20261122)
        self.seconds = 1.0
        """How long the work of a run takes on this machine, from the moment on at which it has the collection."""
        self.killed = 0

    def through(self) -> None:
        """Let a run come to its end."""
        process = self._start()
        began = time.monotonic()
        assert process.wait(timeout=DEADLINE) == 0, self._said()
        self.seconds = time.monotonic() - began

    def kill(self) -> None:
        """Kill a run."""
        process = self._start()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=self._moments.uniform(0, self.seconds))
        self.killed += process.poll() is None
        process.kill()
        process.wait()
        assert "Traceback" not in self._said(), self._said()

    def stop(self) -> None:
        for group in self._groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)

    def _start(self) -> subprocess.Popen[bytes]:
        """Start a run; returns when it has taken the lock."""
        with (self._folder / "stderr").open("wb") as errors:
            process = start(
                *self._command,
                cwd=self._folder,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        self._groups.append(process.pid)
        while process.poll() is None and f'"pid": {process.pid},' not in self._holder():
            time.sleep(0.005)
        return process

    def _holder(self) -> str:
        with suppress(OSError):
            return self._lock.read_text()
        return ""

    def _said(self) -> str:
        return (self._folder / "stderr").read_text()


@pytest.fixture
def runs_of() -> Iterator[Callable[..., Runs]]:
    made: list[Runs] = []

    def make(folder: Path, collection: str, *command: object) -> Runs:
        made.append(Runs(folder, collection, *command))
        return made[-1]

    yield make
    for runs in made:
        runs.stop()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_repair_that_is_killed_at_any_moment_is_gone_on_with(
    crawled: Path, tmp_path: Path, runs_of: Callable[..., Runs]
) -> None:
    news = tmp_path / "collections/news"
    shutil.copytree(crawled, news)
    shutil.copytree(crawled.parents[1] / "outlets", tmp_path / "outlets")
    runs = runs_of(tmp_path, "news", "verify", "--repair", "collections/news")
    damages = (("text", "indexes", "catalogue.sqlite"), ("catalogue.sqlite",), ("text",))
    number = 0
    while runs.killed < KILLS:
        for name in damages[number % len(damages)]:
            path = news / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for _ in range(LET_THROUGH if number else 0):
            runs.kill()
        runs.through()
        assert differing(news, crawled) == {}
        number += 1


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_replay_that_is_killed_at_any_moment_is_gone_on_with(
    crawled: Path, tmp_path: Path, runs_of: Callable[..., Runs]
) -> None:
    shutil.copytree(crawled.parents[1] / "outlets", tmp_path / "outlets")
    warcs = sorted((crawled / "archive").iterdir())
    undisturbed = tmp_path / "collections/undisturbed"
    runs_of(tmp_path, undisturbed.name, "replay", *warcs, "-c", undisturbed.name).through()
    number = 0
    killed = 0
    while killed < KILLS:
        name = f"replayed-{number}"
        runs = runs_of(tmp_path, name, "replay", *warcs, "-c", name)
        runs.seconds = 3.0
        for _ in range(LET_THROUGH):
            runs.kill()
        killed += runs.killed
        runs.through()
        assert differing(tmp_path / "collections" / name, undisturbed) == {}
        verified = tearsheet("verify", f"collections/{name}", cwd=tmp_path)
        assert (verified.status, verified.out.count("\n")) == (0, 1), verified.out
        number += 1
