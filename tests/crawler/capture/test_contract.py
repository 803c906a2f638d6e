"""What capture leans on inside Scrapy and Twisted, none of which they promise.

When one of these fails after an upgrade, read crawler/capture/wire.py and handler.py beside the new release before
anything else: as long as they do not fit, archives may lack bytes without any other sign.
"""

from __future__ import annotations

import inspect
import json
import random
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from scrapy.core.downloader.handlers import http11
from scrapy.exceptions import DownloadFailedError, ResponseDataLossError
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from twisted.web._newclient import HTTP11ClientProtocol, HTTPClientParser
from twisted.web._newclient import Request as TxRequest
from twisted.web.client import Agent, HTTPConnectionPool, ResponseFailed, _HTTP11ClientFactory
from twisted.web.http_headers import Headers

from tests.crawler.crawls import Crawled, crawl
from tests.origin.oddities import JUNK, scripts
from tests.origin.server import Drops, Origin


def _parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_the_releases_are_those_that_capture_was_proved_with() -> None:
    assert (version("scrapy"), version("twisted")) == ("2.19.0", "26.10.0")


def test_scrapys_agent_takes_what_the_handler_gives_it() -> None:
    assert _parameters(http11._ScrapyAgent.__init__) == [
        *("self", "contextFactory", "connectTimeout", "bindAddress", "pool", "maxsize", "warnsize"),
        *("fail_on_dataloss", "crawler", "tls_verbose_logging"),
    ]
    assert _parameters(http11._ScrapyAgent._get_agent) == ["self", "request", "timeout"]


@pytest.mark.parametrize(
    "attribute",
    [
        *("_pool", "_contextFactory", "_bind_address", "_crawler"),
        *("_default_maxsize", "_default_warnsize", "_fail_on_dataloss", "_tls_verbose_logging"),
    ],
)
def test_scrapys_handler_keeps_its_settings_where_capture_reads_them(attribute: str) -> None:
    classes = [each for each in http11.HTTP11DownloadHandler.__mro__ if each is not object]
    assert any(f"self.{attribute}" in inspect.getsource(each) for each in classes)


def test_each_connection_is_made_by_the_pools_factory() -> None:
    assert "self._factory(quiescentCallback, repr(endpoint))" in inspect.getsource(
        HTTPConnectionPool._newConnection
    )
    assert issubclass(http11._LenientHTTP11ClientFactory, _HTTP11ClientFactory)
    callback = object()
    factory = http11._LenientHTTP11ClientFactory(callback, "metadata")
    assert factory._quiescentCallback is callback
    assert factory.buildProtocol(None)._quiescentCallback is callback


def test_the_agent_hands_headers_on_through_copy_alone() -> None:
    assert _parameters(Agent.request) == ["self", "method", "uri", "headers", "bodyProducer"]
    assert _parameters(Headers.copy) == ["self"]

    class Marked(Headers):
        pass

    assert type(Marked({b"A": [b"1"]}).copy()) is Marked


def test_the_protocol_has_the_methods_that_are_tapped() -> None:
    assert _parameters(HTTP11ClientProtocol.request) == ["self", "request"]
    assert _parameters(HTTP11ClientProtocol.dataReceived) == ["self", "bytes"]
    assert "self._parser = HTTPClientParser(request, self._finishResponse)" in inspect.getsource(
        HTTP11ClientProtocol.request
    )
    assert "self.finisher(rest)" in inspect.getsource(HTTPClientParser._finished)
    assert _parameters(TxRequest.writeTo) == ["self", "transport"]


def test_errors_keep_the_reasons_that_tell_a_lost_connection_from_a_broken_message() -> None:
    cause = ResponseFailed([])
    with pytest.raises(DownloadFailedError) as failed, wrap_twisted_exceptions():
        raise cause
    assert failed.value.__cause__ is cause
    assert "exc.__cause__ = reason.value" in inspect.getsource(http11._ResponseReader.connectionLost)
    assert issubclass(ResponseDataLossError, Exception)


_SPY = """
import json, sys
from crawler.capture import wire

def note(event, **facts):
    sys.stderr.write("spy " + json.dumps({"event": event} | facts) + "\\n")

class Spy(wire.TappedProtocol):
    def request(self, request):
        note("asked", path=request.uri.decode(), headers=id(request.headers), tap=id(request.headers.tap),
             kind=type(request.headers).__name__)
        self.path = request.uri.decode()
        return super().request(request)

    def _finishResponse(self, rest):
        note("finished", path=self.path, rest=rest.decode("latin-1"))
        super()._finishResponse(rest)

wire.TappedProtocol = Spy
"""


def _events(crawled: Crawled, event: str) -> list[dict[str, Any]]:
    lines = [line.removeprefix("spy ") for line in crawled.log.splitlines() if line.startswith("spy ")]
    return [fact for line in lines if (fact := json.loads(line))["event"] == event]


def test_each_response_is_finished_once_with_the_bytes_that_follow_it(tmp_path: Path) -> None:
    finished_once = [
        *("/plain", "/chunked", "/chunked-odd", "/chunked-empty", "/no-content", "/not-modified", "/empty"),
        *("/early-hints", "/http-1.0", "/until-close", "/lf-only", "/slow-pieces"),
    ]
    never = ["/body-cut", "/chunks-cut", "/head-cut", "/not-http", "/bad-chunk"]
    with Origin(scripts()) as origin:
        asked = [origin.url(path) for path in (*finished_once, *never, "/junk-after")]
        crawled = crawl(tmp_path, asked, prelude=_SPY, in_order=True, DOWNLOAD_TIMEOUT=5)
    finished = [(event["path"], event["rest"]) for event in _events(crawled, "finished")]
    assert sorted(finished) == sorted(
        [(path, "") for path in finished_once] + [("/junk-after", JUNK.decode("latin-1"))]
    )


def test_a_silent_retry_sends_the_same_headers_object_again(tmp_path: Path) -> None:
    with Origin(scripts(), drops=Drops(2, random.Random(3))) as origin:
        asked = [origin.url(f"/plain?{number}") for number in range(40)]
        crawled = crawl(tmp_path, asked, prelude=_SPY, in_order=True)
    requests = _events(crawled, "asked")
    by_path: dict[str, list[dict[str, Any]]] = {}
    for request in requests:
        by_path.setdefault(request["path"], []).append(request)
    again = [tries for tries in by_path.values() if len(tries) > 1]
    assert len(by_path) == 40
    assert len(again) >= 5
    for first, second in again:
        assert (first["headers"], first["tap"]) == (second["headers"], second["tap"])
    assert {request["kind"] for request in requests} == {"TappedHeaders"}
