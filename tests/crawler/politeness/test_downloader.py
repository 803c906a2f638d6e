"""The pace of crawls, by the log of the server that they ask."""

from __future__ import annotations

import inspect
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.core.downloader import Downloader, Slot
from scrapy.core.engine import ExecutionEngine

from archive.collection import Collection
from tests.command import start, tearsheet
from tests.crawler.crawls import crawl, resolving
from tests.origin.oddities import plain
from tests.origin.server import Answer, Asked, Origin, Script

FINE = Answer((plain(),))
PACE = 0.3
SLACK = 0.1
"""By how much a gap may look shorter than it was, where the server noted a request late."""
HOSTS = ("www.desk.example", "img.desk.example")
OBEDIENT = {"ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY_JITTER": 0}


def gaps(origin: Origin) -> list[float]:
    return [later.started - earlier.started for earlier, later in pairwise(origin.served)]


def rules(*lines: str) -> Answer:
    return Answer((plain("\n".join(("User-agent: *", *lines)).encode()),))


def test_what_the_downloader_leans_on_is_where_it_was() -> None:
    queue = inspect.getsource(Downloader._process_queue)
    for part in (
        *("slot.latercall", "slot.download_delay()", "slot.lastseen = now", "slot.free_transfer_slots() > 0"),
        *("slot.queue.popleft()", "_schedule_coro(self._wait_for_download(slot, request, queue_dfd))"),
    ):
        assert part in queue
    assert "self._process_queue(slot)" in inspect.getsource(Downloader._latercall)
    assert "self.handlers.download_request_async(request)" in inspect.getsource(Downloader._download)
    assert "self._slot.closing is not None" in inspect.getsource(ExecutionEngine.close_spider_async)
    assert "self._get_slot(request)" in inspect.getsource(Downloader._enqueue_request)
    assert list(inspect.signature(Slot).parameters) == ["concurrency", "delay", "jitter", "randomize_delay"]


def test_hosts_of_one_registered_domain_keep_one_pace(tmp_path: Path) -> None:
    with Origin({"*": FINE}) as origin:
        asked = [origin.url(f"/{number}", host) for number in range(3) for host in HOSTS]
        crawl(
            tmp_path,
            asked,
            named_hosts=HOSTS,
            prelude=resolving(dict.fromkeys(HOSTS, ("127.0.0.1",))),
            DOWNLOAD_DELAY=PACE,
            DOWNLOAD_DELAY_JITTER=0,
        )
    assert len(gaps(origin)) == 5
    assert min(gaps(origin)) >= PACE - SLACK


def test_robots_txt_redirects_and_retries_keep_it_too(tmp_path: Path) -> None:
    def away(asked: Asked) -> Answer:
        target = asked.base.replace("127.0.0.1", HOSTS[1]) + "/there"
        return Answer((plain(b"", head=f"Location: {target}\r\n".encode(), status=b"302 Found"),))

    def once_busy(asked: Asked) -> Answer:
        return FINE if asked.before else Answer((plain(b"", status=b"500 Oh"),))

    with Origin({"/robots.txt": rules(), "/away": away, "/there": once_busy}) as origin:
        crawl(
            tmp_path,
            [origin.url("/away", HOSTS[0])],
            named_hosts=HOSTS,
            prelude=resolving(dict.fromkeys(HOSTS, ("127.0.0.1",))),
            REDIRECT_ENABLED=True,
            RETRY_ENABLED=True,
            DOWNLOAD_DELAY=PACE,
            **OBEDIENT,
        )
    asked = ["/robots.txt", "/away", "/robots.txt", "/there", "/there"]
    assert [served.path for served in origin.served] == asked
    assert min(gaps(origin)) >= PACE - SLACK


@pytest.mark.parametrize(("line", "least"), [("Crawl-delay: 0.4", 0.4), ("Request-rate: 2/1s", 0.5)])
@pytest.mark.parametrize("throttled", [True, False])
def test_the_pace_that_robots_txt_asks_for_is_kept(
    line: str, least: float, throttled: bool, tmp_path: Path
) -> None:
    with Origin({"/robots.txt": rules(line), "*": FINE}) as origin:
        crawl(
            tmp_path,
            [origin.url(f"/{number}") for number in range(4)],
            ROBOTSTXT_OBEY=True,
            AUTOTHROTTLE_ENABLED=throttled,
            AUTOTHROTTLE_START_DELAY=0.01,
        )
    assert len(gaps(origin)) == 4
    assert min(gaps(origin)) >= least - SLACK


def _outlet(folder: Path, name: str, origin: Origin, more: str) -> None:
    (folder / "outlets").mkdir(exist_ok=True)
    (folder / f"outlets/{name}.toml").write_text(
        f'[[outlet]]\nname = "{name}"\ndomains = ["127.0.0.1:{origin.port}"]\n{more}\n'
    )


def _feed(origin: Origin, *paths: str) -> Answer:
    items = "".join(f"<item><link>{origin.url(path)}</link></item>" for path in paths)
    return Answer((plain(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()),))


def test_the_delay_of_an_outlets_file_rules_over_robots_txt(tmp_path: Path) -> None:
    with Origin({"/robots.txt": rules("Crawl-delay: 30"), "*": FINE}) as origin:
        origin.scripts["/feed"] = _feed(origin, "/2026/01/02/one-story", "/2026/01/02/two-stories")
        _outlet(tmp_path, "own", origin, f'feeds = ["{origin.url("/feed")}"]\ndelay = 0.1')
        tearsheet("crawl", "own", cwd=tmp_path)
    assert len(origin.served) == 4
    assert sum(gaps(origin)) < 30


def test_what_waits_for_its_turn_when_a_crawl_is_stopped_is_left_to_the_next_one(tmp_path: Path) -> None:
    paths = [f"/2026/01/02/story-{number}" for number in range(4)]
    with Origin({"/robots.txt": rules(), "*": FINE}) as origin:
        origin.scripts["/feed"] = _feed(origin, *paths)
        _outlet(tmp_path, "own", origin, f'feeds = ["{origin.url("/feed")}"]\ndelay = 600')
        process = start("crawl", "own", cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while [served.path for served in origin.served] != ["/robots.txt"]:
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
        _outlet(tmp_path, "own", origin, f'feeds = ["{origin.url("/feed")}"]\ndelay = 0')
        done = tearsheet("crawl", "own", cwd=tmp_path)
    assert process.returncode == 130
    assert told.decode() == (
        "warning: stopped; what was done until then is kept, and the same command goes on from there\n"
    )
    assert (done.status, len(origin.served)) == (0, 7)


def test_a_crawl_delay_past_the_limit_is_cut_and_told(tmp_path: Path) -> None:
    with Origin({"/robots.txt": rules("Crawl-delay: 86400"), "*": FINE}) as origin:
        origin.scripts["/feed"] = _feed(origin, "/2026/01/02/one-story")
        _outlet(tmp_path, "own", origin, f'feeds = ["{origin.url("/feed")}"]')
        here = {"TEARSHEET_OUTLETS": str(tmp_path / "outlets"), "TEARSHEET_COLLECTIONS": str(tmp_path)}
        done = tearsheet(cwd=tmp_path, env=here, command=(sys.executable, "-c", _RUN))
    assert done.notes[origin.url("/robots.txt")] == (
        "robots.txt asks for 86400 seconds between two requests; 1 are kept (CRAWL_DELAY_LIMIT)"
    )
    assert len(gaps(origin)) == 2
    assert min(gaps(origin)) >= 1 - SLACK


_RUN = """
from crawler.commands.crawling import run
from crawler.commands.report import Report
from crawler.spiders.outlet import OutletSpider
settings = {"CRAWL_DELAY_LIMIT": 1, "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}
with Report(as_json=True) as report:
    run([(OutletSpider, {"name": "own"})], settings, report)
"""


def test_outlets_of_one_host_keep_its_pace_together(tmp_path: Path) -> None:
    with Origin({"/robots.txt": rules(), "*": FINE}) as origin:
        for name in ("one", "two"):
            origin.scripts[f"/{name}"] = _feed(
                origin, *[f"/2026/01/02/{name}-story-{number}" for number in range(3)]
            )
            _outlet(tmp_path, name, origin, f'feeds = ["{origin.url(f"/{name}")}"]\ndelay = {PACE}')
        tearsheet("crawl", "one", "two", cwd=tmp_path)
    stories = [served.path for served in origin.served if "story" in served.path]
    assert len(stories) == 6
    # Chance makes the delay as short as half of it.
    assert min(gaps(origin)) >= PACE / 2 - SLACK
    assert sum(gaps(origin)) >= len(gaps(origin)) * PACE / 2
    assert {path.split("-")[0] for path in stories[:4]} == {"/2026/01/02/one", "/2026/01/02/two"}


def test_no_more_than_the_bound_are_under_way_at_one_host(tmp_path: Path) -> None:
    under_way, most = 0, 0

    def slow(_: Asked) -> Answer:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        time.sleep(0.1)
        under_way -= 1
        return FINE

    with Origin({"*": slow}) as origin:
        crawl(tmp_path, [origin.url(f"/{number}") for number in range(8)], CONCURRENT_REQUESTS_PER_DOMAIN=2)
    assert most == 2


def _refuses(times: int, head: bytes = b"", status: bytes = b"429 Too Many Requests") -> Script:
    def answer(asked: Asked) -> Answer:
        return Answer((plain(b"", head=head, status=status),)) if asked.before < times else FINE

    return answer


def test_a_refusal_makes_the_whole_host_wait(tmp_path: Path) -> None:
    with Origin({"/0": _refuses(1, b"Retry-After: 1\r\n"), "*": FINE}) as origin:
        asked = [origin.url(f"/{number}") for number in range(4)]
        crawl(tmp_path, asked, RETRY_ENABLED=True, HOST_REFUSALS=3, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    paths = [served.path for served in origin.served]
    assert (paths[0], sorted(paths)) == ("/0", ["/0", "/0", "/1", "/2", "/3"])
    assert gaps(origin)[0] >= 1 - SLACK


def test_what_waits_for_one_host_takes_no_place_of_another(tmp_path: Path) -> None:
    refusing, fine = Origin({"/0": _refuses(1, b"Retry-After: 3\r\n"), "*": FINE}), Origin({"*": FINE})
    with refusing, fine:
        asked = [refusing.url(f"/{number}") for number in range(6)]
        asked += [fine.url(f"/{number}") for number in range(6)]
        bounds = {"CONCURRENT_REQUESTS": 2, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "HOST_REFUSALS": 3}
        crawled = crawl(tmp_path, asked, **bounds)
    assert len(crawled.rows) == 12
    assert max(served.started for served in fine.served) < refusing.served[1].started


@pytest.mark.parametrize(
    ("head", "most", "sentence"),
    [
        (b"", 3, "{} answers 429 again and again; left alone for the rest of this run"),
        (
            b"Retry-After: 3600\r\n",
            1,
            "{} answers 429 and wants to be left alone for 3600 seconds; left alone for the rest of this run",
        ),
    ],
)
def test_a_host_that_refuses_again_and_again_is_left_alone_and_the_others_go_on(
    head: bytes, most: int, sentence: str, tmp_path: Path
) -> None:
    refusing, fine = Origin({"*": _refuses(99, head)}), Origin({"*": FINE})
    with refusing, fine:
        asked = [origin.url(f"/{number}") for number in range(8) for origin in (refusing, fine)]
        crawled = crawl(tmp_path, asked, CONCURRENT_REQUESTS_PER_DOMAIN=1, HOST_REFUSALS=3, RETRY_BACKOFF=0.1)
    assert len(refusing.served) == most
    assert len(fine.served) == 8
    told = [row["sentence"] for row in crawled.rows if "sentence" in row]
    assert told == [sentence.format(f"127.0.0.1:{refusing.port}")] * (8 - most)


def test_a_host_that_does_not_answer_is_left_alone(tmp_path: Path) -> None:
    with Origin({"*": Answer((), "reset")}) as origin:
        asked = [origin.url(f"/{number}") for number in range(8)]
        crawled = crawl(tmp_path, asked, CONCURRENT_REQUESTS_PER_DOMAIN=1, HOST_FAILURES=3, RETRY_BACKOFF=0.1)
    assert len(origin.served) == 3
    sentences = [row["sentence"] for row in crawled.rows]
    end = f" (127.0.0.1:{origin.port} is left alone for the rest of this run)"
    assert sum(sentence.endswith(end) for sentence in sentences) == 5


def test_being_left_alone_is_told_once_and_uses_up_no_try(tmp_path: Path) -> None:
    stories = [f"/2026/01/02/story-number-{number}" for number in range(6)]
    with Origin({"/robots.txt": rules(), **dict.fromkeys(stories, _refuses(99))}) as origin:
        origin.scripts["/feed"] = _feed(origin, *stories)
        _outlet(tmp_path, "own", origin, f'feeds = ["{origin.url("/feed")}"]\ndelay = 0')
        done = tearsheet("crawl", "own", "--json", cwd=tmp_path)
        left = [error for error in done.failures.values() if "left alone" in error]
        assert (done.status, len(left)) == (1, 1)
        with closing(sqlite3.connect(tmp_path / "collections/news/crawl.sqlite")) as state:
            rows = state.execute("SELECT state, tries FROM pages").fetchall()
        assert rows == [("listed", 0)] * len(stories)
        for path in stories:
            origin.scripts[path] = FINE
        tearsheet("crawl", "own", cwd=tmp_path)
    with Collection(tmp_path / "collections", "news") as collection:
        fetched = {capture.url for capture in collection.captures() if capture.status == 200}
    assert {origin.url(path) for path in stories} <= fetched
