"""How fast are exchanges written as WARC, here and by warcio, and how small?

Pages are made up, with a nginx-like head; each way writes a request and a response record for every page, digests
included, to a file in a temporary folder. The rate is pages per second of CPU; the table shows the best of the
rounds, which other programs on the machine disturb least.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.capture import Capture
from archive.exchange import Exchange
from archive.spool import Spool
from archive.warc.exchanges import write_exchange
from archive.warc.writer import WarcWriter
from benchmarks.pages import make_page

_FIELDS = [("Server", "nginx"), ("Content-Type", "text/html; charset=utf-8"), ("Connection", "keep-alive")]


@dataclass(frozen=True)
class Page:
    """One page with its URL, as both ways get it."""

    url: str
    request: bytes
    response: bytes
    body: bytes


class _Nothing:
    """A collection that holds nothing yet."""

    def same(self, url: str, entity_digest: str, status: int | None) -> Capture | None:
        return None

    def latest(self, url: str) -> Capture | None:
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--size", type=int, default=50_000, help="bytes of a page")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    pages = [_page(number, arguments.size) for number in range(arguments.pages)]
    raw = sum(len(page.response) + len(page.request) for page in pages)
    ways: dict[str, Callable[[list[Page], Path], None]] = {"tearsheet": _tearsheet, "warcio": _warcio}
    best = dict.fromkeys(ways, float("inf"))
    packed = dict.fromkeys(ways, 0)
    for _ in range(arguments.rounds):
        for way, write in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                began = time.process_time()
                write(pages, Path(folder))
                best[way] = min(best[way], time.process_time() - began)
                packed[way] = sum(path.stat().st_size for path in Path(folder).iterdir())
    print(f"{'':12}{'pages/CPU s':>12}{'MB/CPU s':>10}{'size':>8}{'x warcio':>10}")
    for way, seconds in best.items():
        rate = len(pages) / seconds
        print(
            f"{way:12}{rate:12.0f}{raw / seconds / 1e6:10.0f}{packed[way] / raw:8.3f}{best['warcio'] / seconds:10.1f}"
        )


def _page(number: int, size: int) -> Page:
    body = make_page(number, size)
    fields = [*_FIELDS, ("Content-Length", str(len(body)))]
    head = "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
    request = f"GET /{number}.html HTTP/1.1\r\nHost: desk.example\r\nUser-Agent: tearsheet\r\n\r\n".encode()
    return Page(f"https://desk.example/{number}.html", request, head.encode() + body, body)


def _tearsheet(pages: list[Page], folder: Path) -> None:
    writer = WarcWriter(folder)
    for number, page in enumerate(pages):
        with Spool(page.response) as response:
            exchange = Exchange(page.url, page.request, response, datetime.now(UTC), "192.0.2.1")
            write_exchange(writer, exchange, number, _Nothing())
    writer.close()


def _warcio(pages: list[Page], folder: Path) -> None:
    with (folder / "warcio.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for page in pages:
            fields = [*_FIELDS, ("Content-Length", str(len(page.body)))]
            digest = {"WARC-IP-Address": "192.0.2.1"}
            response = writer.create_warc_record(
                page.url,
                "response",
                payload=BytesIO(page.body),
                http_headers=StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1"),
                warc_headers_dict=digest,
            )
            request = writer.create_warc_record(
                page.url,
                "request",
                http_headers=StatusAndHeaders(
                    f"GET {page.url} HTTP/1.1",
                    [("Host", "desk.example"), ("User-Agent", "tearsheet")],
                    is_http_request=True,
                ),
            )
            writer.write_request_response_pair(request, response)


if __name__ == "__main__":
    main()
