"""Every byte in the WARC is a byte that was on the wire, and none that was is missing."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crawler.crawls import Crawled, crawl
from tests.crawler.records import Pair, pairs, same_bytes, stored
from tests.origin.oddities import CUT, INTERIM, JUNK, SILENT, WHOLE, chunked, plain, scripts
from tests.origin.server import Answer, Asked, Drops, Origin, Served, Wait

_SCHEMES = ["http", "https"]


@dataclass(frozen=True)
class _Seen:
    """One crawl of all odd answers, as the server, the archive and the spider saw it."""

    origin: Origin
    archive: dict[str, list[Pair]]
    crawled: Crawled

    def exchange(self, path: str) -> tuple[Served, Pair]:
        (served,) = self.origin.of(path)
        (pair,) = self.archive[self.origin.url(path)]
        return served, pair


@pytest.fixture(scope="module", params=_SCHEMES)
def seen(
    request: pytest.FixtureRequest, certificate: Path, tmp_path_factory: pytest.TempPathFactory
) -> _Seen:
    collections = tmp_path_factory.mktemp("collections")
    everything = scripts()
    everything["/head"] = Answer((b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",))
    everything["/post"] = Answer((plain(b"<p>taken</p>"),))
    everything["/ends-rudely"] = Answer((b"HTTP/1.0 200 OK\r\n\r\nno length",), "drop")
    with Origin(everything, certificate=certificate if request.param == "https" else None) as origin:
        asked: list[dict[str, object]] = [{"url": origin.url(path)} for path in (*WHOLE, *CUT, *SILENT)]
        asked.append({"url": origin.url("/head"), "method": "HEAD"})
        asked.append({"url": origin.url("/post"), "method": "POST", "body": "q=\u00e9&b=\r\n"})
        asked.append({"url": origin.url("/ends-rudely")})
        crawled = crawl(collections, asked, DOWNLOAD_TIMEOUT=2, CONCURRENT_REQUESTS_PER_DOMAIN=16)
    return _Seen(origin, pairs(collections), crawled)


@pytest.mark.parametrize("path", [*WHOLE, "/head", "/post"])
def test_a_whole_exchange_is_archived_byte_for_byte(seen: _Seen, path: str) -> None:
    served, pair = seen.exchange(path)
    response = served.response[INTERIM.get(path, 0) :]
    if path == "/junk-after":
        response = response.removesuffix(JUNK)
    assert pair.request.block == served.request
    assert pair.response.block == response
    assert "WARC-Truncated" not in pair.response.fields
    assert "error" not in seen.crawled.row(seen.origin.url(path))


@pytest.mark.parametrize("path", CUT)
def test_what_came_of_a_broken_response_is_archived_with_the_reason(seen: _Seen, path: str) -> None:
    served, pair = seen.exchange(path)
    assert same_bytes(pair, served)
    assert pair.response["WARC-Truncated"] == CUT[path][1]


@pytest.mark.parametrize("path", SILENT)
def test_without_a_response_nothing_is_archived_and_the_failure_is_told(seen: _Seen, path: str) -> None:
    url = seen.origin.url(path)
    assert url not in seen.archive
    assert seen.crawled.row(url)["error"] in ("DownloadTimeoutError", "DownloadFailedError")


def test_over_tls_a_body_without_length_is_whole_only_with_an_orderly_end(seen: _Seen) -> None:
    served, pair = seen.exchange("/ends-rudely")
    assert same_bytes(pair, served)
    expected = "disconnect" if seen.origin.scheme == "https" else None
    assert pair.response.fields.get("WARC-Truncated") == expected


def test_both_records_of_an_exchange_name_what_ties_them_and_the_server(seen: _Seen) -> None:
    for url, exchanges in seen.archive.items():
        for pair in exchanges:
            request, response = pair.request, pair.response
            assert response["WARC-Concurrent-To"] == request["WARC-Record-ID"]
            assert request["WARC-Target-URI"] == response["WARC-Target-URI"] == url
            assert request["WARC-IP-Address"] == response["WARC-IP-Address"] == "127.0.0.1"
            assert request["WARC-Warcinfo-ID"] == response["WARC-Warcinfo-ID"]
            assert request["Content-Type"] == "application/http; msgtype=request"
            assert response["Content-Type"] == "application/http; msgtype=response"


def test_the_date_is_when_capture_began_with_microseconds(seen: _Seen) -> None:
    served, pair = seen.exchange("/slow-pieces")
    assert pair.request["WARC-Date"] == pair.response["WARC-Date"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", pair.response["WARC-Date"])
    began = datetime.strptime(pair.response["WARC-Date"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    assert -0.2 < served.started - began.timestamp() < 0.5


def test_digests_are_right_and_left_out_where_tools_disagree_about_the_payload(seen: _Seen) -> None:
    for exchanges in seen.archive.values():
        for pair in exchanges:
            block = pair.response.block
            assert pair.request["WARC-Block-Digest"] == _sha256(pair.request.block)
            assert pair.response["WARC-Block-Digest"] == _sha256(block)
            head, blank, body = block.partition(b"\r\n\r\n")
            if b"transfer-encoding" in head.lower() or not blank:
                assert "WARC-Payload-Digest" not in pair.response.fields
            else:
                assert pair.response["WARC-Payload-Digest"] == _sha256(body)


def _sha256(data: bytes) -> str:
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode()


@pytest.mark.parametrize("scheme", _SCHEMES)
@pytest.mark.slow
def test_3000_exchanges_are_exact_though_the_server_drops_connections(
    scheme: str, tmp_path: Path, certificate: Path
) -> None:
    def answer(asked: Asked) -> Answer:
        name = asked.path.encode()
        framed = chunked(name, name * 50)
        return Answer(
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: " + name + b"\r\n\r\n" + framed,)
        )

    origin = Origin({"*": answer}, certificate=certificate if scheme == "https" else None, drops=Drops(6))
    with origin:
        asked = [origin.url(f"/page/{number}") for number in range(3000)]
        crawl(tmp_path, asked, RETRY_ENABLED=True, RETRY_BACKOFF=0, CONCURRENT_REQUESTS_PER_DOMAIN=8)
    archive = pairs(tmp_path)
    assert sorted(archive) == sorted(asked)
    assert len(origin.connections) > 500
    answered = {served.path: served for served in origin.served}
    for url, (pair,) in archive.items():
        assert same_bytes(pair, answered[url.removeprefix(origin.url(""))]), url


@pytest.mark.parametrize("scheme", _SCHEMES)
def test_100_megabytes_are_exact_and_kept_on_disk(scheme: str, tmp_path: Path, certificate: Path) -> None:
    block = bytes(range(256)) * 4096
    head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nContent-Length: %d\r\n\r\n" % (len(block) * 100)
    scripted = {"/small": Answer((plain(),)), "/large": Answer((head, *[block] * 100))}
    sizes = {}
    with Origin(scripted, certificate=certificate if scheme == "https" else None) as origin:
        for path in scripted:
            got = crawl(tmp_path, [origin.url(path)], DOWNLOAD_MAXSIZE=0, DOWNLOAD_TIMEOUT=60)
            sizes[path] = got.peak
    ((pair,),) = (pairs(tmp_path)[origin.url("/large")],)
    assert pair.response.block == head + block * 100
    # Scrapy keeps the body twice while it makes its response of it; the archive keeps a few pieces.
    assert sizes["/large"] - sizes["/small"] < 2 * 100 * len(block) + 30_000_000


_LENGTHLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize("scheme", _SCHEMES)
def test_a_body_past_the_size_limit_is_kept_as_far_as_it_came(
    scheme: str, tmp_path: Path, certificate: Path
) -> None:
    steps = [b"x" * 1000, Wait(0.01)] * 200
    scripted = {
        "/known": Answer((b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n", *steps)),
        "/unknown": Answer((_LENGTHLESS, *steps), "close"),
        "/chunked": Answer(
            (
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                *[b"3e8\r\n" + b"x" * 1000 + b"\r\n"] * 200,
            )
        ),
    }
    with Origin(scripted, certificate=certificate if scheme == "https" else None) as origin:
        crawled = crawl(tmp_path, [origin.url(path) for path in scripted], DOWNLOAD_MAXSIZE=50_000)
    archive = pairs(tmp_path)
    for path in scripted:
        ((served,), (pair,)) = (origin.of(path), archive[origin.url(path)])
        assert crawled.row(origin.url(path))["error"] == "DownloadCancelledError"
        assert pair.response["WARC-Truncated"] == "length"
        assert pair.request.block == served.request
        whole = b"".join(step for step in scripted[path].steps if isinstance(step, bytes))
        assert whole.startswith(pair.response.block)
        assert len(pair.response.block) < 200_000
        if path != "/known":
            assert len(pair.response.block) > 50_000


def test_a_page_fetched_again_unchanged_is_a_revisit(tmp_path: Path) -> None:
    page = plain(head=b"X-Served: now\r\n")
    with Origin({"/page": Answer((page,)), "/empty": Answer((plain(b""),))}) as origin:
        for _ in range(2):
            crawl(tmp_path, [origin.url("/page"), origin.url("/empty")])
    first, again = pairs(tmp_path)[origin.url("/page")]
    assert (first.response.type, again.response.type) == ("response", "revisit")
    assert again.response.block == page[: page.index(b"\r\n\r\n") + 4]
    assert again.request.block == origin.of("/page")[1].request
    assert _revisit_fields(again) == {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": first.response["WARC-Record-ID"],
        "WARC-Refers-To-Target-URI": origin.url("/page"),
        "WARC-Refers-To-Date": first.response["WARC-Date"],
        "WARC-Payload-Digest": first.response["WARC-Payload-Digest"],
        "WARC-Truncated": "length",
    }
    assert [pair.response.type for pair in pairs(tmp_path)[origin.url("/empty")]] == ["response"] * 2


def test_a_304_is_a_revisit_of_the_page_that_is_known(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        unchanged = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
        return Answer((unchanged if b"If-None-Match" in asked.raw else plain(),))

    with Origin({"/page": answer}) as origin:
        headers = {"If-None-Match": '"1"'}
        crawl(
            tmp_path, [origin.url("/page"), {"url": origin.url("/page"), "headers": headers}], in_order=True
        )
        crawl(tmp_path / "other", [{"url": origin.url("/page"), "headers": headers}])
    first, again = pairs(tmp_path)[origin.url("/page")]
    assert again.response.type == "revisit"
    assert again.response.block == origin.of("/page")[1].response
    assert _revisit_fields(again) == {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
        "WARC-Refers-To": first.response["WARC-Record-ID"],
        "WARC-Refers-To-Target-URI": origin.url("/page"),
        "WARC-Refers-To-Date": first.response["WARC-Date"],
    }
    (unknown,) = pairs(tmp_path / "other")[origin.url("/page")]
    assert unknown.response.type == "response"


def test_a_304_refers_to_the_capture_whose_etag_was_sent(tmp_path: Path) -> None:
    bodies = iter((b"one", b"two", b"one"))

    def answer(asked: Asked) -> Answer:
        if b"If-None-Match" in asked.raw:
            return Answer((b"HTTP/1.1 304 Not Modified\r\n\r\n",))
        body = next(bodies)
        return Answer((plain(body, head=b'ETag: "%b"\r\n' % body),))

    with Origin({"/page": answer}) as origin:
        url = origin.url("/page")
        asking = [{"url": url, "headers": {"If-None-Match": f'"{tag}"'}} for tag in ("one", "two")]
        crawl(tmp_path, [url, url, url, *asking], in_order=True)
    first, second, back, *unchanged = (pair.response for pair in pairs(tmp_path)[url])
    assert [record.type for record in (first, second, back)] == ["response", "response", "revisit"]
    assert [record["WARC-Refers-To"] for record in (back, *unchanged)] == [
        first["WARC-Record-ID"],
        first["WARC-Record-ID"],
        second["WARC-Record-ID"],
    ]


def _revisit_fields(pair: Pair) -> dict[str, str]:
    common = {"WARC-Type", "Content-Type", "Content-Length", *_COMMON}
    return {name: value for name, value in pair.response.fields.items() if name not in common}


_COMMON = (
    "WARC-Record-ID",
    "WARC-Date",
    "WARC-Target-URI",
    "WARC-Warcinfo-ID",
    "WARC-IP-Address",
    "WARC-Concurrent-To",
    "WARC-Block-Digest",
)


def test_robots_redirects_and_retries_are_archived_too(tmp_path: Path) -> None:
    everything = scripts()
    everything["/private/page"] = Answer((plain(),))
    with Origin(everything) as origin:
        crawled = crawl(
            tmp_path,
            [origin.url(path) for path in ("/found", "/busy", "/private/page")],
            in_order=True,
            ROBOTSTXT_OBEY=True,
            REDIRECT_ENABLED=True,
            RETRY_ENABLED=True,
            RETRY_BACKOFF=0.01,
        )
    archive = pairs(tmp_path)
    heads = {
        url.removeprefix(origin.url("")): [pair.response.block.split(b"\r\n")[0] for pair in exchanges]
        for url, exchanges in archive.items()
    }
    assert heads == {
        "/robots.txt": [b"HTTP/1.1 200 OK"],
        "/found": [b"HTTP/1.1 302 Found"],
        "/moved": [b"HTTP/1.1 301 Moved Permanently"],
        "/plain": [b"HTTP/1.1 200 OK"],
        "/busy": [b"HTTP/1.1 500 Internal Server Error", b"HTTP/1.1 200 OK"],
    }
    assert crawled.row(origin.url("/found"))["url"] == origin.url("/plain")
    assert crawled.row(origin.url("/private/page"))["sentence"] == "robots.txt of the host disallows it"
    assert origin.of("/private/page") == []


def test_each_round_of_a_redirect_loop_is_archived_until_it_is_given_up(tmp_path: Path) -> None:
    with Origin(scripts()) as origin:
        asked = [{"url": origin.url("/loop"), "dont_filter": True}]
        crawled = crawl(tmp_path, asked, REDIRECT_ENABLED=True, REDIRECT_MAX_TIMES=3)
    assert len(pairs(tmp_path)[origin.url("/loop")]) == 4
    assert crawled.row(origin.url("/loop"))["error"] == "IgnoreRequest"


def test_the_fragment_is_neither_sent_nor_archived(tmp_path: Path) -> None:
    with Origin({"/page": Answer((plain(),))}) as origin:
        crawl(tmp_path, [origin.url("/page#comments")])
    assert list(pairs(tmp_path)) == [origin.url("/page")]


def test_the_warcinfo_record_says_who_fetched(tmp_path: Path) -> None:
    with Origin({"/page": Answer((plain(),))}) as origin:
        crawl(tmp_path, [origin.url("/page")], USER_AGENT="tearsheet/9 (+https://desk.example/)")
    warcinfo = stored(tmp_path)[0]
    lines = dict(line.split(": ", 1) for line in warcinfo.block.decode().splitlines())
    assert warcinfo.type == "warcinfo"
    assert lines["http-header-user-agent"] == "tearsheet/9 (+https://desk.example/)"
    assert b"User-Agent: tearsheet/9 (+https://desk.example/)\r\n" in origin.served[0].request
