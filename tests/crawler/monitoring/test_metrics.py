from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from crawler.demo.server import NewsroomServer
from crawler.monitoring.figures import CrawlFigures
from crawler.monitoring.metrics import MetricsError, served
from tests.command import COMMAND, environment, tearsheet
from tests.crawler.monitoring.test_figures import crawler_with, watched


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        server.outlet_files(tmp_path / "outlets")
        yield server


def read(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def test_each_outlet_has_its_own_figures() -> None:
    figures = CrawlFigures()
    stats = {"downloader__request_count": 5, "downloader__response_status_count__404": 2}
    watched(figures, crawler_with(**stats), "harbour")
    watched(figures, crawler_with(scheduler__enqueued=3), 'a "quoted" one')
    with served(figures, 0) as port:
        lines = read(port).splitlines()
    assert 'tearsheet_requests_total{outlet="harbour"} 5.0' in lines
    assert 'tearsheet_responses_total{outlet="harbour",status="404"} 2.0' in lines
    assert 'tearsheet_queued_requests{outlet="a \\"quoted\\" one"} 3.0' in lines
    assert 'tearsheet_running{outlet="harbour"} 1.0' in lines


def test_the_port_is_free_again_afterwards() -> None:
    port = free_port()
    for _ in range(2):
        with served(CrawlFigures(), port) as held:
            assert held == port
            assert read(port) is not None
    with pytest.raises(URLError):
        read(port)


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(MetricsError, match=f"at 127.0.0.1:{port} .*; name another port"),
            served(CrawlFigures(), port),
        ):
            pass


def test_a_crawl_serves_its_figures_while_it_runs(newsroom: NewsroomServer, tmp_path: Path) -> None:
    port = free_port()
    arguments = ("crawl", "al-marfa", "harbour-courier", "--metrics-port", str(port))
    process = subprocess.Popen(
        (*COMMAND, *arguments), cwd=tmp_path, env=environment(), stderr=subprocess.DEVNULL
    )
    wanted = ('tearsheet_texts_total{outlet="al-marfa"}', 'tearsheet_running{outlet="harbour-courier"}')
    seen = ""
    try:
        while process.poll() is None and not all(each in seen for each in wanted):
            try:
                seen += read(port)
            except (URLError, ConnectionError):
                time.sleep(0.02)
        assert process.wait(60) == 0
    finally:
        process.kill()
    assert [each for each in wanted if each not in seen] == []


def test_a_crawl_whose_port_is_taken_fails_before_it_fetches(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = tearsheet("crawl", "al-marfa", "--metrics-port", port, cwd=tmp_path)
    assert done.status == 1
    assert done.err.splitlines()[-1].startswith(f"tearsheet: metrics can't be served at 127.0.0.1:{port}")
    assert newsroom.access_log == []
