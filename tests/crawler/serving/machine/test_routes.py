from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from archive.collection_writer import CollectionWriter
from archive.exchange import Exchange
from archive.spool import Spool
from crawler.serving.machine.answers import INERT
from crawler.serving.machine.routes import routes
from tests.archive.access.samples import SITE, capture, fill
from tests.archive.sample_collections import START
from tests.crawler.serving.origins import Origin, served

TEXT = "All quiet at the harbour. " * 40
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n0\r\n\r\n" % (len(TEXT), TEXT.encode())
PACKED = gzip.compress(TEXT.encode(), mtime=0)
ODD = {
    "/chunked": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + CHUNKED,
    "/packed": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n" + PACKED,
    "/moved": b"HTTP/1.1 301 Moved\r\nLocation: ../b?x=%0d%0aX: y\r\n\r\n",
    "/script": b"HTTP/1.1 302 Found\r\nLocation: javascript:alert(1)\r\n\r\n",
    "/hostile": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\rSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n"
    b'Service-Worker-Allowed: /\r\nAccess-Control-Allow-Origin: *\r\nClear-Site-Data: "*"\r\nLink: <x>; rel=y\r\n'
    b"Content-Security-Policy: default-src *\r\nRefresh: 0\r\n\r\n<script>1</script>",
    "/empty": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/unchanged": b"HTTP/1.1 304 Not Modified\r\n\r\n",
}


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("machine")
    (folder / "secret.txt").write_text("not for the web")
    with CollectionWriter(folder / "collections", "news") as writer:
        fill(writer)
        for second, (path, raw) in enumerate(ODD.items(), 100):
            with Spool(raw) as sent:
                moment = START + timedelta(seconds=second)
                writer.record(Exchange(SITE + path, b"GET / HTTP/1.1\r\n\r\n", sent, moment))
        with Spool(b"HTTP/1.1 200 OK\r\n\r\nposted") as sent:
            post = Exchange(f"{SITE}/b", b"POST /b HTTP/1.1\r\n\r\n", sent, START + timedelta(seconds=3))
            writer.record(post)
    return folder / "collections"


@pytest.fixture(scope="module")
def here(collections: Path) -> Iterator[Origin]:
    with served(Starlette(routes=routes(collections))) as origin:
        yield origin


def test_the_index_is_given_as_asked_for(here: Origin) -> None:
    said = here.ask(f"/news/cdx?url={SITE}/a&fl=status&limit=2")
    lines = [f'example,news)/a 202603011200{second} {{"status": "200"}}\n' for second in ("00", "30")]
    assert (said.status, said.text) == (200, "".join(lines))
    assert said.headers["content-type"] == "text/x-cdxj; charset=utf-8"
    assert said.headers["content-security-policy"] == INERT
    assert here.ask(f"/news/cdx?url={SITE}/none").text == ""
    assert here.ask(f"/news/cdx?url={SITE}/a", "HEAD").body == b""


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/news/cdx", 400, "url: it is missing"),
        ("/news/cdx?url=x&limit=many", 400, "limit: 'many' is no number"),
        ("/news/cdx?url=x&page=1", 400, "page: there is no such parameter"),
        ("/news/timemap/xml/http://x/", 400, "timemap: 'xml' is none of link, json, cdxj"),
        ("/news/timemap/link/", 400, "URL: it is missing"),
        ("/news/timemap/link/http://x.example/", 404, "http://x.example/ is not in the collection news"),
        ("/news/timegate/http://x.example/", 404, "http://x.example/ is not in the collection news"),
        ("/news/2026id_/http://x.example/", 404, "http://x.example/ is not in the collection news"),
        ("/news/12id_/http://x.example/", 400, "time: '12' is no date"),
        ("/news/20261301id_/http://x.example/", 400, "time: '20261301' is no date that a calendar has"),
        (f"/news/2026id_/http://x.example/{'x' * 17_000}", 400, "URL: it has 17"),
        ("/other/cdx?url=x", 404, "is no collection"),
        ("/..%2fnews/cdx?url=x", 404, ""),
        ("/%2e%2e/cdx?url=x", 404, "can't name a collection"),
        ("/../../secret.txt", 404, "Not Found"),
        ("/news/archive", 404, "Not Found"),
    ],
)
def test_an_error_is_a_sentence_that_names_what_is_wrong(
    here: Origin, path: str, status: int, sentence: str
) -> None:
    said = here.ask(path)
    assert (said.status, sentence in said.text) == (status, True), said.text
    assert "Traceback" not in said.text
    assert "not for the web" not in said.text


def test_a_timemap_is_given_in_link_format_and_as_lines(here: Origin) -> None:
    said = here.ask(f"/news/timemap/link/{SITE}/a")
    rows = said.text.split(",\n")
    assert (said.status, len(rows)) == (200, 8)
    assert rows[0] == f'<{SITE}/a>; rel="original"'
    assert rows[2] == f'<{here.address}/news/timegate/{SITE}/a>; rel="timegate"'
    assert rows[4] == (
        f'<{here.address}/news/20260301120030id_/https://www.news.example/a>; rel="memento"; '
        'datetime="Sun, 01 Mar 2026 12:00:30 GMT"'
    )
    assert said.headers["content-type"] == "application/link-format; charset=utf-8"
    assert (
        here.ask(f"/news/timemap/json/{SITE}/a").text == here.ask(f"/news/cdx?url={SITE}/a&output=json").text
    )
    assert here.ask(f"/news/timemap/cdxj/{SITE}/a").text == here.ask(f"/news/cdx?url={SITE}/a").text


def test_the_query_of_a_path_belongs_to_the_address(here: Origin) -> None:
    assert here.ask(f"/news/2026id_/{SITE}/a/b?x=1").status == 200
    assert here.ask(f"/news/2026id_/{SITE}/a/b?x=2").status == 404
    assert here.ask("/news/timegate/news.example/a/b?x=1").status == 302


@pytest.mark.parametrize(
    ("wanted", "time"),
    [
        (None, "20260301140000"),
        ("Sat, 01 Jan 2000 00:00:00 GMT", "20260301120000"),
        ("Sun, 01 Mar 2026 12:59:00 GMT", "20260301130000"),
        ("Sat, 01 Jan 2050 00:00:00 GMT", "20260301140000"),
    ],
)
def test_the_timegate_leads_to_the_nearest_memento(here: Origin, wanted: str | None, time: str) -> None:
    said = here.ask(f"/news/timegate/{SITE}/a", **({"Accept_Datetime": wanted} if wanted else {}))
    target = f"{here.address}/news/{time}id_/{SITE}/a"
    assert (said.status, said.headers["location"]) == (302, target)
    assert said.headers["vary"] == "accept-datetime"
    assert f'<{SITE}/a>; rel="original"' in said.headers["link"]
    assert f'<{target}>; rel="' in said.headers["link"]
    assert "memento-datetime" not in said.headers
    assert (
        here.ask(target.removeprefix(here.address))
        .headers["memento-datetime"]
        .endswith(f"{time[8:10]}:00:00 GMT")
    )


def test_a_time_that_is_none_is_refused_by_the_timegate(here: Origin) -> None:
    said = here.ask(f"/news/timegate/{SITE}/a", Accept_Datetime="tomorrow")
    assert (said.status, said.text[:16]) == (400, "Accept-Datetime:")


def test_a_memento_is_the_entity_as_it_was_archived(here: Origin) -> None:
    said = here.ask(f"/news/20260301120055id_/{SITE}/a")
    assert (said.status, said.body) == (200, b"two")
    assert said.headers["memento-datetime"] == "Sun, 01 Mar 2026 12:01:00 GMT"
    assert said.headers["content-location"] == f"{here.address}/news/20260301120100id_/{SITE}/a"
    assert said.headers["content-type"] == "text/html"
    assert said.headers["content-security-policy"] == INERT
    assert here.ask(f"/news/2026id_/{SITE}/b").status == 404
    assert here.ask(f"/news/2026id_/{SITE}/b").body == b"<p>text</p>"  # not what was posted there


def test_a_revisit_is_what_it_refers_to_at_its_own_time(here: Origin) -> None:
    said = here.ask(f"/news/20260301140000id_/{SITE}/a")
    assert (said.status, said.body) == (200, b"three")
    assert said.headers["memento-datetime"] == "Sun, 01 Mar 2026 14:00:00 GMT"


def test_the_framing_is_undone_and_a_coding_kept_for_those_who_take_it(here: Origin) -> None:
    assert here.ask(f"/news/2026id_/{SITE}/chunked").text == TEXT
    path = f"/news/2026id_/{SITE}/packed"
    packed = here.ask(path, Accept_Encoding="br, gzip;q=0.5")
    assert (packed.headers["content-encoding"], packed.body) == ("gzip", PACKED)
    for refused in ("", "gzip;q=0", "br"):
        plain = here.ask(path, Accept_Encoding=refused)
        assert (plain.headers.get("content-encoding"), plain.text) == (None, TEXT)
        assert plain.headers["content-length"] == str(len(TEXT))


def test_a_redirect_leads_to_the_capture_of_its_target_and_never_to_a_script(here: Origin) -> None:
    said = here.ask(f"/news/2026id_/{SITE}/moved")
    target = f"{here.address}/news/20260301120142id_/{SITE}/b?x=%0d%0aX:%20y"
    assert (said.status, said.headers["location"]) == (301, target)
    script = here.ask(f"/news/2026id_/{SITE}/script")
    assert (script.status, "location" in script.headers) == (302, False)


def test_no_archived_header_has_a_say_but_those_that_describe_the_entity(here: Origin) -> None:
    said = here.ask(f"/news/2026id_/{SITE}/hostile")
    assert said.body == b"<script>1</script>"
    assert said.headers.keys() == {
        *("date", "server", "memento-datetime", "link", "content-location", "vary", "accept-ranges"),
        *("content-length", "content-security-policy", "x-content-type-options"),
        *("cross-origin-resource-policy", "referrer-policy", "cache-control"),
    }
    assert said.headers["link"].startswith(f"<{SITE}/hostile>")


def test_answers_without_a_body_have_none(here: Origin) -> None:
    empty = here.ask(f"/news/2026id_/{SITE}/empty")
    assert (empty.status, empty.body) == (204, b"")
    nothing = here.ask(f"/news/2026id_/{SITE}/unchanged")  # it shows nothing, and refers to nothing
    assert nothing.status == 404
    head = here.ask(f"/news/2026id_/{SITE}/a", "HEAD")
    assert (head.status, head.headers["content-length"], head.body) == (200, "5", b"")


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "body"),
    [
        ("bytes=0-0", 206, "bytes 0-0/5", b"t"),
        ("bytes=1-2", 206, "bytes 1-2/5", b"hr"),
        ("bytes=3-", 206, "bytes 3-4/5", b"ee"),
        ("bytes=-2", 206, "bytes 3-4/5", b"ee"),
        ("bytes=-99", 206, "bytes 0-4/5", b"three"),
        ("bytes=2-999999999999999999", 206, "bytes 2-4/5", b"ree"),
        ("bytes=5-", 416, "bytes */5", None),
        ("bytes=-0", 416, "bytes */5", None),
        ("bytes=2-1", 200, None, b"three"),
        ("bytes=0-0,2-3", 200, None, b"three"),
        ("bytes=" + "0-1," * 2000, 200, None, b"three"),
        ("bytes=-", 200, None, b"three"),
        ("bytes=99999999999999999999-", 200, None, b"three"),
        ("lines=1-2", 200, None, b"three"),
        ("bytes=٣-4".encode().decode("latin-1"), 200, None, b"three"),
    ],
)
def test_a_range_gives_those_bytes_or_says_that_there_are_none(
    here: Origin, asked: str, status: int, content_range: str | None, body: bytes | None
) -> None:
    said = here.ask(f"/news/2027id_/{SITE}/a", Range=asked)
    assert (said.status, said.headers.get("content-range")) == (status, content_range)
    if body is not None:
        assert (said.body, said.headers["content-length"]) == (body, str(len(body)))


def test_a_range_of_a_packed_or_changed_entity_is_not_guessed(here: Origin) -> None:
    assert here.ask(f"/news/2026id_/{SITE}/chunked", Range="bytes=0-3").status == 200
    assert here.ask(f"/news/2027id_/{SITE}/a", Range="bytes=0-1", If_Range='"x"').status == 200


@pytest.mark.parametrize("site", ["same-origin", "same-site", "cross-site"])
def test_scripts_of_web_pages_get_nothing(here: Origin, site: str) -> None:
    path = f"/news/cdx?url={SITE}/a"
    for mode in ("cors", "no-cors", "same-origin", "websocket"):
        said = here.ask(path, Sec_Fetch_Site=site, Sec_Fetch_Mode=mode)
        assert (said.status, said.text[:14]) == (403, "Sec-Fetch-Site")
    assert here.ask(path, Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate").status == 200
    assert here.ask(path, Sec_Fetch_Site="none", Sec_Fetch_Mode="navigate").status == 200


def test_mementos_can_be_left_to_another_origin(collections: Path) -> None:
    app = Starlette(routes=routes(collections, mementos_at="http://replay.test:1"))
    with served(app) as origin:
        assert origin.ask(f"/news/2026id_/{SITE}/a").status == 404
        location = origin.ask(f"/news/timegate/{SITE}/a").headers["location"]
        assert location == f"http://replay.test:1/news/20260301140000id_/{SITE}/a"
        assert f"<{origin.address}/news/timegate/" in origin.ask(f"/news/timemap/link/{SITE}/a").text


def test_a_capture_that_is_not_what_the_index_says_is_named(collections: Path, tmp_path: Path) -> None:
    shutil.copytree(collections, tmp_path / "collections")
    (warc,) = (tmp_path / "collections/news/archive").iterdir()
    warc.write_bytes(b"damaged")
    with served(Starlette(routes=routes(tmp_path / "collections"))) as origin:
        said = origin.ask(f"/news/2026id_/{SITE}/a")
    assert (said.status, "record at offset" in said.text) == (500, True)


def test_a_collection_that_is_being_written_answers(tmp_path: Path) -> None:
    with CollectionWriter(tmp_path, "news") as writer:
        capture(writer, f"{SITE}/now", 0, b"just in")
        writer.commit()
        with served(Starlette(routes=routes(tmp_path))) as origin:
            assert origin.ask(f"/news/2026id_/{SITE}/now").body == b"just in"
            assert origin.ask(f"/news/timegate/{SITE}/now").status == 302
