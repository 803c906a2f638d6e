"""`python -m tests.archive.warc.measured FILE`: read all captures of a file, and tell what that took."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from archive.errors import RecordError
from archive.warc.captures import read_captures

ADDRESS_SPACE = 600 << 20  # bytes, of which Python and what it loads take 100 MB


def peak() -> int:
    """The most memory that this process ever had, in bytes. What `getrusage` says counts the process that forked it."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) << 10


def main(path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    damages: list[RecordError] = []
    captures = 0
    begun = time.process_time()
    try:
        for _, block in read_captures(path, damages.append):
            captures += 1
            block.close()
    except RecordError as error:
        damages.append(error)
    told = {
        "captures": captures,
        "damages": len(damages),
        "first": damages[0].problem if damages else None,
        "last": damages[-1].problem if damages else None,
        "seconds": time.process_time() - begun,
        "peak": peak(),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
