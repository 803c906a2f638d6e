"""`tearsheet serve` in a process of its own, and requests to it as they are written."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.command import environment, start
from tests.crawler.serving.origins import Origin, Said

SECONDS = 30


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    process: subprocess.Popen[bytes]
    origin: str

    @property
    def port(self) -> int:
        return int(self.origin.rpartition(":")[2])

    def ask(self, path: str, method: str = "GET", **headers: str) -> Said:
        """As `Origin.ask` does."""
        return Origin(self.origin).ask(path, method, **headers)


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
