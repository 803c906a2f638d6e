"""`tearsheet serve` in a process of its own, and requests to it as they are written."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

from tests.command import environment, start

SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    process: subprocess.Popen[bytes]
    origin: str

    @property
    def port(self) -> int:
        return int(self.origin.rpartition(":")[2])

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Send a request just so; `headers` are named with underscores, and replace those that go along anyway."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.putrequest(method, path, skip_host="Host" in given)
            for name, value in given.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return Answer(
                answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
            )
        finally:
            connection.close()


@contextmanager
def serving(collections: Path, *options: object, replay: Path | None = None) -> Iterator[Served]:
    """Serve a folder of collections on free ports, with the files of replayweb.page in a folder, or without them; ends
    in order, without a traceback on standard error."""
    env = environment(TEARSHEET_REPLAY=str(replay or collections / "no files"))
    process = start("serve", "--port", 0, "--collections", collections, *options, cwd=collections, env=env)
    try:
        yield Served(process, _origin(process.stdout))
    finally:
        process.terminate()
        said = process.communicate(timeout=SECONDS)[1].decode()
        assert "Traceback" not in said, said


def _origin(stdout: IO[bytes] | None) -> str:
    assert stdout is not None
    line = stdout.readline().decode()
    assert " at http://127.0.0.1:" in line, line
    return line.rpartition(" at ")[2].strip().rstrip("/")
