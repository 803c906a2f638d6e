"""Many rendered pages in a row: how many a second, what each costs, and does memory stay flat?

    python benchmarks/rendering.py --pages 200

A page of a generated site loads thirteen further things: styles, scripts, pictures, answers to scripts, a frame and an
icon. Processor time is given for Chromium's processes and for this one; the site's server runs in a third and does
not count. Chromium's memory is the sum of its processes' resident bytes, in which what they share counts for each.
Exit status 0 if this process stayed within the bound.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

from memory import resident

from crawler.rendering.browser import Browser
from crawler.rendering.chromium import find_chromium
from crawler.rendering.errors import RenderError
from crawler.rendering.rendering import RenderOptions

BOUND = 100 << 20
_TICKS = os.sysconf("SC_CLK_TCK")
_PARTS = {
    "/style.css": ("text/css", b"body { margin: 2em } " * 800),
    "/print.css": ("text/css", b"nav { display: none } " * 200),
    "/library.js": ("text/javascript", b"/* a library */ window.library = [];\n" * 4000),
    "/site.js": (
        "text/javascript",
        b"for (const path of ['/story.json', '/related.json']) fetch(path).then(r => r.json()).then(story =>"
        b" { for (const text of story) document.body.append(Object.assign("
        b"document.createElement('p'), {textContent: text})); });",
    ),
    "/story.json": ("application/json", json.dumps(["A paragraph of a story. " * 20] * 12).encode()),
    "/related.json": ("application/json", json.dumps(["Another headline"] * 10).encode()),
    "/frame.html": ("text/html", b"<p>an advertisement"),
    "/favicon.ico": ("image/png", b""),
}
_PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360"><rect width="640" height="360"/>%s</svg>'
_PAGE = (
    b"<!doctype html><meta charset=utf-8><title>%s</title><link rel=stylesheet href=/style.css>"
    b"<link rel=stylesheet href=/print.css media=print><h1>Headline</h1>"
    + b"".join(b"<img src=/picture%d.svg>" % number for number in range(5))
    + b"<iframe src=/frame.html></iframe><script src=/library.js></script><script src=/site.js></script>"
)


class Site(BaseHTTPRequestHandler):
    """The site. Keeps connections open, as sites do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/picture"):
            kind, body = "image/svg+xml", _PICTURE % (b"<!-- pixels -->" * 2000)
        else:
            kind, body = _PARTS.get(self.path, ("text/html", _PAGE % self.path.encode()))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not to the terminal."""


@dataclass(frozen=True, slots=True)
class Sample:
    """After `pages` pages: seconds since the start, resident bytes of Chromium and of this process, and whether
    Chromium has been started anew since the last sample."""

    pages: int
    seconds: float
    chromium: int
    own: int
    fresh: bool


def serve(told: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    told.send(server.server_port)
    server.serve_forever()


@contextmanager
def site() -> Iterator[str]:
    """The site in a process of its own; its origin."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.kill()
        process.join()


class Processor:
    """Processor time of Chromium's processes, those that have ended included as far as they were seen."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, str], float] = {}

    def look(self, group: int | None) -> int:
        """Take the times of a process group; returns its resident bytes."""
        held = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text().rpartition(") ")[2].split()
                if int(fields[2]) == group:
                    pid = int(stat.parent.name)
                    self._seen[(pid, fields[19])] = (int(fields[11]) + int(fields[12])) / _TICKS
                    held += resident(pid)
        return held

    @property
    def seconds(self) -> float:
        return sum(self._seen.values())


async def visit(
    origin: str, pages: int, at_once: int, recycle: int, options: RenderOptions
) -> tuple[list[Sample], int, float]:
    """Render the pages; samples, exchanges, and seconds of Chromium's processor time."""
    browser = Browser(find_chromium(), pages=at_once, recycle_after=recycle)
    await browser.start()
    processor, samples, began = Processor(), [], time.monotonic()
    numbers, exchanges, done, last = iter(range(pages)), 0, 0, browser.pid

    async def work() -> None:
        nonlocal exchanges, done, last
        for number in numbers:
            try:
                rendering = await browser.render(f"{origin}/{number}", options, lambda host, peer: None)
            except RenderError as error:
                raise SystemExit(str(error)) from None
            for exchange in rendering.exchanges:
                exchange.response.close()
            exchanges, done = exchanges + len(rendering.exchanges), done + 1
            held = processor.look(browser.pid)
            if done % max(1, pages // 20) == 0:
                seconds = time.monotonic() - began
                samples.append(Sample(done, seconds, held, resident(os.getpid()), browser.pid != last))
                last = browser.pid

    await asyncio.gather(*(work() for _ in range(at_once)))
    processor.look(browser.pid)
    await browser.close()
    return samples, exchanges, processor.seconds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--recycle", type=int, default=100, help="pages after which Chromium is started anew")
    parser.add_argument(
        "--plain", action="store_true", help="no scrolling, unfolding, consent and screenshots"
    )
    parser.add_argument("--json", action="store_true", help="print samples and figures as JSON")
    chosen = parser.parse_args()
    options = RenderOptions()
    if chosen.plain:
        options = RenderOptions(idle=0.2, scroll=False, expand=False, consent=False, screenshot=False)
    with site() as origin:
        own = time.process_time()
        samples, exchanges, chromium = asyncio.run(
            visit(origin, chosen.pages, chosen.at_once, chosen.recycle, options)
        )
        own = time.process_time() - own
    last, warm = samples[-1], samples[len(samples) // 4 :]
    figures = {
        "pages": last.pages,
        "exchanges_per_page": exchanges / last.pages,
        "pages_per_second": last.pages / last.seconds,
        "chromium_cpu_seconds_per_page": chromium / last.pages,
        "own_cpu_seconds_per_page": own / last.pages,
        "chromium_largest": max(sample.chromium for sample in samples),
        "own_growth": last.own - warm[0].own,
    }
    if chosen.json:
        print(json.dumps({"samples": [asdict(sample) for sample in samples], **figures}, indent=1))
    else:
        _table(samples, figures)
    raise SystemExit(figures["own_growth"] > BOUND)


def _table(samples: list[Sample], figures: dict[str, float]) -> None:
    for sample in samples:
        anew = "  started anew" if sample.fresh else ""
        memory = f"Chromium {sample.chromium >> 20:5} MiB  own {sample.own >> 20:4} MiB"
        print(f"{sample.seconds:7.0f} s {sample.pages:6,} pages  {memory}{anew}")
    print(
        f"{figures['exchanges_per_page']:.1f} exchanges a page, {figures['pages_per_second']:.2f} pages a second"
    )
    print(
        f"processor seconds a page: Chromium {figures['chromium_cpu_seconds_per_page']:.2f},"
        f" own {figures['own_cpu_seconds_per_page']:.2f}"
    )


if __name__ == "__main__":
    main()
