"""An article as JSON: the file beside a text, and the rows that the command line prints."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from archive.capture import Capture, warc_date
from archive.extraction.article import Article, Part, Removed, Reservation, Source

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
    """The article's fields in the order of the documentation; dates in ISO 8601 as the page gave their offset.

    `versions`, the earlier texts of the same address, is for those to fill who know them.
    """
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
        "rights": [asdict(stated) for stated in article.rights],
        "frame": article.frame,
        "parts": [asdict(part) for part in article.parts],
        "continued_at": article.continued_at,
        "captures": captures,
        "versions": [],
        "extraction": extraction,
        "removed": [asdict(removed) for removed in article.removed],
    }


def article_of(record: Json, content: bytes) -> Article:
    """The article that a text file's bytes and the JSON beside it hold."""
    source = record["source"]
    return Article(
        url=record["url"],
        headline=record["headline"],
        paragraphs=tuple(paragraphs_of(record, content)),
        standfirst=record["standfirst"],
        canonical_url=record["canonical_url"],
        outlet=record["outlet"],
        kind=record["kind"],
        authors=tuple(record["authors"]),
        date_published=_moment(record["date_published"]),
        date_modified=_moment(record["date_modified"]),
        language=record["language"],
        section=record["section"],
        tags=tuple(record["tags"]),
        description=record["description"],
        image=record["image"],
        source=Source(**source) if source else None,
        removed=tuple(Removed(**removed) for removed in record["removed"]),
        rights=tuple(Reservation(**stated) for stated in record.get("rights", ())),
        frame=record.get("frame"),
        continued_at=record.get("continued_at"),
        parts=tuple(Part(**part) for part in record.get("parts", ())),
    )


def paragraphs_of(record: Json, content: bytes) -> list[str]:
    """The paragraphs of a text file alone: without the headline and the standfirst that its JSON names."""
    return blocks_of(content.decode())[2 if record["standfirst"] else 1 :]


def blocks_of(text: str) -> list[str]:
    """What a text file holds: the headline, the standfirst if there is one, and the paragraphs."""
    return text.rstrip("\n").split("\n\n")


def _moment(written: str | None) -> date | None:
    """The inverse of `iso`."""
    if written is None:
        return None
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def iso(moment: date | None) -> str | None:
    """A date or aware datetime in ISO 8601."""
    return moment.isoformat() if moment else None
