"""The list of pages of a WACZ: what a reader of it sees first, and searches.

It has a line for each text at each address where it stood, dated by the first capture of it there: an article that was
captured a hundred times and never changed is one line, and one that was edited has a line a version, so that words
which were taken out later are still found. Fronts and section pages are no articles; they are in the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import orjson

from archive.capture import Capture, warc_date
from archive.catalogue.rows import TextRow
from archive.collection import Collection
from archive.errors import CollectionError
from archive.text.record import Json

PAGES = "pages/pages.jsonl"
HEADER: Json = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}


def page_lines(
    collection: Collection,
    versions: Iterator[tuple[Capture, TextRow]],
    on_damage: Callable[[CollectionError], None],
) -> Iterator[bytes]:
    """The lines of pages.jsonl, the header first. A page whose text can't be read has none, and is told of."""
    yield orjson.dumps(HEADER, option=orjson.OPT_APPEND_NEWLINE)
    for capture, row in versions:
        text: str | None = None
        try:
            content, record = collection.read_text(row)
        except CollectionError as error:
            on_damage(error)
        else:
            if _is_further_part(record, capture.url):
                continue
            text = content.partition("\n\n")[2].rstrip("\n")
        yield orjson.dumps(_page(capture, row, text), option=orjson.OPT_APPEND_NEWLINE)


def _page(capture: Capture, row: TextRow, text: str | None) -> Json:
    """One line: `text` is the standfirst and the paragraphs, `ts` the capture's WARC-Date (RFC 3339, UTC)."""
    page: Json = {
        "id": capture.record_id.removeprefix("<urn:uuid:").rstrip(">"),
        "url": capture.url,
        "ts": warc_date(capture.date),
        "title": row.headline,
    }
    return page if text is None else page | {"text": text}


def _is_further_part(record: Json, url: str) -> bool:
    """Whether the text began on another page: it stands in the list once, where its reader would begin."""
    return url in [part["url"] for part in record.get("parts", ())[1:]]
