"""How fast is a crawl of many outlets at once, and what do the processors do meanwhile?

nginx serves outlets on loopback, each at a port of its own with a feed and articles. Plain Scrapy with callbacks that
do nothing is told the addresses; tearsheet finds them by the feeds, archives them, and in its third way extracts them
too. The ways run in turn, for some rounds; the tables show the medians. Wall time includes the start of each program,
some seconds whatever the number of pages.

The second table is where the processor time of a page goes: `main` is the event loop with all of Scrapy, `threads` the
other ones of that process, above all the one that digests, packs, writes and commits, and `workers` extract.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.costs import Cost, cost_of  # noqa: E402 - found by the path above
from benchmarks.newssite import page  # noqa: E402
from benchmarks.nginx import free_ports, served  # noqa: E402

PLAIN, CAPTURE, EXTRACTION = "plain Scrapy", "with capture", "with extraction"


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name, _site(Path(name), arguments) as names:
        costs = _measure(Path(name), names, arguments)
    _show(costs, arguments.outlets * (arguments.pages + 1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outlets", type=int, default=50)
    parser.add_argument("--pages", type=int, default=100, help="articles an outlet")
    parser.add_argument("--size", type=int, default=100_000, help="bytes of a page")
    # 880 elements a page with these: of real outlets' pages half have fewer than 700 to 1,100, by the corpus.
    parser.add_argument("--teasers", type=int, default=60, help="teasers of other stories on a page")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=16, help="requests at once of each spider")
    return parser.parse_args()


@contextmanager
def _site(folder: Path, arguments: argparse.Namespace) -> Iterator[list[str]]:
    """Running outlets, with `outlets/` and `urls.txt` in `folder`; gives the outlets' names."""
    (folder / "outlets").mkdir()
    ports = free_ports(arguments.outlets)
    blocks = []
    for number, port in enumerate(ports):
        paths = [f"/2026/11/{number}-{story}-harbour-council.html" for story in range(arguments.pages)]
        root = folder / f"site-{number}"
        (root / "2026/11").mkdir(parents=True)
        for story, path in enumerate(paths):
            (root / path[1:]).write_bytes(
                page(number * arguments.pages + story, arguments.size, arguments.teasers)
            )
        base = f"http://127.0.0.1:{port}"
        items = "".join(f"<item><title>{path}</title><link>{base}{path}</link></item>" for path in paths)
        (root / "rss.xml").write_text(
            f'<rss version="2.0"><channel><title>{number}</title>{items}</channel></rss>'
        )
        (folder / f"outlets/site-{number}.toml").write_text(
            f'[[outlet]]\nname = "site-{number}"\ndomains = ["127.0.0.1:{port}"]\n'
            f'feeds = ["{base}/rss.xml"]\ndelay = 0.0\n'
        )
        blocks.append("\n".join([f"{base}/rss.xml", *(base + path for path in paths)]))
    (folder / "urls.txt").write_text("\n\n".join(blocks))
    with served(folder, {port: folder / f"site-{number}" for number, port in enumerate(ports)}):
        yield [f"site-{number}" for number in range(arguments.outlets)]


def _measure(folder: Path, names: list[str], arguments: argparse.Namespace) -> dict[str, list[Cost]]:
    concurrency = str(arguments.concurrency)
    crawl = [sys.executable, "-m", "crawler", "crawl", *names, "--json", "--outlets", str(folder / "outlets")]
    crawl += ["--concurrency", concurrency, "--collections", str(folder / "collections")]
    ways = {
        PLAIN: [sys.executable, str(ROOT / "benchmarks/plain.py"), str(folder / "urls.txt"), concurrency],
        CAPTURE: [*crawl, "--no-extract"],
        EXTRACTION: crawl,
    }
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for _ in range(arguments.rounds):
        for way, command in ways.items():
            costs[way].append(cost_of(command, ROOT))
            shutil.rmtree(folder / "collections", ignore_errors=True)
    return costs


def _show(costs: dict[str, list[Cost]], pages: int) -> None:
    base = statistics.median(cost.wall for cost in costs[PLAIN])
    cores = os.cpu_count() or 1
    print(f"{'':18}{'wall s':>8}{'pages/s':>9}{'of plain':>10}{'busy':>7}   rounds")
    for way, runs in costs.items():
        wall = statistics.median(cost.wall for cost in runs)
        busy = statistics.median(cost.cpu / cost.wall / cores for cost in runs)
        rounds = " ".join(f"{cost.wall:.2f}" for cost in runs)
        print(f"{way:18}{wall:8.2f}{pages / wall:9.0f}{base / wall:10.0%}{busy:7.0%}   {rounds}")
    print(f"\n{'ms a page':18}{'all':>8}{'main':>9}{'threads':>10}{'workers':>9}")
    for way, runs in costs.items():
        parts = [
            statistics.median(part) * 1000 / pages
            for part in zip(*((c.cpu, c.main, c.first - c.main, c.cpu - c.first) for c in runs), strict=True)
        ]
        shares = " ".join(f"{part / parts[0]:.0%}" for part in parts[1:])
        print(f"{way:18}{parts[0]:8.2f}{parts[1]:9.2f}{parts[2]:10.2f}{parts[3]:9.2f}   {shares}")


if __name__ == "__main__":
    main()
