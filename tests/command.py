"""The command `tearsheet` in a process of its own, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-W", "error", "-m", "crawler")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines: fails where it holds anything else."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def articles(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if not {"error", "note"} & row.keys()]

    @property
    def notes(self) -> dict[str, str]:
        """URL -> why a page has no article, or is not there."""
        return {row["url"]: row["note"] for row in self.rows if "note" in row}

    @property
    def failures(self) -> dict[str, str]:
        """URL or file -> error."""
        return {row.get("url", row.get("file")): row["error"] for row in self.rows if "error" in row}


def environment(**extra: str) -> dict[str, str]:
    """This process's environment with the package on the path and no settings of tearsheet but `extra`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TEARSHEET_")}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    # A browser takes seconds a page: tests that want one say so.
    return own | {"PYTHONPATH": path, "COLUMNS": "100", "TEARSHEET_RENDER": "never"} | extra


def tearsheet(
    *arguments: object,
    cwd: Path,
    stdin: str = "",
    env: dict[str, str] | None = None,
    command: tuple[str, ...] = COMMAND,
) -> Done:
    """Run a command to its end. Whatever it is, it shows no traceback."""
    done = subprocess.run(
        [*command, *map(str, arguments)],
        input=stdin.encode(),
        capture_output=True,
        cwd=cwd,
        env=environment(**(env or {})),
        timeout=100,
        check=False,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err, err
    return Done(done.returncode, out, err)


def start(*arguments: object, cwd: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command and go on."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment()} | options
    return subprocess.Popen([*COMMAND, *map(str, arguments)], cwd=cwd, **options)
