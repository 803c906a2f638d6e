"""Collections whose texts are written for a test of search."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from archive.collection_writer import CollectionWriter
from archive.extraction.article import Article
from tests.archive.sample_collections import exchange, record, url


def story(name: str, headline: str, *paragraphs: str, **fields: Any) -> Article:
    """An article at the address of that name, of the first of March where `fields` say no other day."""
    fields = {"date_published": date(2026, 3, 1)} | fields
    return Article(url=url(name), headline=headline, paragraphs=paragraphs or ("Nothing more.",), **fields)


def store(collections: Path, *articles: Article, name: str = "news", first: int = 0) -> None:
    """Add a capture for each article, one a second after the other, with a page that is not like any before."""
    with CollectionWriter(collections, name) as writer:
        for second, article in enumerate(articles, first):
            page = article.url.rpartition("/")[2]
            capture = record(writer, exchange(page, second, body=f"<p>{second} {article.headline}".encode()))
            writer.expect(capture)
            writer.settle(capture.number, article)
        writer.commit()
