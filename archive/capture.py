"""A capture: one response, the finding that it is the same as before, or what a browser made of a page, at its place
in a WARC file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

RecordType = Literal["response", "revisit", "resource"]
Rendering = Literal["dom", "part"]
"""What a capture has to do with a page that a browser rendered.

dom   it holds the page's markup as the browser left it: the page's text is this one's
part  the browser fetched it for the page, which it is the document of, a frame, a script: it has no text of its own
"""

DOM_URN = "urn:dom:"
"""What goes before a page's URL in the URI of the record that holds its DOM; see archive/warc/renderings.py."""

PAGE_LIMIT = 64 << 20
"""Bytes of a response that text is extracted from: twice what a crawl takes of a page."""
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class Capture:
    """What the catalogue, the CDXJ and the text files know of a stored response.

    number         place in the order in which the collection's captures were written, from 1; 0 before it has one
    url            absolute URL that was asked for; of a DOM that of its page
    date           WARC-Date; aware, UTC, microseconds
    method         request method, GET where no request is known
    status         HTTP status code, or None where the head could not be read
    mime           media type of the Content-Type header, lower case, without parameters
    warc           name of the WARC file, without folder
    offset         where the record begins in the file as stored, in bytes
    length         bytes that it takes there
    block_digest   labelled digest of the record's block, or None where the writer gave none
    entity_digest  labelled digest of the payload with the transfer coding undone (ISO 28500:2017, 5.9)
    truncated      the reason of WARC-Truncated, or None
    refers_to      record id of the capture that a revisit found unchanged, or None
    rendering      what it is to a rendered page, or None where it was fetched for itself
    """

    number: int
    url: str
    date: datetime
    record_id: str
    record_type: RecordType
    warc: str
    offset: int
    length: int
    entity_digest: str
    block_digest: str | None = None
    method: str = "GET"
    status: int | None = None
    mime: str | None = None
    peer: str | None = None
    truncated: str | None = None
    refers_to: str | None = None
    rendering: Rendering | None = None

    @property
    def target_uri(self) -> str:
        """The URI under which its record is known (ISO 28500:2017, 5.6)."""
        return DOM_URN + self.url if self.rendering == "dom" else self.url

    @property
    def is_page(self) -> bool:
        """Whether text is to be extracted from it: the same rule for live pages and for replayed ones."""
        return (
            self.method == "GET"
            and self.rendering != "part"
            and self.status is not None
            and 200 <= self.status < 300
            and self.mime in PAGE_TYPES
            and self.truncated is None
            and not self.url.partition("?")[0].endswith("/robots.txt")
        )

    @property
    def wants_text(self) -> bool:
        """Whether it has an outcome to wait for: a page has its own, a revisit that of what it refers to."""
        return self.is_page or (self.record_type == "revisit" and self.rendering != "part")


def warc_date(moment: datetime) -> str:
    """A WARC-Date with microseconds (ISO 28500:2017, 5.4)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def media_type(content_type: str | None) -> str | None:
    """The media type of a Content-Type value, lower case, without parameters."""
    return content_type.partition(";")[0].strip().lower() or None if content_type else None
