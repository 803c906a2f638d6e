from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from archive.spool import Spool
from crawler.rendering.exchanges import exchange_of, has_exchange
from crawler.rendering.loads import Load
from crawler.rendering.protocol import Connection

WHEN = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


def _load(**fields: Any) -> Load:
    async def session() -> Any:
        return Connection().root

    request = {"url": "https://daily.example/a?b=1#c", "method": "GET", "headers": {"Accept": "*/*"}}
    known = {
        "request": request,
        "kind": "Document",
        "frame": "MAIN",
        "asked": 0.0,
        "started": WHEN,
        "whole": True,
    }
    return Load(session=asyncio.run(session()), request_id="1.2", **{**known, **fields})


def test_http2_is_written_as_http1_and_said_to_be_http2() -> None:
    load = _load(
        request_headers={":method": "GET", ":authority": "daily.example", ":path": "/a?b=1", "cookie": "k=v"},
        response={"status": 200, "statusText": "", "protocol": "h2", "headers": {}},
        extra={
            "statusCode": 200,
            "headers": {"content-type": "text/html", "content-encoding": "br", "set-cookie": "a=1\nb=2"},
        },
        body=Spool(b"<p>text"),
    )

    exchange = exchange_of(
        load, page_id="urn:uuid:1", main_frame="MAIN", peers={("daily.example", 443): "192.0.2.1"}
    )

    assert exchange.request == b"GET /a?b=1 HTTP/1.1\r\nHost: daily.example\r\ncookie: k=v\r\n\r\n"
    assert exchange.response.getvalue() == (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nx-orig-content-encoding: br\r\nset-cookie: a=1\r\n"
        b"set-cookie: b=2\r\nContent-Length: 7\r\n\r\n<p>text"
    )
    assert (exchange.url, exchange.started, exchange.peer, exchange.truncated) == (
        "https://daily.example/a?b=1",
        WHEN,
        "192.0.2.1",
        None,
    )
    assert exchange.fields == (
        ("WARC-Protocol", "h2"),
        ("WARC-Page-ID", "urn:uuid:1"),
        ("WARC-Resource-Type", "document"),
    )


def test_what_a_cache_answered_is_no_exchange_unless_the_server_was_asked() -> None:
    response = {"status": 200, "statusText": "OK", "headers": {}}

    assert not has_exchange(_load(response=response, from_browser=True))
    assert has_exchange(_load(response=response, extra={"statusCode": 304, "headers": {}}, from_browser=True))
    assert has_exchange(_load(response=response))
    assert not has_exchange(_load(failure="net::ERR_ABORTED"))


def test_why_a_response_is_short_is_said() -> None:
    text = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"

    def truncated(body: bytes, **fields: Any) -> str | None:
        load = _load(
            response={"status": 200},
            extra={"statusCode": 200, "headersText": text},
            body=Spool(body),
            **fields,
        )
        return exchange_of(load, page_id="urn:uuid:1", main_frame="MAIN", peers={}).truncated

    assert truncated(b"012345678") is None
    assert truncated(b"0123", cut="length") == "length"
    assert truncated(b"0123", whole=False, ended=True) == "disconnect"
    assert truncated(b"0123", whole=False, ended=False) == "time"
    assert truncated(b"012345678", whole=False, ended=True) is None
