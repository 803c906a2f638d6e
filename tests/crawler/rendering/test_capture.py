"""All that a page fetches against what its servers say they sent."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.exchange import Exchange
from crawler.rendering.errors import RenderError
from crawler.rendering.rendering import Rendering
from tests.crawler.rendering.conftest import Chromium
from tests.crawler.rendering.site import answer, everything, script
from tests.origin.certificate import make_certificate
from tests.origin.server import Answer, Origin, Served, Wait

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    with Origin({}) as started:
        started.scripts.update(everything(f"http://localhost:{started.port}"))
        yield started


@pytest.fixture(scope="module")
def rendering(chromium: Chromium, origin: Origin) -> Rendering:
    return chromium.render(origin.url("/"), idle=1.0)


def _line(message: bytes) -> bytes:
    return message.split(b"\r\n", 1)[0]


def _fields(message: bytes) -> dict[bytes, bytes]:
    lines = message.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}


def _body(message: bytes) -> bytes:
    """Of what a server sent: framing and coding undone."""
    head, _, body = message.partition(b"\r\n\r\n")
    if b"chunked" in head:
        body = re.sub(rb"(?s)([0-9a-f]+)\r\n(.*?)\r\n(?=[0-9a-f]+\r\n|$)", rb"\2", _unframed(body))
    return gzip.decompress(body) if b"Content-Encoding: gzip" in head else body


def _unframed(body: bytes) -> bytes:
    whole = b""
    while True:
        size, _, rest = body.partition(b"\r\n")
        if not int(size, 16):
            return whole
        whole, body = whole + rest[: int(size, 16)], rest[int(size, 16) + 2 :]


def _of(rendering: Rendering, path: str) -> list[Exchange]:
    return [exchange for exchange in rendering.exchanges if exchange.url.endswith(path)]


def test_every_request_of_a_page_its_frames_and_its_workers_is_an_exchange(
    rendering: Rendering, origin: Origin
) -> None:
    captured = Counter(_line(exchange.request or b"") for exchange in rendering.exchanges)

    assert captured == Counter(_line(served.request) for served in origin.served)
    assert len(origin.served) == 34


def test_bodies_are_those_that_the_server_sent(rendering: Rendering, origin: Origin) -> None:
    def key(served: Served) -> tuple[bytes, bytes]:
        return _line(served.request), _line(served.response)

    captured = sorted(
        (_line(exchange.request or b""), _line(raw), raw.partition(b"\r\n\r\n")[2])
        for exchange in rendering.exchanges
        for raw in [exchange.response.getvalue()]
    )
    assert captured == sorted((*key(served), _body(served.response)) for served in origin.served)


def test_requests_have_the_fields_and_the_bodies_that_were_sent(rendering: Rendering, origin: Origin) -> None:
    def told(message: bytes) -> tuple[bytes, frozenset[tuple[bytes, bytes]], bytes]:
        return _line(message), frozenset(_fields(message).items()), message.partition(b"\r\n\r\n")[2]

    # Chromium does not tell what its network service adds to requests of shared workers and for service workers
    untold = ("/from-shared.json", "/service.js")
    captured = Counter(
        told(each.request or b"") for each in rendering.exchanges if not each.url.endswith(untold)
    )

    assert captured == Counter(told(served.request) for served in origin.served if served.path not in untold)


def test_a_whole_uncoded_response_is_kept_to_the_byte(rendering: Rendering, origin: Origin) -> None:
    [picture] = _of(rendering, "/picture.png")

    assert picture.response.getvalue() == origin.of("/picture.png")[0].response


def test_headers_of_a_decoded_body_are_renamed(rendering: Rendering, origin: Origin) -> None:
    [data] = _of(rendering, "/data.json")

    assert data.response.getvalue() == (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-orig-transfer-encoding: chunked\r\n"
        b"x-orig-content-encoding: gzip\r\nContent-Length: 22\r\n\r\n"
        + _body(origin.of("/data.json")[0].response)
    )


def test_a_revalidated_resource_is_a_304_as_on_the_wire(rendering: Rendering) -> None:
    assert [_line(exchange.response.getvalue()) for exchange in _of(rendering, "/again.txt")] == [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 304 Not Modified",
    ]


def test_records_say_page_type_protocol_and_peer(rendering: Rendering) -> None:
    pages = {dict(exchange.fields)["WARC-Page-ID"] for exchange in rendering.exchanges}
    kinds = {
        path: [dict(exchange.fields)["WARC-Resource-Type"] for exchange in _of(rendering, path)]
        for path in (
            "/page",
            "/frame.html",
            "/elsewhere.html",
            "/classic.js",
            "/picture.png",
            "/data.json",
            "/font.woff2",
        )
    }

    assert len(pages) == 1
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", pages.pop())
    assert kinds == {
        "/page": ["document"],
        "/frame.html": ["subdocument"],
        "/elsewhere.html": ["subdocument"],
        "/classic.js": ["script"],
        "/picture.png": ["image"],
        "/data.json": ["fetch"],
        "/font.woff2": ["font"],
    }
    assert {dict(exchange.fields)["WARC-Protocol"] for exchange in rendering.exchanges} == {"http/1.1"}
    assert {exchange.peer for exchange in rendering.exchanges} == {"127.0.0.1"}
    assert {exchange.truncated for exchange in rendering.exchanges} == {None}


def test_the_document_is_the_one_that_redirects_led_to_as_scripts_left_it(
    rendering: Rendering, origin: Origin
) -> None:
    assert (rendering.url, rendering.final_url, rendering.status) == (
        origin.url("/"),
        origin.url("/page"),
        200,
    )
    assert rendering.dom.startswith(b"<!DOCTYPE html>\n<html>")
    assert '<p id="out">مرحبا</p>'.encode() in rendering.dom
    assert rendering.notes == ()


def test_each_page_has_a_cache_and_cookies_of_its_own(chromium: Chromium) -> None:
    page = answer(
        '<script src="/kept.js"></script>', "text/html", "200 OK", "Set-Cookie: who=me; Max-Age=999"
    )
    scripts = {
        "/": page,
        "/kept.js": script("1", "Cache-Control: max-age=999"),
        "*": answer(b"", "text/plain"),
    }
    with Origin(scripts) as origin:
        for _ in range(2):
            chromium.render(origin.url("/"))

        assert len(origin.of("/kept.js")) == 2
        assert [b"who=me" in served.request for served in origin.of("/")] == [False, False]


def test_pages_over_tls_are_captured_and_a_bad_certificate_is_no_page(
    chromium: Chromium, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path / "origin.pem")
    with (
        Origin({"*": answer("<p>secret")}, certificate=certificate) as origin,
        pytest.raises(RenderError, match="ERR_CERT_AUTHORITY_INVALID"),
    ):
        chromium.render(origin.url("/"))


def test_a_body_that_is_cut_off_is_kept_and_said_to_be(chromium: Chromium) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n" + b"half"
    page = answer("<p>text<script>fetch('/half').then(r => r.text()).catch(() => 0)</script>")
    with Origin({"/": page, "/half": Answer((half, Wait(0.3)), "reset"), "*": answer(b"")}) as origin:
        rendering = chromium.render(origin.url("/"))

    [exchange] = _of(rendering, "/half")
    assert (exchange.response.getvalue(), exchange.truncated) == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nx-orig-content-length: 100\r\nContent-Length: 4\r\n\r\nhalf",
        "disconnect",
    )


@pytest.mark.parametrize(
    ("framing", "body"),
    [("Transfer-Encoding: chunked", b"8\r\n<p>text \r\n"), ("Content-Length: 900", b"<p>text ")],
)
def test_a_document_that_is_cut_off_is_shown_as_far_as_it_came_and_said_to_be(
    chromium: Chromium, framing: str, body: bytes
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{framing}\r\n\r\n".encode()
    with Origin({"/": Answer((head + body * 20, Wait(0.3)), "reset"), "*": answer(b"")}) as origin:
        rendering = chromium.render(origin.url("/"))

    assert rendering.dom.count(b"text") == 20
    assert rendering.exchanges[0].response.getvalue().endswith(b"\r\n\r\n" + b"<p>text " * 20)
    assert rendering.exchanges[0].truncated == "disconnect"
