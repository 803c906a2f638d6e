from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.errors import CollectionError
from archive.exchange import Exchange
from archive.spool import Spool
from archive.warc.writer import Rotation
from crawler.capture.recorder import Recorder
from tests.crawler.crawls import ROOT, crawl
from tests.crawler.records import pairs, warcs
from tests.origin.oddities import plain
from tests.origin.server import Answer, Asked, Origin

_REQUEST = b"GET / HTTP/1.1\r\nHost: desk.example\r\n\r\n"


def _exchange(number: int, body: bytes = b"<p>ferry</p>") -> Exchange:
    url = f"https://desk.example/{number}"
    return Exchange(url, _REQUEST, Spool(plain(body)), datetime.now(UTC))


def test_an_exchange_becomes_a_recording_and_is_settled_once_it_is_on_the_disk(tmp_path: Path) -> None:
    recorder = Recorder(CollectionWriter(tmp_path, "news"), None)
    recording = recorder.record(_exchange(1)).result(timeout=10)
    assert (recording.capture.number, recording.capture.url) == (1, "https://desk.example/1")
    settled = recording.settled.result(timeout=10)
    with Collection(tmp_path, "news") as reader:
        assert [capture.url for capture in reader.captures()] == ["https://desk.example/1"]
    recorder.close()
    assert (settled.state, settled.capture) == ("pending", recording.capture)


def test_closing_writes_all_that_was_handed_over(tmp_path: Path) -> None:
    recorder = Recorder(CollectionWriter(tmp_path, "news", rotation=Rotation(size=3000)), None)
    futures = [recorder.record(_exchange(number)) for number in range(50)]
    recorder.close()
    assert all(future.result().settled.done() for future in futures)
    with Collection(tmp_path, "news") as reader:
        assert reader.counts().captures == 50
    assert len(pairs(tmp_path)) == 50
    assert all(warc.name.endswith(".warc.gz") for warc in warcs(tmp_path))


def test_the_response_is_let_go_when_it_is_written(tmp_path: Path) -> None:
    recorder = Recorder(CollectionWriter(tmp_path, "news"), None)
    exchange = _exchange(1, b"x" * 3_000_000)
    recorder.record(exchange).result(timeout=10)
    recorder.close()
    assert exchange.response.size == 0


def test_a_waiter_that_gives_up_does_no_harm(tmp_path: Path) -> None:
    recorder = Recorder(CollectionWriter(tmp_path, "news"), None)
    first = recorder.record(_exchange(1))
    assert not first.cancel()
    assert not first.result(timeout=10).settled.cancel()
    assert recorder.record(_exchange(2)).result(timeout=10).capture.number == 2
    recorder.close()


def test_when_the_catalogue_fails_everybody_who_waits_is_told(tmp_path: Path) -> None:
    collection = CollectionWriter(tmp_path, "news")
    recorder = Recorder(collection, None)
    recorder.record(_exchange(1)).result(timeout=10).settled.result(timeout=10)
    collection.catalogue.close()
    (tmp_path / "news" / "catalogue.sqlite").unlink()
    waiting: list[Future[object]] = [recorder.record(_exchange(number)) for number in range(2, 5)]  # type: ignore[misc]
    with pytest.raises(Exception, match=r"."):
        recorder.close()
    assert recorder.failure is not None
    assert all(future.done() for future in waiting)
    with pytest.raises(type(recorder.failure)):
        recorder.record(_exchange(9)).result(timeout=10)


def _long(asked: Asked) -> Answer:
    # Hardly to be packed, so that the WARC file grows.
    noise = b"".join(b"%x" % (hash((asked.path, number)) & 0xFFFFFFFFFFFF) for number in range(4000))
    return Answer((plain(noise),))


_LITTLE_ROOM = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, resource.RLIM_INFINITY))
"""


def test_on_a_full_disk_the_crawl_stops_and_says_why(tmp_path: Path) -> None:
    with Origin({"*": _long}) as origin:
        asked = [origin.url(f"/page/{number}") for number in range(200)]
        prelude = _LITTLE_ROOM.format(room=400_000)
        crawled = crawl(tmp_path, asked, prelude=prelude, check=False, in_order=True)
    failed = [row for row in crawled.rows if row.get("error") == "CollectionError"]
    assert failed
    assert "can't be written (File too large); free some space" in failed[0]["message"]
    assert len(origin.served) < 30
    archived = pairs(tmp_path)
    whole = [row["asked"] for row in crawled.rows if "error" not in row]
    assert sorted(archived) == sorted(whole)


def test_a_response_that_the_temporary_folder_does_not_hold_stops_the_crawl(tmp_path: Path) -> None:
    large = Answer((plain(bytes(5_000_000)),))
    with Origin({"/large": large, "*": Answer((plain(),))}) as origin:
        asked = [origin.url("/small"), origin.url("/large")]
        prelude = _LITTLE_ROOM.format(room=2_000_000)
        crawled = crawl(tmp_path, asked, prelude=prelude, check=False, in_order=True)
    row = crawled.row(origin.url("/large"))
    assert row["error"] == "CollectionError"
    assert (
        "while it comes in (File too large); free some space there or name another folder" in row["message"]
    )
    assert list(pairs(tmp_path)) == [origin.url("/small")]


def test_a_crawl_that_can_not_start_ends_and_leaves_the_collection_in_order(tmp_path: Path) -> None:
    crawl(tmp_path, [], check=False, DOWNLOADER_MIDDLEWARES={"no.such.Middleware": 1})
    with CollectionWriter(tmp_path, "news") as writer:
        assert writer.repairs == []


def test_a_second_crawl_into_the_same_collection_is_told_who_has_it(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news"):
        crawled = crawl(tmp_path, ["http://127.0.0.1:1/"], check=False)
    assert "is being written to by process" in crawled.log
    assert crawled.rows == []


def test_two_crawls_of_one_process_share_a_recorder_and_read_no_rules_for_it_again(tmp_path: Path) -> None:
    code = f"""
from dataclasses import replace
from pathlib import Path
from archive.extraction.article import Rules
from crawler.capture.recorders import RecorderPlan, acquire, release
plan = RecorderPlan(Path({str(tmp_path)!r}), "news", "tearsheet/1", 0, Rules)
first, _ = acquire(plan)
second, _ = acquire(replace(plan, workers=1, rules=lambda: 1 / 0))
assert first is second
release(first)
assert first._thread.is_alive()
release(second)
assert not first._thread.is_alive()
third, repairs = acquire(plan)
assert third is not first and repairs == []
release(third)
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_an_error_names_the_file_that_can_not_be_written(tmp_path: Path) -> None:
    recorder = Recorder(CollectionWriter(tmp_path, "news"), None)
    archive = tmp_path / "news" / "archive"
    archive.rmdir()
    with pytest.raises(CollectionError, match=f"{archive}: can't be written to"):
        recorder.record(_exchange(1)).result(timeout=10)
    archive.mkdir()
    recorder.close()
