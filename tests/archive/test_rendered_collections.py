"""What a collection makes of rendered pages, as they come in and replayed from the WARC files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.access.index import Index
from archive.access.payload import open_payload
from archive.capture import Capture
from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.exchange import Exchange
from archive.extraction.article import Rules
from archive.extraction.workers.pool import ExtractionPool
from archive.history import history
from archive.rendered import RenderedPage
from archive.replay import Damage, Replay
from archive.wacz.export import export_wacz
from crawler.capture.recorder import Recorder
from tests.archive.rendered_pages import SHELL, Browser, rendered, story_html, with_pictures
from tests.archive.sample_collections import exchange, findings, reading, text_files, url
from tests.archive.warc.samples import warc_record

Step = Exchange | RenderedPage


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    opened = ExtractionPool(2, Rules())
    yield opened
    opened.close()


def live(collections: Path, *steps: Step, seconds: float = 0) -> None:
    """Steps as a crawl takes them, one after the other, each settled before the next one."""
    recorder = Recorder(CollectionWriter(collections, "live"), ExtractionPool(2, Rules()))
    with closing(recorder):
        for step in steps:
            if isinstance(step, Exchange):
                recording = recorder.record(step).result(30)
            else:
                found = recorder.record_page(step, step.exchanges[0].started).result(30)
                assert found is not None
                recording = found
            if recording.continued.result(30) is None:
                recording.settled.result(30)


def replayed(collections: Path, pool: ExtractionPool) -> dict[str, bytes]:
    """The texts that another collection gets from the same WARC files; nothing is wrong with it."""
    with CollectionWriter(collections, "again") as writer:
        events = list(Replay(writer, pool).run(sorted((collections / "live/archive").iterdir())))
    assert not [event for event in events if isinstance(event, Damage)]
    for name in ("live", "again"):
        assert findings(collections, name) == []
    return text_files(collections, "again")


def captures(collections: Path, name: str = "live") -> list[Capture]:
    with reading(collections, name) as collection:
        return list(collection.captures())


def texts(collections: Path) -> list[str]:
    return [
        content.decode() for name, content in text_files(collections, "live").items() if name.endswith("txt")
    ]


def plain(name: str, seconds: float, body: bytes = SHELL) -> Exchange:
    return exchange(name, seconds, body=body)


def test_the_text_of_a_rendered_page_is_that_of_its_dom_live_and_replayed(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    live(tmp_path, with_pictures(rendered("a")), plain("b", 5, story_html("b").encode()), rendered("c", 9))
    (first, second, third) = texts(tmp_path)
    assert [text.partition("\n")[0] for text in (first, second, third)] == [
        f"The channel of {name}" for name in "abc"
    ]
    assert "café" in first
    assert replayed(tmp_path, pool) == text_files(tmp_path, "live")
    record = json.loads(next(iter(sorted((tmp_path / "live/text").glob("000*.json")))).read_text())
    (capture,) = record["captures"]
    assert (record["url"], capture["date"]) == (url("a"), "2026-03-01T12:00:00.250000Z")


def test_what_the_header_of_its_document_reserves_holds_for_a_rendered_page(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    browser = Browser()
    terms = "https://news.example/terms.json"
    browser.fetch("one", SHELL, header=f"TDM-Reservation: 1\r\ntdm-policy:  {terms} \r\n")
    browser.fetch("app.js", b"render()", kind="script", header="TDM-Reservation: 0\r\n")
    live(tmp_path, browser.page("one", story_html("one")))
    [stored] = _rights(tmp_path, "live")
    assert stored == [{"where": "header", "tdm_reservation": True, "tdm_policy": terms}]
    assert replayed(tmp_path, pool) == text_files(tmp_path, "live")
    assert _rights(tmp_path, "again") == [stored]
    with CollectionWriter(tmp_path, "live") as writer:
        list(Replay(writer, pool).renew(list(writer.captures())))
    assert _rights(tmp_path, "live") == [stored]


def _rights(collections: Path, name: str) -> list[object]:
    with reading(collections, name) as collection:
        return [collection.read_text(row)[1]["rights"] for row in collection.text_rows()]


def test_a_dom_is_utf_8_whatever_its_markup_says(tmp_path: Path, pool: ExtractionPool) -> None:
    live(tmp_path, rendered("a", dom=story_html("a", charset="windows-1256")))
    assert "café" in texts(tmp_path)[0]
    assert replayed(tmp_path, pool) == text_files(tmp_path, "live")


def test_a_shell_and_the_rendering_of_the_same_address_are_two_versions(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    live(tmp_path, plain("a", 0), rendered("a", 3))
    with reading(tmp_path, "live") as collection:
        shell, page = history(collection, url("a"))
        assert shell.text is None
        assert shell.note is not None
        assert shell.note.startswith("The page is script-built")
        assert page.text is not None
        assert [capture.rendering for capture in (*shell.captures, *page.captures)] == [None, "dom"]
    assert replayed(tmp_path, pool) == text_files(tmp_path, "live")


def test_the_document_of_a_rendering_that_is_known_is_a_revisit_without_text(tmp_path: Path) -> None:
    live(tmp_path, plain("a", 0), rendered("a", 3))
    document = next(capture for capture in captures(tmp_path) if capture.rendering == "part")
    assert (document.url, document.record_type, document.wants_text) == (url("a"), "revisit", False)


def test_a_page_that_needs_no_browser_any_more_has_its_own_text(tmp_path: Path, pool: ExtractionPool) -> None:
    body = story_html("the plain one").encode()
    live(tmp_path, rendered("a", shell=body), plain("a", 60, body), plain("a", 120, body))
    kinds = [(each.record_type, each.rendering) for each in captures(tmp_path) if each.url == url("a")]
    assert kinds == [("response", "part"), ("resource", "dom"), ("response", None), ("revisit", None)]
    assert [text.partition("\n")[0] for text in texts(tmp_path)] == [
        "The channel of a",
        "The channel of the plain one",
    ]
    assert replayed(tmp_path, pool) == text_files(tmp_path, "live")


def test_a_rendering_with_the_same_text_is_one_more_capture_of_it(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    other = story_html("a").replace("<article>", "<div class='weather'>17 degrees</div><article>")
    live(tmp_path, rendered("a"), rendered("a", 60, dom=other), rendered("a", 90, dom=story_html("a, again")))
    with reading(tmp_path, "live") as collection:
        assert [len(version.captures) for version in history(collection, url("a"))] == [2, 1]
    assert replayed(tmp_path, pool) == text_files(tmp_path, "live")


def test_an_article_goes_on_on_a_rendered_page(tmp_path: Path, pool: ExtractionPool) -> None:
    first = story_html("a").replace("</head>", f"<link rel='next' href='{url('a?page=2')}'></head>")
    live(
        tmp_path,
        rendered("a", dom=first),
        rendered("a?page=2", 4, dom=story_html("a").replace("part", "section")),
    )
    (text,) = texts(tmp_path)
    assert ("In part 3" in text, "In section 3" in text) == (True, True)
    assert replayed(tmp_path, pool) == text_files(tmp_path, "live")


def test_a_page_without_a_dom_has_the_text_of_its_document(tmp_path: Path, pool: ExtractionPool) -> None:
    live(tmp_path, rendered("a", dom="", shell=story_html("the document").encode()))
    assert [text.partition("\n")[0] for text in texts(tmp_path)] == ["The channel of the document"]
    assert replayed(tmp_path, pool) == text_files(tmp_path, "live")


def test_what_was_recorded_without_extraction_is_extracted_later(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    live(tmp_path, rendered("a"), rendered("b", 5))
    expected = text_files(tmp_path, "live")
    recorder = Recorder(CollectionWriter(tmp_path, "later"), None)
    for page in (rendered("a"), rendered("b", 5)):
        recorder.record_page(page, page.exchanges[0].started).result(30)
    recorder.close()
    with CollectionWriter(tmp_path, "later") as writer:
        list(Replay(writer, pool).run(()))
    names = [name for name in text_files(tmp_path, "later") if name.endswith(".txt")]
    assert names == [name for name in expected if name.endswith(".txt")]


def test_a_lost_catalogue_is_made_again_from_the_files(tmp_path: Path) -> None:
    live(tmp_path, plain("a", 0), rendered("a", 3))
    before = captures(tmp_path)
    (tmp_path / "live/catalogue.sqlite").unlink()
    CollectionWriter(tmp_path, "live").close()
    assert captures(tmp_path) == before


def test_the_answer_of_the_server_and_the_page_that_came_of_it_are_found_apart(tmp_path: Path) -> None:
    live(tmp_path, plain("a", 0), rendered("a", 3))
    shell, document, *_, dom = [each for each in captures(tmp_path) if each.url == url("a")]
    with reading(tmp_path, "live") as collection:
        catalogue = collection.catalogue
        assert catalogue.nearest(url("a"), None) == document
        assert catalogue.nearest(url("a"), None, "page") == dom
        assert catalogue.nearest(url("a"), shell.date, "page") == shell
        assert catalogue.nearest(url("a"), shell.date, "dom") == dom


def test_the_index_gives_the_answer_under_the_address_and_the_dom_under_its_own(tmp_path: Path) -> None:
    live(tmp_path, plain("a", 0), rendered("a", 3))

    def types(asked: str) -> list[str]:
        with reading(tmp_path, "live") as collection:
            return [json.loads(line.split(b" ", 2)[2])["mime"] for line in Index(collection).of_url(asked)]

    for _ in range(2):
        assert types(url("a")) == ["text/html", "warc/revisit"]
        assert types(f"urn:dom:{url('a')}") == ["text/html"]
        (tmp_path / "live/indexes/index.cdxj").write_bytes(b"")  # as while a writer is at it
    with reading(tmp_path, "live") as collection:
        dom = collection.catalogue.nearest(url("a"), None, "dom")
        assert dom is not None
        payload = open_payload(collection, dom)
        assert payload.described == {"Content-Type": "text/html; charset=utf-8"}
        assert b"".join(payload.pieces()) == story_html("a").encode()
        payload.close()


def test_a_wacz_lists_the_page_at_the_date_of_its_document(tmp_path: Path) -> None:
    live(tmp_path, with_pictures(rendered("a")))
    with Collection(tmp_path, "live") as collection:
        export_wacz(collection, tmp_path / "out.wacz")
    with zipfile.ZipFile(tmp_path / "out.wacz") as opened:
        _, page = map(json.loads, opened.read("pages/pages.jsonl").splitlines())
    document = next(each for each in captures(tmp_path) if each.url == url("a"))
    assert (page["url"], page["ts"]) == (url("a"), "2026-03-01T12:00:00.250000Z")
    assert document.date.isoformat() == "2026-03-01T12:00:00.250000+00:00"
    lines = (tmp_path / "live/indexes/index.cdxj").read_text().splitlines()
    assert [line.split()[0] for line in lines if line.startswith("urn:")] == [
        f"urn:dom:{url('a')}",
        f"urn:fullpage:{url('a')}",
        f"urn:pdf:{url('a')}",
    ]


def test_pages_of_other_browsers_have_the_text_of_their_document(
    tmp_path: Path, pool: ExtractionPool
) -> None:
    browser = Browser()
    browser.fetch("a", story_html("a").encode())
    browser.fetch("app.js", b"", kind="script", content_type="text/javascript")
    with CollectionWriter(tmp_path, "live") as writer:
        for each in browser.exchanges:
            writer.record(each)
        events = [event for event in Replay(writer, pool).run(()) if not isinstance(event, Damage)]
        events += writer.commit()
        writer.close()
    with CollectionWriter(tmp_path, "live") as writer:
        events = [event for event in Replay(writer, pool).run(()) if not isinstance(event, Damage)]
    assert [event.record and event.record["headline"] for event in events] == ["The channel of a"]


def test_a_dom_of_another_tool_is_its_page_s(tmp_path: Path, pool: ExtractionPool) -> None:
    block = story_html("a").encode()
    record = warc_record(f"urn:dom:{url('a')}", block, kind="resource").replace(
        b"application/http; msgtype=response", b"text/html"
    )
    (tmp_path / "theirs.warc").write_bytes(record)
    with CollectionWriter(tmp_path, "live") as writer:
        (settled,) = Replay(writer, pool).run([tmp_path / "theirs.warc"])
    assert not isinstance(settled, Damage)
    assert settled.record is not None
    assert (settled.record["url"], settled.capture.target_uri) == (url("a"), f"urn:dom:{url('a')}")
    assert replace(settled.capture, rendering=None).target_uri == url("a")
