from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy.http import HtmlResponse, TextResponse

from archive.capture import Capture, RecordType
from archive.errors import MessageError
from crawler.capture.archive_handler import response_of

URL = "https://news.example/a"


def capture(record_type: RecordType = "response", mime: str | None = "text/html") -> Capture:
    return Capture(
        number=1,
        url=URL,
        date=datetime(2026, 3, 1, tzinfo=UTC),
        record_id="<urn:uuid:1>",
        record_type=record_type,
        warc="a.warc",
        offset=0,
        length=10,
        entity_digest="sha256:0",
        status=200,
        mime=mime,
    )


def test_framing_is_undone_and_the_fields_of_the_connection_are_left_out() -> None:
    raw = (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: a\r\nTransfer-Encoding: chunked\r\n"
        b"Connection: close\r\nset-cookie: b\r\n\r\n5\r\n<p>on\r\n2\r\ne!\r\n0\r\n\r\n"
    )
    response = response_of(URL, capture(), raw)
    assert isinstance(response, HtmlResponse)
    assert (response.url, response.status, response.body, response.protocol) == (
        URL,
        200,
        b"<p>one!",
        "HTTP/1.1",
    )
    assert response.headers.to_unicode_dict() == {"Content-Type": "text/html", "Set-Cookie": "a,b"}


def test_a_body_ends_where_its_length_says_and_its_coding_is_left_to_the_middleware() -> None:
    raw = b"HTTP/1.1 404 Gone\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabcdef"
    response = response_of(URL, capture(), raw)
    assert (response.status, response.body) == (404, b"abc")
    assert response.headers.to_unicode_dict() == {"Content-Length": "3", "Content-Encoding": "gzip"}


def test_a_resource_is_a_page_without_a_head() -> None:
    response = response_of(URL, capture("resource", "text/plain"), b"HTTP is not in here")
    assert isinstance(response, TextResponse)
    assert (response.status, response.body) == (200, b"HTTP is not in here")


@pytest.mark.parametrize("raw", [b"no head", b"HTTP/1.1\r\n\r\n"])
def test_what_is_no_response_is_an_error(raw: bytes) -> None:
    with pytest.raises(MessageError):
        response_of(URL, capture(), raw)
