from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from archive.capture import Capture
from archive.extraction.article import Part, Removed, Reservation, Source
from archive.extraction.document import text_file_bytes
from archive.text.record import article_json, article_of, capture_json
from tests.archive.sample_collections import START, article

CAPTURE = Capture(
    1, "http://a.example/", START, "<urn:uuid:1>", "response", "a.warc.gz", 5, 9, "sha256:E", "sha256:B"
)


def test_the_json_has_the_documented_fields_in_their_order() -> None:
    rich = replace(
        article("a"),
        authors=("A. Writer",),
        source=Source("CNN", "http://cnn.example/", "Source link"),
        removed=(Removed("related.marker", "Read also\nOther", "Read also"),),
        date_published=datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=3))),
        date_modified=date(2026, 3, 2),
        rights=(Reservation("header", True, "http://news.example/terms.json"),),
        frame="http://frames.example/a",
        parts=(Part("http://news.example/a", 2, 1),),
        continued_at="http://news.example/a?page=2",
    )
    stored = article_json(rich, [capture_json(CAPTURE)], {"versions": {}})
    assert list(stored.items()) == [
        ("url", "http://news.example/a"),
        ("canonical_url", None),
        ("outlet", None),
        ("kind", "article"),
        ("headline", "Headline of a"),
        ("standfirst", "A standfirst."),
        ("authors", ["A. Writer"]),
        ("date_published", "2026-03-01T09:30:00+03:00"),
        ("date_modified", "2026-03-02"),
        ("language", None),
        ("section", None),
        ("tags", ["one", "two"]),
        ("description", None),
        ("image", None),
        ("source", {"name": "CNN", "url": "http://cnn.example/", "wording": "Source link"}),
        (
            "rights",
            [
                {
                    "where": "header",
                    "tdm_reservation": True,
                    "tdm_policy": "http://news.example/terms.json",
                }
            ],
        ),
        ("frame", "http://frames.example/a"),
        ("parts", [{"url": "http://news.example/a", "paragraphs": 2, "removed": 1}]),
        ("continued_at", "http://news.example/a?page=2"),
        (
            "captures",
            [
                {
                    "warc": "a.warc.gz",
                    "offset": 5,
                    "length": 9,
                    "record_id": "<urn:uuid:1>",
                    "date": "2026-03-01T12:00:00.250000Z",
                    "block_digest": "sha256:B",
                }
            ],
        ),
        ("versions", []),
        ("extraction", {"versions": {}}),
        ("removed", [{"rule": "related.marker", "text": "Read also\nOther", "heading": "Read also"}]),
    ]
    assert article_of(stored, text_file_bytes(rich)) == rich
