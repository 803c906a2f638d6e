"""Programs of others that live in an environment of their own: pywb brings a brotli that Scrapy can't work with.

`make setup-interop` makes it; TEARSHEET_INTEROP may name another.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command import ROOT

_ENVIRONMENT = Path(os.environ.get("TEARSHEET_INTEROP") or ROOT / ".venv-interop")


def program(name: str) -> Path:
    """A program of that environment; the test is skipped where it is not there."""
    if not _ENVIRONMENT.is_dir():
        pytest.skip(f"{_ENVIRONMENT} is not there; `make setup-interop` makes it")
    return _ENVIRONMENT / "bin" / name


@contextmanager
def wayback(cwd: Path) -> Iterator[str]:
    """pywb serving the `collections` beside which it is started; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [str(program("wayback")), "-b", "127.0.0.1", "-p", str(port)]
    with (
        (cwd / "wayback.log").open("wb") as log,
        subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log) as served,
    ):
        try:
            for _ in range(300):
                assert served.poll() is None, (cwd / "wayback.log").read_text()
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            served.terminate()
