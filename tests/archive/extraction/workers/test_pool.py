from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from archive.errors import DecodeError, ExtractionError, MessageError
from archive.extraction.article import Article, Outcome, Page, Rules
from archive.extraction.extract import extract
from archive.extraction.workers.pool import ExtractionPool
from tests.archive.extraction.layouts import LAYOUTS, theme

URL = "https://www.daily.example/news/2024/03/05/quay-48151.html"
BODY = theme(LAYOUTS[0]).encode()
# Names of components without end: a second or two of work for the patterns on them.
SLOW = b"".join(
    b'<div class="%d %s"><p>%s</p></div>' % (number, b"-_" * 1_000, b"quay " * 100) for number in range(240)
)


def response(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@pytest.fixture
def pool() -> Iterator[ExtractionPool]:
    pool = ExtractionPool(1, Rules({"daily.example": "The Daily"}), timeout=60)
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


def test_a_bomb_and_a_message_that_is_none_are_refused_by_name(pool: ExtractionPool) -> None:
    bomb = gzip.compress(bytes(65 << 20))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    with pytest.raises(DecodeError, match=rf"^{URL}: the decoded body is larger than the {64 << 20} bytes"):
        pool.submit(URL, head.encode() + bomb).result(60)
    with pytest.raises(MessageError, match=rf"^{URL}: "):
        pool.submit(URL, b"no message").result(60)


def test_a_page_past_the_limit_is_ended_and_the_next_one_is_extracted() -> None:
    pool = ExtractionPool(1, Rules(), timeout=0.3)
    try:
        assert isinstance(pool.submit(URL, response(BODY)).result(60), Article)
        slow = pool.submit("https://daily.example/slow", response(SLOW))
        following = pool.submit(URL, response(BODY))
        with pytest.raises(
            ExtractionError,
            match=r"^https://daily\.example/slow: extraction took longer than 0.3 s of processor time",
        ):
            slow.result(60)
        assert isinstance(following.result(60), Article)
    finally:
        pool.stop()


def test_a_page_that_takes_too_much_memory_costs_itself_alone() -> None:
    pool = ExtractionPool(2, Rules(), memory=256 << 20)
    try:
        large = pool.submit("https://daily.example/large", response(b"<p a=b>" * 490_000))
        others = [pool.submit(f"{URL}?{number}", response(BODY)) for number in range(8)]
        with pytest.raises(
            ExtractionError,
            match=r"^https://daily\.example/large: extraction took more than 256 MiB of memory",
        ):
            large.result(60)
        assert [type(future.result(60)) for future in others] == [Article] * 8
    finally:
        pool.stop()


def signalled_at_work(pool: ExtractionPool, number: int) -> Future[Outcome]:
    """A slow page at whose extraction the pool's only worker, started before, has got a signal."""
    assert isinstance(pool.submit(URL, response(BODY)).result(60), Article)
    [worker] = workers()
    slow = pool.submit("https://daily.example/slow", response(SLOW))
    time.sleep(0.3)
    os.kill(worker, number)
    return slow


def test_time_in_which_a_worker_does_not_run_is_not_counted() -> None:
    pool = ExtractionPool(1, Rules(), timeout=1.5)
    try:
        slow = signalled_at_work(pool, signal.SIGSTOP)
        time.sleep(2)
        os.kill(*workers(), signal.SIGCONT)
        assert isinstance(slow.result(60), Article)
    finally:
        pool.stop()


def test_a_worker_that_stands_still_is_ended_by_the_clock() -> None:
    pool = ExtractionPool(1, Rules(), wall=1.0)
    try:
        still = signalled_at_work(pool, signal.SIGSTOP)
        with pytest.raises(
            ExtractionError, match=r"^https://daily\.example/slow: extraction did not end within 1 s"
        ):
            still.result(60)
        assert isinstance(pool.submit(URL, response(BODY)).result(60), Article)
    finally:
        pool.stop()


def test_workers_that_die_between_pages_cost_no_page() -> None:
    pool = ExtractionPool(2, Rules())
    try:
        assert isinstance(pool.submit(URL, response(BODY)).result(60), Article)
        for worker in workers():
            os.kill(worker, signal.SIGKILL)
        time.sleep(0.5)
        futures = [pool.submit(f"{URL}?{number}", response(BODY)) for number in range(4)]
        assert [type(future.result(60)) for future in futures] == [Article] * 4
    finally:
        pool.stop()


def test_a_worker_that_dies_costs_its_page_alone(pool: ExtractionPool) -> None:
    slow = signalled_at_work(pool, signal.SIGKILL)
    with pytest.raises(
        ExtractionError, match=r"^https://daily\.example/slow: extraction failed: its worker died"
    ):
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
    loaded = "[m for m in ('trafilatura', 'lxml') if m in sys.modules]"
    script = f"import sys, archive.extraction.workers.pool; print({loaded})"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "[]"


def workers() -> list[int]:
    """The processes that the fork server has started."""
    return [pid for pid in descendants() if "forkserver" in command(pid) and parent(pid) != os.getpid()]


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
