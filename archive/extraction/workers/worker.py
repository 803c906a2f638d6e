"""What an extraction worker does with one task. Loading this module loads the whole extractor."""

from __future__ import annotations

import gc
from datetime import datetime

from archive.extraction.article import Outcome, Page, Rules
from archive.extraction.explanation.explained import Explanation
from archive.extraction.extract import explain, extract
from archive.extraction.main_text.choice import load_stoplists
from archive.extraction.response import page_of_response

# Read from disk on first use otherwise, once in every worker instead of once before they are forked.
load_stoplists()
# What was loaded stays: the collector need not look through all of it again and again, nor write into the memory that
# the workers share as long as nobody does.
gc.collect()
gc.freeze()


def extract_response(url: str, response: bytes, captured: datetime | None, rules: Rules) -> Outcome:
    """The outcome of one raw HTTP response.

    Raises MessageError, DecodeError or ExtractionError, each with the URL at its head.
    """
    return extract(page_of_response(url, response, captured), rules)


def extract_page(page: Page, rules: Rules) -> Outcome:
    """The outcome of a page whose codings are undone. Raises DecodeError or ExtractionError."""
    return extract(page, rules)


def explain_response(url: str, response: bytes, captured: datetime | None, rules: Rules) -> Explanation:
    """`extract_response`, with each line of the page."""
    return explain(page_of_response(url, response, captured), rules)


def explain_page(page: Page, rules: Rules) -> Explanation:
    """`extract_page`, with each line of the page."""
    return explain(page, rules)
