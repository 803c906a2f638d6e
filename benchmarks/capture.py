"""How much slower than plain Scrapy is a crawl whose every exchange is archived, and how does wget compare?

nginx serves pages of the usual size from loopback. Each way fetches all of them, in turn, for some rounds; the
table shows the medians. Wall time includes the start of each program.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEARSHEET = [sys.executable, "-m", "crawler"]
sys.path.insert(0, str(ROOT))

from benchmarks.costs import Cost, cost_of  # noqa: E402 - found by the path above
from benchmarks.nginx import free_ports, served  # noqa: E402
from benchmarks.pages import make_page  # noqa: E402


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name, _site(Path(name), arguments) as urls:
        costs = _measure(urls, Path(name), arguments)
    _show(costs, arguments.pages)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1200, help="pages that are fetched in each run")
    parser.add_argument("--size", type=int, default=200_000, help="bytes of a page")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--concurrency", type=int, default=16, help="requests at once, for Scrapy and tearsheet"
    )
    return parser.parse_args()


@contextmanager
def _site(folder: Path, arguments: argparse.Namespace) -> Iterator[Path]:
    """A running server; gives a file with the URL of each page."""
    pages = folder / "pages"
    pages.mkdir()
    for number in range(arguments.pages):
        (pages / f"{number}.html").write_bytes(make_page(number, arguments.size))
    (port,) = free_ports(1)
    urls = folder / "urls.txt"
    urls.write_text("".join(f"http://127.0.0.1:{port}/{number}.html\n" for number in range(arguments.pages)))
    with served(folder, {port: pages}):
        yield urls


def _measure(urls: Path, folder: Path, arguments: argparse.Namespace) -> dict[str, list[Cost]]:
    def plain(_: Path) -> list[str]:
        return [sys.executable, str(ROOT / "benchmarks/plain.py"), str(urls), str(arguments.concurrency)]

    def scrape(out: Path) -> list[str]:
        options = ["--no-extract", "--delay", "0", "--concurrency", str(arguments.concurrency), "--json"]
        return [*TEARSHEET, "scrape", "-i", str(urls), "--collections", str(out), *options]

    ways = {"plain Scrapy": plain, "tearsheet scrape": scrape}
    wget = shutil.which("wget")
    if wget is not None:
        ways["wget --warc-file"] = lambda out: [
            *(wget, "-q", "-i", str(urls), "-O", str(out / "bodies"), f"--warc-file={out / 'wget'}"),
            "--no-warc-keep-log",
        ]
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for number in range(arguments.rounds):
        for way, command in ways.items():
            out = folder / f"{number}-{way.split()[0]}-{way.split()[-1]}"
            out.mkdir()
            costs[way].append(cost_of(command(out)))
            shutil.rmtree(out)
    return costs


def _show(costs: dict[str, list[Cost]], pages: int) -> None:
    base = statistics.median(cost.wall for cost in costs["plain Scrapy"])
    print(f"{'':20}{'wall s':>9}{'CPU s':>9}{'pages/s':>9}{'x plain':>9}   rounds")
    for way, runs in costs.items():
        wall = statistics.median(cost.wall for cost in runs)
        cpu = statistics.median(cost.cpu for cost in runs)
        rounds = " ".join(f"{cost.wall:.2f}" for cost in runs)
        print(f"{way:20}{wall:9.2f}{cpu:9.2f}{pages / wall:9.0f}{wall / base:9.2f}   {rounds}")


if __name__ == "__main__":
    main()
