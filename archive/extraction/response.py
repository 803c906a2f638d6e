"""From a response as it went over the wire to the page that is extracted: live pages and replayed ones come by here."""

from __future__ import annotations

from datetime import datetime

from archive.errors import DecodeError, MessageError
from archive.extraction.article import Page
from archive.extraction.rights import reservation
from archive.warc.coding import entity


def page_of_response(url: str, response: bytes, captured: datetime | None = None) -> Page:
    """The page in one raw HTTP response, transfer and content codings undone.

    Raises MessageError where it is no HTTP response, DecodeError where a coding is broken or its content grows past its
    bound; each with the URL at its head.
    """
    try:
        head, body = entity(response)
    except (MessageError, DecodeError) as error:
        raise type(error)(f"{url}: {error}") from error
    return Page(url, body, head.get("Content-Type"), captured, reservation("header", head.get))
