"""Real crawls in a process of their own, since a reactor runs but once in a process.

`crawl(...)` runs this module with the requests as JSON and gives back what became of each one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

QUICK = {
    "EXTRACT": False,
    "ROBOTSTXT_OBEY": False,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_ENABLED": False,
    "REDIRECT_ENABLED": False,
    "DOWNLOAD_TIMEOUT": 10,
    "LOG_LEVEL": "ERROR",
    "HTTPPROXY_ENABLED": False,
    "RETRY_BACKOFF": 0,
    "HOST_REFUSALS": 0,
    "HOST_FAILURES": 0,
}
"""No politeness and no second tries: one request, one exchange."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl came to: a row for each request in the order in which they ended, and its log."""

    rows: list[dict[str, Any]]
    log: str
    peak: int
    """The most memory that the process had at any time, in bytes."""

    def row(self, url: str) -> dict[str, Any]:
        (row,) = [row for row in self.rows if row["asked"] == url]
        return row


def crawl(
    collections: Path,
    requests: list[dict[str, Any]] | list[str],
    *,
    named_hosts: tuple[str, ...] = ("127.0.0.1",),
    in_order: bool = False,
    check: bool = True,
    prelude: str = "",
    **settings: Any,
) -> Crawled:
    """Fetch `requests` (URLs, or arguments of scrapy.Request) into the collection `news`.

    `in_order` asks one after the other. `prelude` is Python that the process runs first.
    """
    order = {
        "requests": [each if isinstance(each, dict) else {"url": each} for each in requests],
        "named_hosts": named_hosts,
        "in_order": in_order,
        "settings": QUICK | {"COLLECTIONS": str(collections)} | settings,
    }
    code = f"{prelude}\nfrom tests.crawler.crawls import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))},
        timeout=110,
        check=False,
    )
    if check:
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        assert "Warning" not in done.stderr, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    peak = rows.pop()["peak"] if rows and "peak" in rows[-1] else 0
    return Crawled(rows, done.stderr, peak)


def resolving(names: Mapping[str, Iterable[str]]) -> str:
    """Python for `prelude`: these names stand for these addresses, which are tried in their order."""
    return (
        "from scrapy.resolver import dnscache\n"
        "from twisted.internet.address import IPv4Address, IPv6Address\n"
        f"for name, addresses in { {name: list(each) for name, each in names.items()} }.items():\n"
        "    dnscache[name] = [(IPv6Address if ':' in each else IPv4Address)('TCP', each, 0) for each in addresses]"
    )


def main() -> None:
    """Read the order from stdin, crawl, and print a JSON line for each request."""
    import resource

    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    order = json.loads(sys.stdin.read())
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(order["settings"], priority="cmdline")
    if order["in_order"]:
        settings.set("CONCURRENT_REQUESTS", 1, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(_spider(), order=order)
    process.start()
    _say({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024})


def _say(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


def _spider() -> type:
    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.capture.handler import RECORDING
    from crawler.spiders.base import NewsSpider, sentence

    class AskingSpider(NewsSpider):
        name = "asking"

        def __init__(self, order: dict[str, Any], **arguments: Any) -> None:
            super().__init__(**arguments)
            self.order = order
            self.named_hosts = frozenset(order["named_hosts"])
            # Answers of any status are wanted here; a redirect that is listed would not be followed.
            redirects = set(range(300, 309)) if order["settings"]["REDIRECT_ENABLED"] else set()
            self.handle_httpstatus_list = sorted(set(range(100, 1000)) - redirects)

        async def start(self) -> AsyncIterator[Request]:
            for priority, arguments in enumerate(self.order["requests"]):
                arguments = {"dont_filter": True, "priority": -priority, "meta": {}} | arguments
                if "body" in arguments:
                    arguments["body"] = arguments["body"].encode("latin-1")
                arguments["meta"] |= {"asked": arguments["url"]}
                yield Request(callback=self.parse, errback=self.failed, **arguments)

        def parse(self, response: Response) -> Iterator[None]:
            recording = response.meta[RECORDING]
            _say(
                {
                    "asked": response.meta["asked"],
                    "url": response.url,
                    "status": response.status,
                    "flags": response.flags,
                    "body": len(response.body),
                    "type": recording.capture.record_type,
                    "truncated": recording.capture.truncated,
                    "redirects": response.meta.get("redirect_urls", []),
                    "retries": response.meta.get("retry_times", 0),
                }
            )
            yield from ()

        def failed(self, failure: Failure) -> None:
            request = failure.request  # type: ignore[attr-defined]
            error = failure.value
            _say(
                {
                    "asked": request.meta["asked"],
                    "url": request.url,
                    "error": type(error).__name__,
                    "sentence": sentence(error),
                    "message": str(error),
                    "retries": request.meta.get("retry_times", 0),
                }
            )

    return AskingSpider
