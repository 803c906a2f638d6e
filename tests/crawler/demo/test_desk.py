"""What goes over the wire: framing, codings, validators, conditional requests."""

from __future__ import annotations

import gzip
import re
import socket
from urllib.parse import urlsplit

import pytest

from crawler.demo.server import NewsroomServer

from .conftest import Fetch


def _raw(url: str, *lines: str, version: str = "HTTP/1.1") -> tuple[bytes, bytes]:
    """Header and body of one exchange exactly as received."""
    parts = urlsplit(url)
    request = [f"GET {parts.path} {version}", f"Host: {parts.netloc}", "Connection: close", *lines, "", ""]
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=10) as connection:
        connection.sendall("\r\n".join(request).encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    return head, body


def _unchunked(body: bytes) -> tuple[list[int], bytes]:
    sizes, entity = [], b""
    while True:
        line, _, body = body.partition(b"\r\n")
        size = int(line, 16)
        if size == 0:
            assert body == b"\r\n"
            return sizes, entity
        entity += body[:size]
        assert body[size : size + 2] == b"\r\n"
        body = body[size + 2 :]
        sizes.append(size)


def test_one_article_is_sent_chunked_and_gzip_encoded(newsroom: NewsroomServer) -> None:
    url = newsroom.expected("seagrass-nursery").url
    head, body = _raw(url, "Accept-Encoding: gzip")
    sizes, entity = _unchunked(body)

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nTransfer-Encoding: chunked" in head
    assert b"\r\nContent-Encoding: gzip\r\n" in head
    assert b"\r\nVary: Accept-Encoding\r\n" in head
    assert b"Content-Length" not in head
    assert sizes[:3] == [1000, 1, 317]
    assert gzip.decompress(entity) == newsroom.reply("harbour-courier", urlsplit(url).path).body


def test_a_client_without_gzip_gets_it_chunked_alone(newsroom: NewsroomServer) -> None:
    url = newsroom.expected("seagrass-nursery").url
    head, body = _raw(url)

    assert b"Content-Encoding" not in head
    assert b"\r\nTransfer-Encoding: chunked" in head
    assert _unchunked(body)[1] == newsroom.reply("harbour-courier", urlsplit(url).path).body


def test_an_http_1_0_client_gets_no_chunks(newsroom: NewsroomServer) -> None:
    url = newsroom.expected("seagrass-nursery").url
    head, body = _raw(url, version="HTTP/1.0")

    assert b"Transfer-Encoding" not in head
    assert body == newsroom.reply("harbour-courier", urlsplit(url).path).body


def test_the_coded_entity_has_a_validator_of_its_own(newsroom: NewsroomServer, fetch: Fetch) -> None:
    url = newsroom.expected("seagrass-nursery").url
    plain, coded = fetch(url), fetch(url, Accept_Encoding="gzip")

    assert plain.header["etag"] != coded.header["etag"]
    assert fetch(url, Accept_Encoding="gzip", If_None_Match=coded.header["etag"]).status == 304


def test_other_articles_are_sent_with_their_length(newsroom: NewsroomServer, fetch: Fetch) -> None:
    answer = fetch(newsroom.expected("tram-line-seven").url, Accept_Encoding="gzip")

    assert answer.header["content-length"] == str(len(answer.body))
    assert answer.header["content-type"] == "text/html; charset=utf-8"
    assert answer.header["last-modified"] == "Wed, 11 Nov 2026 13:45:00 GMT"
    assert "content-encoding" not in answer.header


def test_a_connection_is_kept_alive(newsroom: NewsroomServer) -> None:
    parts = urlsplit(newsroom.outlets[0].base_url)
    request = f"GET /robots.txt HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(request)
            received = b""
            while not received.endswith(b"news-sitemap.xml\n"):
                received += connection.recv(65536)
            assert received.startswith(b"HTTP/1.1 200 OK\r\n")


def test_an_idle_connection_does_not_keep_the_newsroom_open() -> None:
    with NewsroomServer() as server:
        parts = urlsplit(server.outlets[0].base_url)
        connection = socket.create_connection((parts.hostname, parts.port or 80), timeout=10)
        connection.sendall(f"HEAD / HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        assert connection.recv(8).startswith(b"HTTP/1.1")
    with connection:
        assert b"".join(iter(lambda: connection.recv(65536), b"")).endswith(b"\r\n\r\n")


def test_conditional_requests_are_answered_with_304_and_no_body(
    newsroom: NewsroomServer, fetch: Fetch
) -> None:
    for url in (newsroom.expected("library-on-a-cart").url, newsroom.outlets[1].base_url + "/feed.atom"):
        whole = fetch(url)
        by_tag = fetch(url, If_None_Match=f'"other", {whole.header["etag"]}')
        by_date = fetch(url, If_Modified_Since=whole.header["last-modified"])

        assert whole.status == 200
        for answer in (by_tag, by_date):
            assert (answer.status, answer.body) == (304, b"")
            assert answer.header["etag"] == whole.header["etag"]
            assert "content-length" not in answer.header


def test_a_tag_that_does_not_match_outweighs_a_date_that_does(newsroom: NewsroomServer, fetch: Fetch) -> None:
    url = newsroom.expected("library-on-a-cart").url
    date = fetch(url).header["last-modified"]

    assert fetch(url, If_None_Match='"other"', If_Modified_Since=date).status == 200
    assert fetch(url, If_Modified_Since="yesterday").status == 200
    assert fetch(url, If_Modified_Since="Mon, 09 Nov 2026 00:00:00 GMT").status == 200


def test_head_gives_the_header_of_get_and_no_body(newsroom: NewsroomServer, fetch: Fetch) -> None:
    for slug in ("tram-line-seven", "seagrass-nursery", "paper-boats"):
        url = newsroom.expected(slug).url
        get, head = fetch(url), fetch(url, method="HEAD")

        assert (head.status, head.body) == (200, b"")
        assert {**head.header, "date": ""} == {**get.header, "date": ""}


def test_another_method_is_refused(newsroom: NewsroomServer, fetch: Fetch) -> None:
    assert fetch(newsroom.outlets[0].base_url + "/comments", method="POST").status == 501


def test_nothing_is_printed(
    newsroom: NewsroomServer, fetch: Fetch, capfd: pytest.CaptureFixture[str]
) -> None:
    fetch(newsroom.outlets[0].base_url + "/")
    fetch(newsroom.outlets[0].base_url + "/missing")

    assert capfd.readouterr() == ("", "")


def test_a_header_only_windows_1256_page_is_sent_in_those_bytes(
    newsroom: NewsroomServer, fetch: Fetch
) -> None:
    expected = newsroom.expected("paper-boats")
    answer = fetch(expected.url)

    assert answer.header["content-type"] == "text/html; charset=windows-1256"
    assert b"charset" not in answer.body
    for paragraph in expected.paragraphs:
        assert paragraph.encode("windows-1256") in answer.body


def test_a_meta_only_windows_1256_page_is_sent_without_charset_in_the_header(
    newsroom: NewsroomServer, fetch: Fetch
) -> None:
    expected = newsroom.expected("bakery-of-the-blind-lane")
    answer = fetch(expected.url)

    assert answer.header["content-type"] == "text/html"
    assert re.search(rb"<meta [^>]*charset=windows-1256", answer.body[:1024])
    for paragraph in expected.paragraphs:
        assert paragraph.encode("windows-1256") in answer.body
