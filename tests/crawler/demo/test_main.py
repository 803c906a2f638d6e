from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.demo.__main__ import main

from .conftest import Fetch


def test_it_serves_in_the_foreground_until_interrupted(tmp_path: Path, fetch: Fetch) -> None:
    command = [sys.executable, "-m", "crawler.demo", "--edition", "2", "--outlets", str(tmp_path / "o")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        base_urls = [line.split()[0] for line in lines[:3]]
        statuses = [fetch(f"{url}/robots.txt").status for url in base_urls]
        new = fetch(f"{base_urls[0]}/2026/11/15/fog-bell-returns").status
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+  The Harbour Courier \(harbour-courier\)\n", lines[0])
    assert lines[3] == f"Outlet files are in {tmp_path / 'o'}. Ctrl-C ends the newsroom.\n"
    assert (statuses, new) == ([200, 200, 200], 200)
    assert (process.returncode, errors) == (0, "")
    assert len(list((tmp_path / "o").glob("*.toml"))) == 3


def test_a_taken_port_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["--ports", "0", port, "0"]) == 1

    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert port in err
