"""pywb in replayweb.page's place: a process of its own beside the server, and its answers under our policy.

pywb rewrites pages on the server. It is no part of tearsheet either (GPL-3.0): it is found where the user has it, runs
on a port of loopback for as long as the server does, and browsers get its answers from the replay origin alone.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from shutil import which

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import TearsheetError
from crawler.serving.machine.answers import said, streamed
from crawler.serving.replay.documents import ARCHIVED

PROGRAM = "TEARSHEET_PYWB"
"""Environment variable that names pywb's program `wayback`, or the environment that it is in."""
_START = 60  # seconds; it takes three on an idle machine
_PATIENCE = 60.0
_PIECE = 1 << 16
_ASKED = ("Accept", "Accept-Language", "Range", "Referer")
_GIVEN = (
    "Content-Type",
    "Content-Language",
    "Content-Range",
    "Content-Encoding",
    "Location",
    "Memento-Datetime",
)


class PywbError(TearsheetError):
    """pywb does not start or does not answer."""


def find_wayback(environment: Mapping[str, str] = os.environ) -> Path | None:
    """pywb's program, as the environment names it, or as it is on the path; None where it is not there."""
    if named := environment.get(PROGRAM):
        path = Path(named)
        path = path / "bin" / "wayback" if path.is_dir() else path
        return path if os.access(path, os.X_OK) else None
    found = which("wayback", path=environment.get("PATH"))
    return Path(found) if found else None


@dataclass(frozen=True, slots=True)
class Pywb:
    """A running pywb."""

    port: int

    def answer(self, request: Request) -> Response:
        """What pywb answers to the request's path, under the policy of archived pages.

        Raises PywbError where it does not answer.
        """
        path = request.scope["raw_path"].decode("latin-1")
        if query := request.scope["query_string"]:
            path += "?" + query.decode("latin-1")
        headers = {name: value for name in _ASKED if (value := request.headers.get(name))}
        headers |= {"Host": request.headers["Host"], "Accept-Encoding": "identity"}  # its pages name the host
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request(request.method, path, headers=headers)
            found = connection.getresponse()
        except (OSError, HTTPException) as error:
            connection.close()
            raise PywbError(f"pywb does not answer ({error}); start the server again") from error
        if found.status == 304:
            connection.close()
            return said(
                "Not modified, and pywb does not show what had not been; ask for an earlier capture", 404
            )
        given = {name: value for name in _GIVEN if (value := found.headers.get(name))}
        response = streamed(request, _pieces(found), given, found.status, connection.close)
        response.headers["Content-Security-Policy"] = ARCHIVED
        return response


def _pieces(found: HTTPResponse) -> Iterator[bytes]:
    while piece := found.read(_PIECE):
        yield piece


@contextmanager
def running(program: Path, collections: Path) -> Iterator[Pywb]:
    """pywb serving the folder `collections`, until the end. Raises PywbError where it does not start."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [str(program.absolute()), "-b", "127.0.0.1", "-p", str(port)]
    with tempfile.TemporaryDirectory(prefix="tearsheet-") as folder:
        # It serves the folder of this name beside which it is started, and may write there.
        (Path(folder) / "collections").symlink_to(collections.absolute())
        log = Path(folder) / "pywb.log"
        with log.open("wb") as out:
            try:
                process = subprocess.Popen(
                    command,
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            except OSError as error:
                raise PywbError(
                    f"{program} can't be run ({error.strerror}); see what {PROGRAM} names"
                ) from error
        try:
            _wait(process, port, program, log)
            yield Pywb(port)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, program: Path, log: Path) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    last = log.read_text(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
    raise PywbError(f"{program} does not start ({last[0][:200]}); mend it, or name another with {PROGRAM}")
