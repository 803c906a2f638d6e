"""Rows as they are exported."""

from __future__ import annotations

from typing import Any

ARTICLE: dict[str, Any] = {
    "url": "http://news.example/a",
    "canonical_url": None,
    "outlet": "The Daily",
    "kind": "article",
    "headline": 'She said "no", twice',
    "standfirst": None,
    "authors": ["Ada One", "Bo Two"],
    "date_published": "2026-03-01T09:30:00+03:00",
    "date_modified": None,
    "language": "en",
    "section": None,
    "tags": [],
    "description": None,
    "image": None,
    "source": {"name": "Agency", "url": None, "wording": "Source: Agency"},
    "parts": [],
    "continued_at": None,
    "captures": [
        {
            "warc": "a.warc.gz",
            "offset": 7 << 32,
            "length": 9,
            "record_id": "<urn:uuid:1>",
            "date": "2026-03-01T12:00:00.250000Z",
            "block_digest": None,
        }
    ],
    "versions": [],
    "extraction": {"versions": {"tearsheet": "0.1.0"}},
    "removed": [{"rule": "related.marker", "heading": None, "text": "Read also"}],
    "words": 4,
    "body": "One line,\n\nand سطر.",
    "text_file": "000_312ac729c335d70b.txt",
}
