from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import DecodeError, ExtractionError
from archive.extraction.article import Article, Page, Rules
from archive.extraction.extract import extract
from archive.extraction.pool import ExtractionPool
from tests.archive.extraction.layouts import LAYOUTS, theme

URL = "https://www.daily.example/news/2024/03/05/quay-48151.html"
BODY = theme(LAYOUTS[0]).encode()
SLOW = (
    b"<html><body><div>"
    + (b"<p>" + b"quay " * 370 + b"<a href=/a/1>word</a>") * 2_400
    + b"</div></body></html>"
)


def response(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@pytest.fixture
def pool() -> Iterator[ExtractionPool]:
    pool = ExtractionPool(1, Rules({"daily.example": "The Daily"}), timeout=30)
    yield pool
    pool.stop()


def test_a_raw_response_gives_what_extract_gives_for_its_entity(pool: ExtractionPool) -> None:
    expected = extract(Page(URL, BODY, "text/html; charset=utf-8"), Rules({"daily.example": "The Daily"}))
    chunked = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunked += b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    assert pool.submit(URL, response(BODY)).result(60) == expected
    assert pool.submit(URL, chunked).result(60) == expected
    assert pool.explain(URL, chunked).result(60).outcome == expected
    assert pool.submit_page(Page(URL, BODY, "text/html; charset=utf-8")).result(60) == expected


def test_an_error_of_the_page_is_raised_as_it_is(pool: ExtractionPool) -> None:
    with pytest.raises(DecodeError, match=r"quay-48151\.html: the body is binary data"):
        pool.submit(URL, response(bytes(range(256)) * 100)).result(60)


def test_a_page_past_the_limit_is_ended_and_the_next_one_is_extracted() -> None:
    pool = ExtractionPool(1, Rules(), timeout=1.0)
    try:
        assert isinstance(pool.submit(URL, response(BODY)).result(60), Article)
        slow = pool.submit("https://daily.example/slow", response(SLOW * 4))
        following = pool.submit(URL, response(BODY))
        with pytest.raises(
            ExtractionError, match=r"^https://daily\.example/slow: extraction took longer than 1 s"
        ):
            slow.result(60)
        assert isinstance(following.result(60), Article)
    finally:
        pool.stop()


def test_a_worker_that_dies_costs_its_page_alone(pool: ExtractionPool) -> None:
    assert isinstance(pool.submit(URL, response(BODY)).result(60), Article)
    before = set(descendants())
    slow = pool.submit("https://daily.example/slow", response(SLOW * 4))
    time.sleep(0.5)
    for worker in before:
        if "forkserver" in command(worker) and parent(worker) != os.getpid():
            os.kill(worker, signal.SIGKILL)
    with pytest.raises(ExtractionError, match=r"^https://daily\.example/slow: the extraction worker died"):
        slow.result(60)
    assert isinstance(pool.submit(URL, response(BODY)).result(60), Article)


def test_closing_finishes_what_was_submitted() -> None:
    pool = ExtractionPool(2, Rules())
    futures = [pool.submit(f"{URL}?{number}", response(BODY)) for number in range(8)]
    pool.close()
    assert [type(future.result(0)) for future in futures] == [Article] * 8


def test_stopping_leaves_no_future_open() -> None:
    pool = ExtractionPool(1, Rules())
    futures = [pool.submit(f"{URL}?{number}", response(SLOW)) for number in range(4)]
    pool.stop()
    for future in futures:
        with pytest.raises(ExtractionError, match="stopped"):
            future.result(5)


def test_the_parent_does_not_load_the_extractor() -> None:
    script = (
        "import sys, archive.extraction.pool; print([m for m in ('trafilatura', 'lxml') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "[]"


def descendants() -> list[int]:
    found = [os.getpid()]
    processes = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    grown = True
    while grown:
        more = [pid for pid in processes if pid not in found and parent(pid) in found]
        found += more
        grown = bool(more)
    return found[1:]


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
