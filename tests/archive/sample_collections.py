"""Collections made by hand: exchanges of pages, and articles as extraction would give them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.capture import Capture
from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.exchange import Exchange
from archive.extraction.article import Article
from archive.outcomes import Settled
from archive.spool import Spool
from archive.verification.collections import verify_collection
from archive.verification.findings import Tally
from archive.warc.writer import Rotation

START = datetime(2026, 3, 1, 12, 0, 0, 250_000, UTC)
SMALL_FILES = Rotation(size=2_000)


def url(name: str) -> str:
    return f"http://news.example/{name}"


def html(name: str) -> bytes:
    return f"<html><body><h1>{name}</h1><p>The story of {name}, told once.</p></body></html>".encode()


def raw_response(body: bytes, *, status: str = "200 OK", content_type: str = "text/html") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


def exchange(name: str, seconds: float = 0, *, body: bytes | None = None, status: str = "200 OK") -> Exchange:
    """A GET of `name`, begun `seconds` after the start of time."""
    return Exchange(
        url=url(name),
        request=f"GET /{name} HTTP/1.1\r\nHost: news.example\r\n\r\n".encode(),
        response=Spool(raw_response(html(name) if body is None else body, status=status)),
        started=START + timedelta(seconds=seconds),
        peer="192.0.2.7",
    )


def article(name: str, *, outlet: str | None = None) -> Article:
    return Article(
        url=url(name),
        headline=f"Headline of {name}",
        paragraphs=(f"First paragraph of {name}.", "Second paragraph."),
        standfirst="A standfirst.",
        outlet=outlet,
        date_published=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        tags=("one", "two"),
    )


def record(writer: CollectionWriter, sent: Exchange) -> Capture:
    with sent.response:
        return writer.record(sent)


def fetch(writer: CollectionWriter, name: str, seconds: float = 0, *, story: str | None = None) -> Capture:
    """Record a page and settle it at once with the article `story`, that of its own name for None."""
    capture = record(writer, exchange(name, seconds))
    writer.expect(capture)
    if capture.record_type != "revisit":
        writer.settle(capture.number, article(story or name))
    return capture


def make(collections: Path, names: str = "abc", *, rotation: Rotation | None = None) -> list[Settled]:
    """The collection `news` with a page and a text for each letter."""
    with CollectionWriter(collections, "news", rotation=rotation or Rotation()) as writer:
        for second, name in enumerate(names):
            fetch(writer, name, second)
        return writer.commit()


def findings(collections: Path, name: str = "news") -> list[str]:
    """What verification says of a collection, with paths relative to its folder."""
    with Collection(collections, name) as collection:
        said = [str(finding) for finding in verify_collection(collection, Tally())]
        return [line.replace(f"{collection.places.root}/", "") for line in said]


def text_files(collections: Path, name: str = "news") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((collections / name / "text").iterdir())}


@contextmanager
def reading(collections: Path, name: str = "news") -> Iterator[Collection]:
    with Collection(collections, name) as collection:
        yield collection
