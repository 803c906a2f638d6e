from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.capture import Capture, warc_date
from archive.collection_writer import CollectionWriter
from archive.exchange import Exchange
from archive.extraction.article import Rules
from archive.extraction.workers.pool import ExtractionPool
from archive.outcomes import Settled
from archive.replay import Damage, Event, Replay
from archive.spool import Spool
from archive.wanted import EVERYTHING, Wanted
from tests.archive.sample_collections import START, findings, raw_response, reading, record, text_files, url
from tests.archive.wacz.samples import zipped
from tests.archive.warc.samples import warc_record

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@pytest.fixture(scope="module")
def pools() -> Iterator[dict[int, ExtractionPool]]:
    opened = {workers: ExtractionPool(workers, Rules()) for workers in (1, 2)}
    yield opened
    for pool in opened.values():
        pool.close()


def story(name: str) -> bytes:
    paragraphs = "".join(
        f"<p>In part {part} of the story of {name}, the council met on Tuesday and agreed on a new bridge across the "
        f"river, which engineers say will take {part + 2} years to build and cost less than was feared at first.</p>"
        for part in range(4)
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>The bridge of {name}</title>"
        f"<meta property='og:type' content='article'></head><body><article><h1>The bridge of {name}</h1>{paragraphs}"
        "</article></body></html>"
    ).encode()


def page_exchange(name: str, seconds: int, method: str = "GET") -> Exchange:
    return Exchange(
        url=url(name),
        request=f"{method} /{name} HTTP/1.1\r\nHost: news.example\r\n\r\n".encode(),
        response=Spool(raw_response(story(name))),
        started=START + timedelta(seconds=seconds),
    )


MORE_THAN_IN_FLIGHT = [f"s{number}" for number in range(150)]
"""Pages enough that some are settled, whatever the workers' speed, before two workers have been handed the last one."""


def own_warc(collections: Path, names: Iterable[str]) -> Path:
    """A WARC file as a crawl without extraction leaves it."""
    with CollectionWriter(collections, "own") as writer:
        for second, name in enumerate(names):
            record(writer, page_exchange(name, second))
        record(writer, page_exchange("posted", 100, "POST"))
    (path,) = (collections / "own/archive").iterdir()
    return path


@dataclass
class Foreign:
    """A WARC file in the manner of other tools, written with warcio."""

    path: Path

    def __post_init__(self) -> None:
        self._file = self.path.open("wb")
        self._writer = WARCWriter(self._file, gzip=True)

    def close(self) -> Path:
        self._file.close()
        return self.path

    def response(self, name: str, seconds: int, method: str | None = None) -> None:
        date = warc_date(START + timedelta(seconds=seconds))
        response = self._record(name, "response", date, raw_response(story(name)))
        self._write(response)
        if method:
            head = StatusAndHeaders(
                f"{method} /{name} HTTP/1.1", [("Host", "news.example")], is_http_request=True
            )
            concurrent = {
                "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
                "WARC-Date": date,
            }
            self._write(
                self._writer.create_warc_record(
                    url(name), "request", http_headers=head, warc_headers_dict=concurrent
                )
            )

    def revisit(self, name: str, seconds: int, of_seconds: int) -> None:
        """A revisit that names what it refers to by its URL and date alone."""
        fields = {
            "WARC-Profile": IDENTICAL,
            "WARC-Refers-To-Target-URI": url(name),
            "WARC-Refers-To-Date": warc_date(START + timedelta(seconds=of_seconds))[:19] + "Z",
            "WARC-Date": warc_date(START + timedelta(seconds=seconds)),
        }
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        self._write(
            self._writer.create_warc_record(url(name), "revisit", http_headers=head, warc_headers_dict=fields)
        )

    def resource(self, name: str, seconds: int, body: bytes, content_type: str) -> None:
        fields = {"WARC-Date": warc_date(START + timedelta(seconds=seconds))}
        self._write(
            self._writer.create_warc_record(
                url(name),
                "resource",
                io.BytesIO(body),
                warc_content_type=content_type,
                warc_headers_dict=fields,
            )
        )

    def _write(self, written: ArcWarcRecord) -> None:
        self._writer.write_record(written)
        written.raw_stream.close()  # a temporary file of warcio's

    def _record(self, name: str, kind: str, date: str, raw: bytes) -> ArcWarcRecord:
        head, _, body = raw.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        fields = [tuple(line.split(": ", 1)) for line in lines]
        parsed = StatusAndHeaders(status.split(" ", 1)[1], fields, protocol="HTTP/1.1")
        return self._writer.create_warc_record(
            url(name), kind, io.BytesIO(body), http_headers=parsed, warc_headers_dict={"WARC-Date": date}
        )


def replay(
    collections: Path,
    pool: ExtractionPool,
    *files: Path,
    name: str = "news",
    wanted: Wanted = EVERYTHING,
    again: bool = False,
) -> list[Event]:
    with CollectionWriter(collections, name) as writer:
        return list(Replay(writer, pool, wanted=wanted, again=again).run(files))


def states(events: list[Event]) -> list[tuple[str, str]]:
    return [(e.capture.url.rpartition("/")[2], e.state) for e in events if isinstance(e, Settled)]


def all_captures(collections: Path, name: str = "news") -> list[Capture]:
    with reading(collections, name) as collection:
        return list(collection.captures())


def test_a_warc_of_ones_own_gives_the_texts_and_the_second_time_changes_nothing(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    warc = own_warc(tmp_path, "abcab")
    expected = [(name, "text") for name in "abcab"]
    first = replay(tmp_path, pools[1], warc)
    assert states(first) == expected
    assert [e.new_text for e in first if isinstance(e, Settled)] == [True, True, True, False, False]
    texts, captures = text_files(tmp_path), all_captures(tmp_path)
    assert len(texts) == 6
    assert captures == all_captures(tmp_path, "own")
    assert replay(tmp_path, pools[1], warc, warc) == []
    assert states(replay(tmp_path, pools[1], warc, again=True)) == expected
    assert states(replay(tmp_path, pools[1], warc, again=True)) == expected
    assert text_files(tmp_path) == texts
    assert all_captures(tmp_path) == captures
    assert findings(tmp_path) == []


def mixed_warc(folder: Path) -> Path:
    """Pages, one text twice, revisits, a posted form, a picture, a page that is none, and damage in the middle."""
    foreign = Foreign(folder / "mixed.warc.gz")
    for second, name in enumerate("abcdef"):
        foreign.response(name, second)
    foreign.revisit("b", 10, 1)
    foreign.resource("g", 11, story("g"), "text/html")
    foreign.resource("picture", 12, b"\x89PNG", "image/png")
    foreign.response("h", 13, "POST")
    foreign.resource("empty", 14, b"<html><body></body></html>", "text/html")
    foreign.response("a", 15)
    whole = foreign.close().read_bytes()
    rest = Foreign(folder / "rest.warc.gz")
    for second, name in enumerate("ijklmnop"):
        rest.response(name, 20 + second)
    rest.revisit("i", 30, 20)
    rest.revisit("unknown", 31, 1)
    foreign.path.write_bytes(whole[:-200] + b"\0" * 50 + rest.close().read_bytes())
    return foreign.path


def test_the_number_of_workers_changes_nothing(tmp_path: Path, pools: dict[int, ExtractionPool]) -> None:
    warc = mixed_warc(tmp_path)
    made = []
    for workers in (1, 2, 4):
        pool = pools.get(workers) or ExtractionPool(workers, Rules())
        name = f"workers-{workers}"
        events = sorted(repr(event) for event in replay(tmp_path, pool, warc, name=name))
        texts = text_files(tmp_path, name)
        made.append(([event.replace(name, "") for event in events], texts, all_captures(tmp_path, name)))
        if workers not in pools:
            pool.close()
    assert len(made[0][1]) == 30
    assert made[0] == made[1] == made[2]


def test_what_waits_in_the_collection_is_extracted_once_though_its_file_is_named(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    warc = own_warc(tmp_path, "abca")
    assert states(replay(tmp_path, pools[2], warc, name="own")) == [(name, "text") for name in "abca"]
    assert states(replay(tmp_path, pools[2], name="own")) == []
    assert findings(tmp_path, "own") == []


def test_a_foreign_revisit_is_known_by_address_and_date(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    foreign = Foreign(tmp_path / "foreign.warc.gz")
    foreign.response("a", 0)
    foreign.revisit("a", 10, of_seconds=0)
    foreign.revisit("a", 20, of_seconds=5)
    events = replay(tmp_path, pools[1], foreign.close())
    assert states(events) == [("a", "text"), ("a", "text"), ("a", "failed")]
    first, revisit, lost = all_captures(tmp_path)
    assert (revisit.refers_to, lost.refers_to) == (first.record_id, None)
    (stored,) = [
        json.loads(content) for name, content in text_files(tmp_path).items() if name.endswith(".json")
    ]
    assert [capture["record_id"] for capture in stored["captures"]] == [first.record_id, revisit.record_id]
    (note,) = findings(tmp_path)
    assert note.endswith("this revisit refers to records that are not in what was looked at")


def test_a_revisit_that_refers_to_an_earlier_file_is_known_too(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    one, two = Foreign(tmp_path / "one.warc.gz"), Foreign(tmp_path / "two.warc.gz")
    one.response("a", 0)
    two.revisit("a", 10, of_seconds=0)
    assert states(replay(tmp_path, pools[1], one.close(), two.close())) == [("a", "text"), ("a", "text")]


def test_a_resource_record_is_a_page(tmp_path: Path, pools: dict[int, ExtractionPool]) -> None:
    foreign = Foreign(tmp_path / "foreign.warc.gz")
    foreign.resource("saved", 0, story("saved"), "text/html; charset=utf-8")
    foreign.resource("picture", 1, b"\x89PNG", "image/png")
    assert states(replay(tmp_path, pools[1], foreign.close())) == [("saved", "text")]
    assert [(c.record_type, c.status, c.mime) for c in all_captures(tmp_path)] == [
        ("resource", 200, "text/html"),
        ("resource", 200, "image/png"),
    ]
    assert findings(tmp_path) == []


def test_the_answer_to_a_post_is_no_page_though_its_request_comes_after_it(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    foreign = Foreign(tmp_path / "foreign.warc.gz")
    foreign.response("posted", 0, method="POST")
    foreign.response("a", 1, method="GET")
    foreign.response("head", 2, method="HEAD")
    assert states(replay(tmp_path, pools[1], foreign.close())) == [("a", "text")]
    assert [capture.method for capture in all_captures(tmp_path)] == ["POST", "GET", "HEAD"]


def test_a_damaged_record_is_named_once_and_the_rest_done(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    warc = own_warc(tmp_path, "abc")
    second = all_captures(tmp_path, "own")[1]
    content = bytearray(warc.read_bytes())
    content[second.offset + second.length // 2] ^= 0xFF
    damaged = tmp_path / "damaged.warc.gz"
    damaged.write_bytes(bytes(content))
    events = replay(tmp_path, pools[1], damaged)
    assert states(events) == [("a", "text"), ("c", "text")]
    (damage,) = [event for event in events if isinstance(event, Damage)]
    assert damage.lost
    assert str(damage.error).startswith(
        f"{tmp_path / 'news/archive/damaged.warc.gz'}: record at offset {second.offset}"
    )


def test_damage_behind_a_commit_is_named(tmp_path: Path, pools: dict[int, ExtractionPool]) -> None:
    warc = own_warc(tmp_path, "abc")
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(warc.read_bytes()[:-20])
    with CollectionWriter(tmp_path, "news") as writer:
        events = list(Replay(writer, pools[1], commit_every=1).run([torn]))
    assert states(events) == [("a", "text"), ("b", "text"), ("c", "text")]
    (damage,) = [event for event in events if isinstance(event, Damage)]
    assert "is cut short: the file ends within it" in str(damage.error)


def test_files_that_can_not_be_read_are_named_and_the_rest_done(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(story("a"))
    missing = tmp_path / "missing.warc.gz"
    events = replay(tmp_path, pools[1], page, missing, tmp_path, own_warc(tmp_path, "a"))
    assert states(events) == [("a", "text")]
    said = [(event.file, str(event.error)) for event in events if isinstance(event, Damage)]
    assert [file for file, _ in said] == [page, missing, tmp_path]
    assert "neither WARC nor ARC" in said[0][1]
    assert said[1][1] == f"{missing} can't be read: No such file or directory; check the path"
    assert said[2][1] == f"{tmp_path} can't be read: Is a directory; check the path"


def test_another_record_with_a_known_id_is_left_out_and_named(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    first, second = tmp_path / "1.warc", tmp_path / "2.warc"
    first.write_bytes(warc_record(url("a"), raw_response(story("a"))))
    second.write_bytes(warc_record(url("b"), raw_response(story("b"))))  # an id of its length alone
    events = replay(tmp_path, pools[1], first, second)
    assert states(events) == [("a", "text")]
    (damage,) = [event for event in events if isinstance(event, Damage)]
    assert str(damage.error).endswith("is that of another record, in 1.warc at offset 0; it is left out")
    assert len(text_files(tmp_path)) == 2


def test_a_pending_capture_whose_file_is_gone_fails_with_a_sentence(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    own_warc(tmp_path, "a").unlink()
    (event,) = replay(tmp_path, pools[1], name="own")
    assert isinstance(event, Settled)
    assert event.state == "failed"
    assert "the file can't be read (No such file or directory)" in (event.note or "")


def test_a_wacz_gives_the_texts_of_its_warcs(tmp_path: Path, pools: dict[int, ExtractionPool]) -> None:
    warc = own_warc(tmp_path, "ab")
    packed = zipped(
        tmp_path / "own.wacz", {f"archive/{warc.name}": warc.read_bytes(), "archive/x.warc": b"none"}
    )
    events = replay(tmp_path, pools[1], packed)
    assert states(events) == [("a", "text"), ("b", "text")]
    (damage,) = [event for event in events if isinstance(event, Damage)]
    assert damage.lost
    assert str(damage.error).startswith(f"{packed}/archive/x.warc: the file is neither WARC nor ARC")
    replay(tmp_path, pools[1], warc, name="plainly")
    assert text_files(tmp_path) == text_files(tmp_path, "plainly")
    assert findings(tmp_path) == []


def test_a_killed_run_is_gone_on_with_from_where_it_was(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    warc = own_warc(tmp_path, MORE_THAN_IN_FLIGHT)
    replay(tmp_path, pools[1], warc, name="undisturbed")
    size = warc.stat().st_size
    killed = CollectionWriter(tmp_path, "news")
    run = Replay(killed, pools[2], commit_every=3)
    events = run.run([warc])
    assert isinstance(next(events), Settled)
    assert run.tally.size < size
    killed.abandon()
    with CollectionWriter(tmp_path, "news") as writer:
        going_on = Replay(writer, pools[2], commit_every=3)
        list(going_on.run([warc]))
    assert 0 < going_on.tally.passed < size
    assert going_on.tally.pages < len(MORE_THAN_IN_FLIGHT)
    assert text_files(tmp_path) == text_files(tmp_path, "undisturbed")
    assert all_captures(tmp_path) == all_captures(tmp_path, "undisturbed")
    assert findings(tmp_path) == []


def test_a_run_over_all_again_that_was_killed_is_gone_on_with_too(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    warc = own_warc(tmp_path, MORE_THAN_IN_FLIGHT)
    replay(tmp_path, pools[1], warc)
    texts = text_files(tmp_path)
    killed = CollectionWriter(tmp_path, "news")
    next(Replay(killed, pools[2], commit_every=3, again=True).run([warc]))
    killed.abandon()
    with CollectionWriter(tmp_path, "news") as writer:
        going_on = Replay(writer, pools[2], again=True)
        list(going_on.run([warc]))
    assert going_on.tally.passed > 0
    assert text_files(tmp_path) == texts
    assert len(states(replay(tmp_path, pools[1], warc, again=True))) == len(MORE_THAN_IN_FLIGHT)
    assert findings(tmp_path) == []


def test_a_run_that_is_stopped_closes_the_collection_and_is_gone_on_with(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    warc = own_warc(tmp_path, MORE_THAN_IN_FLIGHT)
    replay(tmp_path, pools[1], warc, name="undisturbed")
    writer = CollectionWriter(tmp_path, "news")
    stopped = Replay(writer, pools[1], commit_every=2)
    for _ in stopped.run([warc]):
        stopped.stop()
    writer.close(last=False)
    assert 0 < stopped.tally.pages < len(MORE_THAN_IN_FLIGHT)
    with CollectionWriter(tmp_path, "news") as opened:
        assert opened.repairs == []
    replay(tmp_path, pools[1], warc)
    assert text_files(tmp_path) == text_files(tmp_path, "undisturbed")
    assert findings(tmp_path) == []


def test_of_a_file_that_has_grown_what_is_new_is_read(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    foreign = Foreign(tmp_path / "foreign.warc.gz")
    foreign.response("a", 0)
    foreign._file.flush()
    assert states(replay(tmp_path, pools[1], foreign.path)) == [("a", "text")]
    foreign.response("b", 1)
    foreign.revisit("a", 10, of_seconds=0)
    assert states(replay(tmp_path, pools[1], foreign.close())) == [("b", "text"), ("a", "text")]
    (copy,) = (tmp_path / "news/archive").iterdir()
    assert copy.read_bytes() == foreign.path.read_bytes()
    assert findings(tmp_path) == []


def test_what_a_filter_leaves_out_is_taken_in_and_gets_no_text_until_it_is_wanted(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    warc = own_warc(tmp_path, "abc")
    events = replay(tmp_path, pools[1], warc, wanted=Wanted(url_prefixes=(url("b"),)))
    assert states(events) == [("b", "text")]
    assert len(all_captures(tmp_path)) == 4
    assert findings(tmp_path) == []
    assert states(replay(tmp_path, pools[1], warc, wanted=Wanted(url_prefixes=(url("b"),)))) == []
    assert states(replay(tmp_path, pools[1], warc)) == [("a", "text"), ("b", "text"), ("c", "text")]
    assert findings(tmp_path) == []


def test_a_revisit_within_the_days_has_its_text_though_the_page_is_older(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    foreign = Foreign(tmp_path / "foreign.warc.gz")
    foreign.response("a", 0)
    foreign.response("b", 1)
    foreign.revisit("a", 3 * 86_400, of_seconds=0)
    wanted = Wanted(since=(START + timedelta(days=2)).date())
    assert states(replay(tmp_path, pools[1], foreign.close(), wanted=wanted)) == [
        ("a", "text"),
        ("a", "text"),
    ]
    assert findings(tmp_path) == []


def test_what_waits_for_extraction_goes_on_waiting_where_a_filter_leaves_it_out(
    tmp_path: Path, pools: dict[int, ExtractionPool]
) -> None:
    warc = own_warc(tmp_path, "ab")
    wanted = Wanted(url_prefixes=(url("b"),))
    assert states(replay(tmp_path, pools[1], warc, name="own", wanted=wanted)) == [("b", "text")]
    assert states(replay(tmp_path, pools[1], name="own")) == [("a", "text")]
