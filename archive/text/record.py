"""An article as JSON: the file beside a text, and the rows that the command line prints."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from archive.capture import Capture, warc_date
from archive.extraction.article import Article

Json = dict[str, Any]


def capture_json(capture: Capture) -> Json:
    """How a text's JSON names a capture."""
    return {
        "warc": capture.warc,
        "offset": capture.offset,
        "length": capture.length,
        "record_id": capture.record_id,
        "date": warc_date(capture.date),
        "block_digest": capture.block_digest,
    }


def article_json(article: Article, captures: list[Json], extraction: Json) -> Json:
    """The article's fields in the order of the documentation; dates in ISO 8601 as the page gave their offset."""
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "outlet": article.outlet,
        "kind": article.kind,
        "headline": article.headline,
        "standfirst": article.standfirst,
        "authors": list(article.authors),
        "date_published": iso(article.date_published),
        "date_modified": iso(article.date_modified),
        "language": article.language,
        "section": article.section,
        "tags": list(article.tags),
        "description": article.description,
        "image": article.image,
        "source": asdict(article.source) if article.source else None,
        "captures": captures,
        "extraction": extraction,
        "removed": [asdict(removed) for removed in article.removed],
    }


def iso(moment: date | None) -> str | None:
    """A date or aware datetime in ISO 8601."""
    return moment.isoformat() if moment else None
