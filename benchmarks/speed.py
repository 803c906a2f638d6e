"""Time of extraction over the time of parsing, beside Trafilatura's.

    python benchmarks/speed.py [--corpus pages.jsonl.gz ...] [--rounds 3] [--every 1]

Each page is parsed by lxml.html, extracted by us (body and metadata, bytes to outcome), and extracted by Trafilatura
with metadata, one after the other in one process, as often as there are rounds. The processor time of a page is the
median of its rounds; a ratio is the sum over the pages over that of parsing. A corpus is gzipped JSON lines with `html`
and, where known, `url`; without one, the pages are those of the demo newsroom, padded with scripts and links to the
weight of a news page.

What Trafilatura and we remember of class names is kept between pages, as in a crawl: --cold forgets ours before each.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import logging
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import html
from trafilatura import bare_extraction
from trafilatura.external import jt_stoplist_init

from archive.errors import TearsheetError
from archive.extraction.article import Page
from archive.extraction.extract import extract
from archive.extraction.main_text import attributes
from archive.extraction.main_text.choice import load_stoplists
from archive.extraction.pruning import regions
from crawler.demo.edition import Edition
from crawler.demo.newsroom import Newsroom
from crawler.demo.site import site

_PARSER = html.HTMLParser(encoding="utf-8", huge_tree=True)
_HTML = "text/html; charset=utf-8"


def newsroom() -> Iterator[Page]:
    """The pages of the demo newsroom, with what surrounds the text on a page of a real outlet."""
    bases = {outlet.name: f"https://{outlet.name}.example" for outlet in Newsroom.load().outlets}
    for outlet in Newsroom.load().outlets:
        for path, reply in site(Edition(Newsroom.load(), outlet, bases)).items():
            if reply.status == 200 and reply.content_type.startswith("text/html") and not reply.location:
                body = reply.body.replace(b"</body>", _surroundings(path) + b"</body>")
                yield Page(bases[outlet.name] + path, body, reply.content_type)


def _surroundings(path: str) -> bytes:
    chance = random.Random(path)
    links = "".join(
        f'<li class="item item-{n % 5}"><a href="/section/{n}"><span class="t">Section {n}</span></a></li>'
        for n in range(chance.randint(60, 180))
    )
    code = "".join(f"var v{n}={chance.random()};" for n in range(chance.randint(2_000, 8_000)))
    return f'<nav class="menu"><ul>{links}</ul></nav><script>{code}</script>'.encode()


def corpus(path: Path, every: int) -> Iterator[Page]:
    """Every so manieth page of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                entry = json.loads(line)
                body = entry["html"].encode("utf-8", "replace")
                yield Page(entry.get("url") or f"https://corpus.example/{number}", body, _HTML)


def parsing(page: Page) -> None:
    """What the others are measured by: one tree of the page."""
    html.document_fromstring(page.body, parser=_PARSER)


def ours(page: Page) -> None:
    """Body and metadata by this package; an outcome that is an error counts like any other."""
    try:
        extract(page)
    except TearsheetError:
        return


def trafilatura(page: Page) -> None:
    """Body and metadata by Trafilatura as it comes."""
    bare_extraction(page.body, url=page.url, with_metadata=True)


def seconds(work: Callable[[Page], None], page: Page) -> float:
    """Processor time of this process."""
    started = time.process_time()
    work(page)
    return time.process_time() - started


def _timed(
    pages: list[Page], rounds: int, cold: bool, works: tuple[Callable[[Page], None], ...]
) -> list[float]:
    """`measure`, after what happens once in a process has happened."""
    load_stoplists()  # half a second, for us and for Trafilatura
    jt_stoplist_init()
    for work in works:
        for page in pages[:3]:
            work(page)
    gc.collect()
    return measure(pages, rounds, cold, works)


def measure(
    pages: list[Page], rounds: int, cold: bool, works: tuple[Callable[[Page], None], ...]
) -> list[float]:
    """Seconds of each work for all pages: the sum of each page's median."""
    totals = [0.0] * len(works)
    for page in pages:
        taken: list[list[float]] = [[] for _ in works]
        for _ in range(rounds):
            for times, work in zip(taken, works, strict=True):
                if cold:
                    attributes.forget()
                    regions.rules_of.cache_clear()
                times.append(seconds(work, page))
        totals = [total + statistics.median(times) for total, times in zip(totals, taken, strict=True)]
    return totals


def ratios(pages: list[Page], rounds: int, theirs: bool) -> list[float]:
    """Our time over that of parsing and, if asked for, Trafilatura's, measured in turn on the same pages."""
    parse, *others = _timed(pages, rounds, False, (parsing, ours, trafilatura) if theirs else (parsing, ours))
    return [total / parse for total in others]


def report(name: str, pages: list[Page], options: argparse.Namespace) -> float:
    """Print one corpus; its ratio."""
    works = (parsing, ours) if options.ours else (parsing, ours, trafilatura)
    parse, *others = _timed(pages, options.rounds, options.cold, works)
    print(
        f"{name}: {len(pages)} pages, {sum(len(page.body) for page in pages) // len(pages) // 1000} kB each"
    )
    print(f"  lxml.html    {parse / len(pages) * 1000:7.2f} ms a page    1.0 x")
    for label, total in zip(("extract", "Trafilatura"), others, strict=False):
        print(f"  {label:<12} {total / len(pages) * 1000:7.2f} ms a page  {total / parse:5.1f} x", flush=True)
    return others[0] / parse


def main() -> None:
    """Measure and print. Exit status 1 if our ratio is above --bound for a corpus."""
    parser = argparse.ArgumentParser(description="Time of extraction over the time of parsing.")
    parser.add_argument(
        "--corpus", type=Path, action="append", default=[], help="gzipped JSON lines with html, url"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--every", type=int, default=1, help="take every so manieth page")
    parser.add_argument("--cold", action="store_true", help="forget names of classes before each page")
    parser.add_argument("--ours", action="store_true", help="leave Trafilatura's own extraction out")
    parser.add_argument("--bound", type=float, default=float("inf"), help="ratio that none may exceed")
    options = parser.parse_args()
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    corpora = {path.name: list(corpus(path, options.every)) for path in options.corpus}
    ratios = [report(*entry, options) for entry in (corpora or {"demo newsroom": list(newsroom())}).items()]
    raise SystemExit(max(ratios) > options.bound)


if __name__ == "__main__":
    main()
