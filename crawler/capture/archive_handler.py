"""The download handler that answers from a collection instead of the network: the twin of the capture handler."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Self
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response

from archive.capture import Capture
from archive.collection import Collection
from archive.errors import MessageError, RecordError
from archive.outcomes import Settled
from archive.warc.captures import resource_type
from archive.warc.http import Head, dechunk, parse_head, split_interim
from crawler.capture.handler import RECORDING
from crawler.capture.recorder import Recording

MISSING = "not in the archive"
"""What is said of an address of which a collection has no capture."""
# What Twisted's client keeps to itself: fields of the connection, and Content-Length, which stands for a framing.
_OF_THE_CONNECTION = frozenset(
    (
        b"content-length",
        b"connection",
        b"keep-alive",
        b"te",
        b"trailers",
        b"transfer-encoding",
        b"upgrade",
        b"proxy-connection",
    )
)
_NO_BODY = frozenset((204, 304))  # RFC 9110, 15.3.5 and 15.4.5


class NotInArchive(IgnoreRequest):
    """The collection has no capture of what a spider asks for."""


class ArchiveHandler(BaseDownloadHandler):
    """Answers each request with the capture of its URL that is nearest to a time: the settings FROM_COLLECTION, in
    FROM_COLLECTIONS, and FROM_TIME (ISO 8601, aware; None for the newest capture).

    The response is what the live handler would have handed on of the same bytes: framing undone, content codings left
    to the middleware. A revisit, be it a 304, stands for the capture that it refers to. There is no network in here.
    """

    lazy = False

    def __init__(self, crawler: Crawler, collection: Collection, moment: datetime | None) -> None:
        super().__init__(crawler)
        self._collection = collection
        self._moment = moment

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        collection = Collection(Path(settings["FROM_COLLECTIONS"]), settings["FROM_COLLECTION"])
        moment = settings["FROM_TIME"]
        return cls(crawler, collection, datetime.fromisoformat(moment) if moment else None)

    async def download_request(self, request: Request) -> Response:
        """Raises NotInArchive, which says why where the archive has a capture that can't be used."""
        url = urldefrag(request.url).url
        if request.method != "GET":
            raise NotInArchive(f"{url}: {MISSING}, of which only answers to GET are used")
        found = self._nearest(url)
        if found is None:
            raise NotInArchive(f"{url}: {MISSING}")
        try:
            capture = self._collection.original(found)
            with self._collection.read_response(capture) as block:
                response = response_of(request.url, capture, block.getvalue())
        except (RecordError, MessageError) as error:
            raise NotInArchive(f"{url}: its capture in the archive can't be used: {error}") from error
        request.meta[RECORDING] = _recording(capture)
        return response

    def _nearest(self, url: str) -> Capture | None:
        """Of a rendered page the DOM, whether it was asked for by the browser then or only when the plain answer had
        held no article: that one then comes first, and is none of an answer."""
        catalogue = self._collection.catalogue
        found = catalogue.nearest(url, self._moment, "page")
        if found is None or found.rendering == "dom":
            return found
        state = catalogue.state(found.number)
        if state is not None and state.state == "no-article":
            return catalogue.nearest(url, self._moment, "dom") or found
        return found

    async def close(self) -> None:
        self._collection.close()


def response_of(url: str, capture: Capture, raw: bytes) -> Response:
    """A stored response (of a `resource` record, its payload) as Scrapy's handler hands one on.

    Raises MessageError where the bytes are no HTTP response.
    """
    if capture.record_type == "resource":
        stated = resource_type(capture)
        content_type = {"Content-Type": stated} if stated else {}
        return make_response(url, 200, Headers(content_type), raw)
    interim = split_interim(raw)
    head = parse_head(raw[interim:])
    if head.status is None:
        raise MessageError(f"{url}: its stored response has no status code")
    body = b"" if head.status in _NO_BODY else raw[interim + head.length :]
    if head.chunked:
        body = dechunk(body).data
    elif (length := _length(head)) is not None:
        body = body[:length]
    version = head.start_line.partition(b" ")[0].decode("latin-1")
    return make_response(url, head.status, _headers(head), body, protocol=version)


def _headers(head: Head) -> Headers:
    headers = Headers()
    length = None if head.chunked else _length(head)
    if length is not None:
        headers["Content-Length"] = str(length)
    for name, value in head.headers:
        if name.lower() not in _OF_THE_CONNECTION:
            headers.appendlist(name, value)
    return headers


def _length(head: Head) -> int | None:
    stated = head.get("Content-Length") or ""
    return int(stated) if stated.isascii() and stated.isdecimal() else None


def _recording(capture: Capture) -> Recording:
    """The capture as a recording of which nothing more is to come."""
    settled: Future[Settled] = Future()
    settled.set_result(Settled(capture, "pending" if capture.wants_text else "no-page"))
    continued: Future[str | None] = Future()
    continued.set_result(None)
    return Recording(capture, settled, continued, lambda: None)
