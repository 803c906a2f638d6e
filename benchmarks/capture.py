"""How much slower than plain Scrapy is a crawl whose every exchange is archived, and how does wget compare?

nginx serves pages of the usual size from loopback. Each way fetches all of them, in turn, for some rounds; the
table shows the medians. Wall time includes the start of each program.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TEARSHEET = [sys.executable, "-m", "crawler"]
sys.path.insert(0, str(ROOT))

from benchmarks.pages import make_page  # noqa: E402 - found by the path above

_NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000; default_type text/html;
  client_body_temp_path {folder}/temp; proxy_temp_path {folder}/temp; fastcgi_temp_path {folder}/temp;
  uwsgi_temp_path {folder}/temp; scgi_temp_path {folder}/temp;
  server {{ listen 127.0.0.1:{port}; root {folder}/pages; }}
}}
"""


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock and seconds of CPU that one run took."""

    wall: float
    cpu: float


def main() -> None:
    arguments = _arguments()
    if arguments.plain:
        _crawl(arguments.plain, arguments.concurrency)
        return
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if nginx is None:
        sys.exit("nginx is not installed; this benchmark needs it as a server that is no bottleneck")
    with tempfile.TemporaryDirectory() as name, _served(nginx, Path(name), arguments) as urls:
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
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _served(nginx: str, folder: Path, arguments: argparse.Namespace) -> Iterator[Path]:
    """A running server; gives a file with the URL of each page."""
    pages = folder / "pages"
    pages.mkdir()
    (folder / "temp").mkdir()
    for number in range(arguments.pages):
        (pages / f"{number}.html").write_bytes(make_page(number, arguments.size))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder.chmod(0o755)
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, port=port))
    urls = folder / "urls.txt"
    urls.write_text("".join(f"http://127.0.0.1:{port}/{number}.html\n" for number in range(arguments.pages)))
    server = subprocess.Popen([nginx, "-c", str(config), "-p", str(folder)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield urls
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit("nginx did not start; run it by hand to see why")


def _measure(urls: Path, folder: Path, arguments: argparse.Namespace) -> dict[str, list[Cost]]:
    def plain(_: Path) -> list[str]:
        options = ["--plain", str(urls), "--concurrency", str(arguments.concurrency)]
        return [sys.executable, __file__, *options]

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
            costs[way].append(_run(command(out)))
            shutil.rmtree(out)
    return costs


def _run(command: list[str]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _show(costs: dict[str, list[Cost]], pages: int) -> None:
    base = statistics.median(cost.wall for cost in costs["plain Scrapy"])
    print(f"{'':20}{'wall s':>9}{'CPU s':>9}{'pages/s':>9}{'x plain':>9}   rounds")
    for way, runs in costs.items():
        wall = statistics.median(cost.wall for cost in runs)
        cpu = statistics.median(cost.cpu for cost in runs)
        rounds = " ".join(f"{cost.wall:.2f}" for cost in runs)
        print(f"{way:20}{wall:9.2f}{cpu:9.2f}{pages / wall:9.0f}{wall / base:9.2f}   {rounds}")


def _crawl(urls: Path, concurrency: int) -> None:
    """Fetch all URLs in this process, with Scrapy's own handler and a callback that does nothing."""
    from collections.abc import AsyncIterator

    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    class EmptySpider(scrapy.Spider):
        name = "empty"

        async def start(self) -> AsyncIterator[scrapy.Request]:
            for url in urls.read_text().split():
                yield scrapy.Request(url)

        def parse(self, response: scrapy.http.Response, **_: Any) -> None:
            pass

    settings = Settings()
    equal = {
        "CONCURRENT_REQUESTS": concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
    }
    settings.setdict(equal, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(EmptySpider)
    process.start()


if __name__ == "__main__":
    main()
