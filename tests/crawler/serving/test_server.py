from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest

from tests.archive.search.shelf import store, story
from tests.command import tearsheet
from tests.crawler.serving.served import SECONDS, serving


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    store(tmp_path, story("a", "One"))
    with serving(tmp_path) as served:
        assert served.ask("/").status == 200
        served.process.send_signal(number)
        assert served.process.wait(SECONDS) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", served.port), timeout=1)


def test_it_listens_on_this_machine_alone(tmp_path: Path) -> None:
    with serving(tmp_path) as served, pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", served.port), timeout=1)


def test_a_port_that_is_taken_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        done = tearsheet("serve", "--port", port, "--collections", ".", cwd=tmp_path)
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        f"tearsheet: 127.0.0.1:{port} can't be listened on (Address already in use); name another port with --port\n"
    )


def test_machines_find_the_index_and_timemaps_beside_the_pages(tmp_path: Path) -> None:
    store(tmp_path, story("a", "One"))
    with serving(tmp_path) as served:
        assert (
            '"url": "http://news.example/a"'
            in served.ask("/news/cdx?url=http://news.example/a&output=json").text
        )
        timemap = served.ask("/news/timemap/link/http://news.example/a")
        assert timemap.headers["content-type"].startswith("application/link-format")
        (memento,) = (line for line in timemap.text.splitlines() if "id_/" in line)
        origin = memento.partition("<")[2].partition("/news/")[0]
        assert origin.startswith("http://127.0.0.1:")
        assert origin != served.origin  # what is archived is hostile: it comes from the other port
        assert served.ask("/news/20260301120000id_/http://news.example/a").status == 404


def test_the_port_for_archived_pages_is_taken_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        done = tearsheet("serve", "--port", port - 1, "--collections", ".", cwd=tmp_path)
    assert done.status == 1
    assert f"127.0.0.1:{port} can't be listened on" in done.err


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    done = tearsheet("serve", "--collections", "nowhere", cwd=tmp_path)
    assert done.status == 2
    assert "nowhere is no folder" in done.err
