"""Collections with all that a rebuild has to get right, and what they hold, byte for byte."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from archive.collection_writer import CollectionWriter
from archive.exchange import Exchange
from archive.extraction.workers.pool import ExtractionPool
from archive.places import Places
from archive.repair.deeds import Deed
from archive.repair.repair import repair
from archive.replay import Replay
from archive.spool import Spool
from archive.warc.writer import Rotation
from tests.archive.sample_collections import START, raw_response, record, url
from tests.archive.test_replay import page_exchange, story

SMALL_FILES = Rotation(size=4_000)


def crawled(
    collections: Path,
    pool: ExtractionPool,
    exchanges: Iterable[Exchange],
    *,
    rotation: Rotation = SMALL_FILES,
) -> None:
    """One session of a crawl into the collection `news`."""
    with CollectionWriter(collections, "news", rotation=rotation) as writer:
        for exchange in exchanges:
            record(writer, exchange)
        writer.commit()
        for _ in Replay(writer, pool).run(()):
            pass


def answered(name: str, seconds: float, body: bytes, status: str = "200 OK") -> Exchange:
    return Exchange(
        url=url(name),
        request=f"GET /{name} HTTP/1.1\r\nHost: news.example\r\n\r\n".encode(),
        response=Spool(raw_response(body, status=status)),
        started=START + timedelta(seconds=seconds),
    )


def page_of_two(name: str, number: int) -> bytes:
    """A page of an article that goes on at NAME-2."""
    onward = (
        f"<link rel='next' href='{url(name)}-2'>" if number == 1 else f"<link rel='prev' href='{url(name)}'>"
    )
    body = story(f"{name}{number}").decode().replace(f"The bridge of {name}{number}", f"The bridge of {name}")
    return body.replace("</head>", f"{onward}</head>").encode()


def edited(name: str) -> bytes:
    return story(name).replace(b"The bridge of", b"The new bridge of")


def history(collections: Path, pool: ExtractionPool) -> None:
    """Sessions with texts in several files, an edit and its withdrawal, revisits, a front without an article, a
    missing page and an article on two pages."""
    first = [page_exchange(name, second) for second, name in enumerate("abc")]
    crawled(
        collections, pool, [*first, answered("gone", 4, b"<p>no</p>", "404 Not Found"), page_exchange("a", 5)]
    )
    crawled(
        collections,
        pool,
        [
            answered("b", 60, edited("b")),
            answered("long", 61, page_of_two("long", 1)),
            page_exchange("d", 62),
            answered("long-2", 63, page_of_two("long", 2)),
            answered("front", 64, b"<html><body><a href='/a'>a</a></body></html>"),
        ],
    )
    crawled(collections, pool, [page_exchange("b", 120), page_exchange("c", 121), page_exchange("e", 122)])


def files(news: Path, *, without: str = "") -> dict[str, bytes]:
    """Everything in a collection but the lock and the catalogue, whose rows are compared by `rows`."""
    return {
        str(path.relative_to(news)): path.read_bytes()
        for path in sorted(news.rglob("*"))
        if path.is_file()
        and not path.name.startswith((".lock", "catalogue.sqlite"))
        and not (without and path.is_relative_to(news / without))
    }


def rows(news: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the catalogue says of captures and texts."""
    connection = sqlite3.connect(news / "catalogue.sqlite")
    try:
        return {
            table: list(connection.execute(f"SELECT * FROM {table} ORDER BY number"))
            for table in ("captures", "texts")
        }
    finally:
        connection.close()


def repaired(news: Path, pool: ExtractionPool) -> list[Deed]:
    return list(repair(Places(news), lambda: pool))


def differing(one: Path, other: Path) -> dict[str, object]:
    """What two collections have that differs: file names, and rows of the catalogue."""
    mine, theirs = files(one), files(other)
    names = sorted(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name))
    found: dict[str, object] = {"files": names} if names else {}
    for table, lines in rows(one).items():
        if unequal := set(lines) ^ set(rows(other)[table]):
            found[table] = sorted(unequal, key=str)
    return found
