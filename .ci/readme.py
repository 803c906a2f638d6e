"""Runs every command that the README shows (lines that begin with `$ ` in its console blocks), in their order.

A command whose line ends in `# internet` is left out: CI has none.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
ALLOWED_FAILURES = {"# exit status 1": 1}


def commands(text: str) -> list[str]:
    """The commands of the README's console blocks; a backslash at a line's end goes on in the next line."""
    blocks = "\n".join(BLOCK.findall(text)).replace("\\\n", " ")
    return [line[2:].strip() for line in blocks.splitlines() if line.startswith("$ ")]


def main() -> int:
    environment = os.environ | {"PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    failed = []
    for command in commands((ROOT / "README.md").read_text(encoding="utf-8")):
        if command.endswith("# internet"):
            continue
        sys.stdout.write(f"$ {command}\n")
        sys.stdout.flush()
        wanted = next((status for mark, status in ALLOWED_FAILURES.items() if command.endswith(mark)), 0)
        done = subprocess.run(command, shell=True, cwd=ROOT, env=environment, check=False)
        if done.returncode != wanted:
            failed.append(f"{command}: exit status {done.returncode}, not {wanted}")
    sys.stdout.write("".join(f"FAILED {line}\n" for line in failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
