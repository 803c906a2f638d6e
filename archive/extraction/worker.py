"""What an extraction worker does with one task. Loading this module loads the whole extractor."""

from __future__ import annotations

from archive.extraction.article import Outcome, Page, Rules
from archive.extraction.choice import load_stoplists
from archive.extraction.extract import extract
from archive.warc.coding import entity

# Read from disk on first use otherwise, once in every worker instead of once before they are forked.
load_stoplists()


def extract_response(url: str, response: bytes, rules: Rules) -> Outcome:
    """The outcome of one raw HTTP response.

    Raises MessageError, DecodeError or ExtractionError.
    """
    head, body = entity(response)
    return extract_entity(url, body, head.get("Content-Type"), rules)


def extract_entity(url: str, body: bytes, content_type: str | None, rules: Rules) -> Outcome:
    """The outcome of a page whose codings are undone. Raises DecodeError or ExtractionError."""
    return extract(Page(url, body, content_type), rules)
