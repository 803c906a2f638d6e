"""Many rendered pages in a row: how many a second, what each costs, and does memory stay flat?

    python benchmarks/rendering.py --pages 1000

A page of a generated site loads thirteen further things: styles, scripts, pictures, answers to scripts, a frame and an
icon. Processor time is given for Chromium's processes and for this one; the site's server runs in a third and does
not count. Chromium's memory is the sum of its processes' resident bytes, in which what they share counts for each. A
page's own processes go with it; what may grow from page to page are those that last: the browser, its compositor, its
network and storage services. `--recycle` pages after its start the browser is started anew. How much they grow is told
for each such life, from its tenth page on, and from the end of the first whole life to that of the last. Exit status 0
if they and this process stayed within the bound from then on.
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
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

from memory import resident

from crawler.rendering.browser import Browser
from crawler.rendering.chromium import find_chromium
from crawler.rendering.errors import RenderError
from crawler.rendering.rendering import RenderOptions

BOUND = 100 << 20
WARM_UP = 10  # pages after which every part of the browser has been used
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
class Held:
    """Resident bytes of Chromium: of all its processes, and of those that outlive a page."""

    all: int
    lasting: int


@dataclass(frozen=True, slots=True)
class Sample:
    """After `pages` pages: seconds since the start, resident bytes of Chromium and of this process."""

    pages: int
    seconds: float
    chromium: Held
    own: int


@dataclass(slots=True)
class Life:
    """One start of Chromium: its pages, and what lasts of it after the tenth one and after the last."""

    pages: int = 0
    warm: int = 0
    end: int = 0

    def add(self, lasting: int) -> None:
        self.pages += 1
        self.end = lasting
        if self.pages <= WARM_UP:
            self.warm = lasting


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

    def look(self, group: int | None) -> Held:
        """Take the times of a process group; returns its memory."""
        held, lasting = 0, 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text().rpartition(") ")[2].split()
                if int(fields[2]) == group:
                    pid = int(stat.parent.name)
                    self._seen[(pid, fields[19])] = (int(fields[11]) + int(fields[12])) / _TICKS
                    of_page = b"--type=renderer" in (stat.parent / "cmdline").read_bytes()
                    held += resident(pid)
                    lasting += 0 if of_page else resident(pid)
        return Held(held, lasting)

    @property
    def seconds(self) -> float:
        return sum(self._seen.values())


@dataclass(slots=True)
class Run:
    """What a run comes to; `chromium` are seconds of processor time, `lives` are by process id."""

    samples: list[Sample] = field(default_factory=list)
    lives: dict[int, Life] = field(default_factory=dict)
    exchanges: int = 0
    pages: int = 0
    chromium: float = 0.0


async def visit(origin: str, pages: int, at_once: int, recycle: int, options: RenderOptions) -> Run:
    """Render the pages."""
    browser = Browser(find_chromium(), pages=at_once, recycle_after=recycle)
    await browser.start()
    processor, began, run = Processor(), time.monotonic(), Run()
    numbers = iter(range(pages))

    async def work() -> None:
        for number in numbers:
            try:
                rendering = await browser.render(f"{origin}/{number}", options, lambda host, peer: None)
            except RenderError as error:
                raise SystemExit(str(error)) from None
            for exchange in rendering.exchanges:
                exchange.response.close()
            run.exchanges, run.pages = run.exchanges + len(rendering.exchanges), run.pages + 1
            held = processor.look(browser.pid)
            if browser.pid is not None:
                run.lives.setdefault(browser.pid, Life()).add(held.lasting)
            if run.pages % max(1, pages // 20) == 0:
                seconds = time.monotonic() - began
                run.samples.append(Sample(run.pages, seconds, held, resident(os.getpid())))

    await asyncio.gather(*(work() for _ in range(at_once)))
    processor.look(browser.pid)
    run.chromium = processor.seconds
    await browser.close()
    return run


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
        run = asyncio.run(visit(origin, chosen.pages, chosen.at_once, chosen.recycle, options))
        own = time.process_time() - own
    figures = _figures(run, own)
    if chosen.json:
        lives = [asdict(life) for life in run.lives.values()]
        print(
            json.dumps(
                {"samples": [asdict(each) for each in run.samples], "lives": lives, **figures}, indent=1
            )
        )
    else:
        _table(run, figures)
    raise SystemExit(max(figures["own_growth"], figures["chromium_growth_over_lives"]) > BOUND)


def _figures(run: Run, own: float) -> dict[str, float]:
    last, warm = run.samples[-1], run.samples[len(run.samples) // 4]
    lives = list(run.lives.values())
    whole = [
        life for life in lives if life.pages >= lives[0].pages - 1
    ]  # the last one may have been cut short
    grown = sum(life.end - life.warm for life in lives if life.pages > WARM_UP)
    after = sum(life.pages - WARM_UP for life in lives if life.pages > WARM_UP)
    return {
        "pages": run.pages,
        "exchanges_per_page": run.exchanges / run.pages,
        "pages_per_second": last.pages / last.seconds,
        "chromium_cpu_seconds_per_page": run.chromium / run.pages,
        "own_cpu_seconds_per_page": own / run.pages,
        "chromium_largest": max(sample.chromium.all for sample in run.samples),
        "chromium_growth_per_page": grown / after if after else 0.0,
        "chromium_growth_over_lives": whole[-1].end - whole[0].end,
        "own_growth": last.own - warm.own,
    }


def _table(run: Run, figures: dict[str, float]) -> None:
    print(f"{'':18}{'Chromium':>14}{'what lasts':>14}{'own':>12}")
    for sample in run.samples:
        held = sample.chromium
        print(
            f"{sample.seconds:6.0f} s {sample.pages:5,} p"
            + "".join(
                f"{size >> 20:{width}} MiB"
                for size, width in ((held.all, 12), (held.lasting, 10), (sample.own, 8))
            )
        )
    for number, life in enumerate(run.lives.values(), 1):
        sizes = f"{life.warm >> 20} MiB after {min(life.pages, WARM_UP)} pages, {life.end >> 20} MiB after {life.pages}"
        print(f"life {number} of Chromium, what lasts: {sizes}")
    per_page, over = figures["chromium_growth_per_page"], figures["chromium_growth_over_lives"]
    print(
        f"it grows by {per_page / 1024:.0f} KiB a page within a life, and by {over / (1 << 20):.0f} MiB over all lives"
    )
    print(f"this process grew by {figures['own_growth'] / (1 << 20):.0f} MiB after the first quarter")
    print(
        f"{figures['exchanges_per_page']:.1f} exchanges a page, {figures['pages_per_second']:.2f} pages a second;"
        f" processor seconds a page: Chromium {figures['chromium_cpu_seconds_per_page']:.2f},"
        f" own {figures['own_cpu_seconds_per_page']:.2f}"
    )


if __name__ == "__main__":
    main()
