"""Indexes with captures of many addresses, in the CDXJ and not there yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from archive.access.index import Index
from archive.access.query import parse_query
from archive.capture import Capture
from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.exchange import Exchange
from archive.spool import Spool
from tests.archive.sample_collections import START, raw_response

SITE = "http://news.example"


def capture(
    writer: CollectionWriter, url: str, seconds: float, body: bytes = b"<p>text</p>", **answer: str
) -> Capture:
    """Record an answer to a GET of `url`, that long after the start of time."""
    request = f"GET {url} HTTP/1.1\r\n\r\n".encode()
    response = raw_response(body, **answer)
    with Spool(response) as sent:
        return writer.record(Exchange(url, request, sent, START + timedelta(seconds=seconds), "192.0.2.7"))


def fill(writer: CollectionWriter) -> None:
    """Five addresses of three hosts, one of them captured at four times, the last of which is a revisit."""
    for second, body in ((0, b"one"), (60, b"two"), (3600, b"three"), (7200, b"three")):
        capture(writer, f"{SITE}/a", second, body)
    capture(writer, f"{SITE}/a/b?x=1", 1)
    capture(writer, f"{SITE}/b", 2, status="404 Not Found")
    capture(writer, "https://www.news.example/a", 30, b"other host, same key")
    capture(writer, "http://live.news.example/a", 3, content_type="image/png")
    capture(writer, "http://newspaper.example/", 4)


def indexed(collections: Path) -> Path:
    """The collection `news`, finished."""
    with CollectionWriter(collections, "news") as writer:
        fill(writer)
    return collections


@contextmanager
def open_index(collections: Path) -> Iterator[tuple[Collection, Index]]:
    with Collection(collections, "news") as collection:
        yield collection, Index(collection)


def ask(collections: Path, *parameters: tuple[str, str]) -> list[str]:
    with open_index(collections) as (_, index):
        return list(parse_query(parameters).answer(index))


def found(collections: Path, **parameters: str) -> list[tuple[str, str]]:
    """Seconds since the start of time and address, of each line."""
    asked = [*((name.rstrip("_"), value) for name, value in parameters.items()), ("output", "text")]
    lines = [line.split() for line in ask(collections, *asked, ("fl", "timestamp,url"))]
    return [(stamp[8:], url) for stamp, url in lines]
