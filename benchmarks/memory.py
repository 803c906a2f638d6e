"""Memory of a long crawl: does it stay flat?

    python benchmarks/memory.py --pages 10000

Crawls generated pages from loopback with extraction on and without delay, and samples the resident memory of the
crawl's process and of its extraction workers once a second. Exit status 0 if the crawl stayed within the bound.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newssite import outlet

BOUND = 50 << 20  # bytes by which the crawl's process may grow after the warm-up
WARM_UP = 500  # pages after which every part has been used and every pool is full
HERE = Path(__file__).parent
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Sample:
    """Resident bytes `seconds` after the start, when `pages` had been told."""

    seconds: float
    pages: int
    crawl: int
    workers: int


def resident(pid: int) -> int:
    """Resident bytes of a process; 0 where it has ended (proc(5), statm)."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


def processor_seconds(pid: int) -> float:
    """Processor time that a process has taken; 0 where it has ended (proc(5), stat)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """The processes below `pid`."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.name))
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def crawl(folder: Path, rows: Path, arguments: list[str]) -> list[Sample]:
    """Run the crawl and sample it until it ends."""
    command = [
        sys.executable,
        "-m",
        "crawler",
        "crawl",
        "pages",
        "--outlets",
        str(folder / "outlets"),
        "--json",
    ]
    command += [
        "--collections",
        str(folder / "collections"),
        "--delay",
        "0",
        "--concurrency",
        "8",
        *arguments,
    ]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])
    }
    samples = []
    began = time.monotonic()
    with rows.open("wb") as out, subprocess.Popen(command, stdout=out, env=environment) as process:
        told, read = 0, 0
        while process.poll() is None:
            time.sleep(1)
            with rows.open("rb") as file:
                file.seek(read)
                new = file.read()
            told, read = told + new.count(b"\n"), read + len(new)
            if own := resident(process.pid):
                below = sum(map(resident, descendants(process.pid)))
                samples.append(Sample(time.monotonic() - began, told, own, below))
    if process.returncode:
        raise SystemExit(f"the crawl ended with {process.returncode}")
    return samples


def judge(samples: list[Sample], pages: int) -> bool:
    """Print the figures; whether the crawl stayed within the bound."""
    warm = [sample for sample in samples if sample.pages >= WARM_UP]
    if not warm:
        raise SystemExit(f"fewer than {WARM_UP} pages were seen on the way; crawl more with --pages")
    step = max(1, len(samples) // 20)
    for sample in samples[::step]:
        memory = f"crawl {_mib(sample.crawl)}  workers {_mib(sample.workers)}"
        print(f"{sample.seconds:6.0f} s {sample.pages:7,} pages  {memory}")
    growth = max(sample.crawl for sample in warm) - warm[0].crawl
    seconds = samples[-1].seconds
    for name in ("crawl", "workers"):
        values = [getattr(sample, name) for sample in warm]
        print(f"{name:8} start {_mib(values[0])}  max {_mib(max(values))}  end {_mib(values[-1])}")
    within = growth <= BOUND
    verdict = "within" if within else "MORE THAN"
    print(f"{pages:,} pages in {seconds:.0f} s; the crawl grew by {_mib(growth)}: {verdict} {_mib(BOUND)}")
    return within


def _mib(size: int) -> str:
    return f"{size / 2**20:6.1f} MiB"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=50_000, help="bytes of a page")
    parser.add_argument("arguments", nargs="*", help="further arguments for `tearsheet crawl`, after --")
    options = parser.parse_args()
    serve = [
        sys.executable,
        str(HERE / "newssite.py"),
        "--pages",
        str(options.pages),
        "--size",
        str(options.size),
    ]
    with (
        tempfile.TemporaryDirectory(prefix="memory-") as temporary,
        subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server,
    ):
        try:
            assert server.stdout is not None
            port, sitemaps = map(int, server.stdout.readline().split())
            folder = Path(temporary)
            (folder / "outlets").mkdir()
            (folder / "outlets/pages.toml").write_text(outlet(port, sitemaps))
            samples = crawl(folder, folder / "rows.jsonl", options.arguments)
        finally:
            server.kill()
    return 0 if judge(samples, options.pages) else 1


if __name__ == "__main__":
    sys.exit(main())
