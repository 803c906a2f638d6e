"""The daemon with real crawls of the demo newsroom, in processes."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.server import NewsroomServer
from tests.command import tearsheet
from tests.crawler.scheduling.daemons import PATIENCE, Daemon, children, is_running, until

# A crawl takes two seconds of processor time to start, and these tests start up to seven.
pytestmark = pytest.mark.timeout(600)
OUTLETS = ["al-marfa", "harbour-courier", "newsline-24"]
LATER = {"TEARSHEET_CLOCK": "tests.crawler.clocks.shifted"}


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        server.outlet_files(tmp_path / "outlets")
        yield server


def slow(folder: Path, outlet: str = "harbour-courier", delay: str = "0.4") -> None:
    path = folder / "outlets" / f"{outlet}.toml"
    path.write_text(path.read_text().replace("delay = 0.0", f"delay = {delay}"))


def asked(newsroom: NewsroomServer) -> list[str]:
    return [access.url for access in newsroom.access_log]


def texts(folder: Path, outlet: str) -> int:
    return len(list((folder / "collections" / outlet / "text").glob("*.txt")))


def assert_sound(folder: Path, *outlets: str) -> None:
    done = tearsheet("verify", *(f"collections/{outlet}" for outlet in outlets), cwd=folder)
    assert (done.status, "every byte is what it says" in done.out) == (0, True), done.out
    for outlet in outlets:
        assert (folder / "collections" / outlet / ".lock").read_text() == ""


@pytest.mark.slow
def test_every_outlet_is_visited_once_and_a_restart_visits_none_again(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    with Daemon(tmp_path, "--jobs", "2") as daemon:
        ended = daemon.wait_for("ended", 3)
        daemon.round()
        assert daemon.stop() == 0
    assert daemon.outlets("started") == daemon.outlets("ended") == OUTLETS
    assert all(row["new"] >= 10 and not row["cut"] for row in ended)
    assert [row["text"] for row in daemon.lines("started")] == ["started (first visit)"] * 3
    assert_sound(tmp_path, *OUTLETS)
    for outlet in OUTLETS:
        said = (tmp_path / f"collections/{outlet}/logs/{outlet}.log").read_text()
        assert re.match(rf"--- 2\S+Z -m crawler crawl {outlet} -c {outlet} ", said)

    before = asked(newsroom)
    with Daemon(tmp_path) as again:
        again.round()
        assert again.stop() == 0
    assert (again.lines("started"), asked(newsroom)) == ([], before)

    with Daemon(tmp_path, **LATER, TEARSHEET_MINUTES="70") as later:
        later.wait_for("ended", 3)
        assert later.stop() == 0
    # Both come an hour after the first visit, or a little earlier.
    reasons = ("known pages are due again", "a new article is expected: about 24 a day")
    assert [row["why"] for row in later.lines("started") if row["why"] not in reasons] == []
    assert len(asked(newsroom)) > len(before)


@pytest.mark.slow
def test_a_daemon_that_is_told_to_stop_lets_its_crawls_end_in_order_and_the_next_one_goes_on(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    slow(tmp_path)
    outlet = "harbour-courier"
    base = newsroom.base_urls[outlet]
    with Daemon(tmp_path, outlet) as daemon:
        daemon.until(lambda: sum(url.startswith(f"{base}/2026/") for url in asked(newsroom)) > 2)
        (crawl,) = children(daemon.pid)
        assert daemon.stop() == 0
    assert not is_running(crawl)
    assert [row["status"] for row in daemon.lines("ended")] == [130]
    assert_sound(tmp_path, outlet)

    slow(tmp_path, delay="0.0")
    with Daemon(tmp_path, outlet, **LATER, TEARSHEET_MINUTES="12") as again:
        again.wait_for("ended")
        assert again.stop() == 0
    assert texts(tmp_path, outlet) >= len(newsroom.slugs(outlet))
    assert_sound(tmp_path, outlet)


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[socket.socket]:
    """An outlet whose server takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"127.0.0.1:{server.getsockname()[1]}"
        (tmp_path / "outlets").mkdir(exist_ok=True)
        (tmp_path / "outlets/silent.toml").write_text(
            f'[[outlet]]\nname = "silent"\ndomains = ["{host}"]\nfeeds = ["http://{host}/rss"]\n'
        )
        server.settimeout(PATIENCE)
        yield server


@pytest.mark.slow
def test_a_second_signal_kills_the_crawls_with_their_workers(silent: socket.socket, tmp_path: Path) -> None:
    with Daemon(tmp_path) as daemon:
        connection, _ = silent.accept()
        (crawl,) = children(daemon.pid)
        workers = children(crawl)
        daemon.signal(signal.SIGTERM)
        daemon.wait_for("stopping")
        daemon.signal(signal.SIGTERM)
        assert daemon.end() == 0
        connection.close()
    assert [row["status"] for row in daemon.lines("ended")] == [-signal.SIGKILL]
    until(lambda: not any(map(is_running, [crawl, *workers])))


@pytest.mark.slow
def test_a_crawl_whose_time_is_up_is_stopped_in_order(newsroom: NewsroomServer, tmp_path: Path) -> None:
    slow(tmp_path, delay="2")
    with Daemon(tmp_path, "harbour-courier", "--run-limit", "8s") as daemon:
        (ended,) = daemon.wait_for("ended")
        assert daemon.stop() == 0
    # On a slow machine the time may be up before the crawl has begun.
    assert (ended["cut"], ended["status"] in (130, -signal.SIGTERM)) == (True, True)
    assert "its time was up, 8 s; next in " in ended["text"]


@pytest.mark.slow
def test_outlet_files_are_read_again_and_a_broken_one_stops_nothing(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    outlets = tmp_path / "outlets"
    for name in ("harbour-courier", "newsline-24"):
        (outlets / f"{name}.toml").rename(tmp_path / f"{name}.toml")
    with Daemon(tmp_path) as daemon:
        daemon.wait_for("ended")
        (outlets / "broken.toml").write_text("[[outlet]]\nname = 3\n")
        daemon.signal(signal.SIGHUP)
        (told,) = daemon.wait_for("failed")
        (tmp_path / "newsline-24.toml").rename(outlets / "newsline-24.toml")
        (outlets / "broken.toml").unlink()
        daemon.signal(signal.SIGHUP)
        daemon.wait_for("ended", 2)
        assert daemon.stop() == 0
    assert told["text"].startswith("outlets/broken.toml: line 2: name: ")
    assert told["text"].endswith("; the outlets stay as they were")
    assert daemon.outlets("ended") == ["al-marfa", "newsline-24"]
    assert all("new" in row for row in daemon.lines("ended"))


@pytest.mark.slow
def test_one_collection_for_all_has_one_crawl_at_a_time(newsroom: NewsroomServer, tmp_path: Path) -> None:
    with Daemon(tmp_path, "-c", "news", "--jobs", "3") as daemon:
        daemon.wait_for("ended", 3)
        assert daemon.stop() == 0
    events = [row["event"] for row in _all(daemon) if row["event"] in ("started", "ended")]
    assert events == ["started", "ended"] * 3
    assert all("new" in row for row in daemon.lines("ended"))
    assert_sound(tmp_path, "news")


def _all(daemon: Daemon) -> list[dict[str, object]]:
    rows = [row for event in ("started", "ended") for row in daemon.lines(event)]
    return sorted(rows, key=lambda row: (row["time"], row["event"] == "started"))


def test_a_second_daemon_is_refused_and_one_with_nothing_due_waits(
    silent: socket.socket, tmp_path: Path
) -> None:
    with Daemon(tmp_path) as daemon:
        daemon.wait_for("started")
        done = tearsheet("schedule", "run", "silent", cwd=tmp_path)
        status = tearsheet("schedule", "status", cwd=tmp_path)
        daemon.signal(signal.SIGTERM)
        daemon.wait_for("stopping")
        assert daemon.end(interrupted=True) == 0
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        f"tearsheet: the collections in collections are being visited by process {daemon.pid}; stop that with "
        f"`kill {daemon.pid}`, or name another folder with --collections\n"
    )
    assert re.search(r"^silent +never +running for \d+ s$", status.out, re.MULTILINE)
    assert f"1 outlet; the daemon is process {daemon.pid}, 1 crawl under way\n" in status.out
