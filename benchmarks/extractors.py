"""The two that are compared: a page to an answer."""

from __future__ import annotations

from trafilatura import bare_extraction
from trafilatura.settings import Document

from archive.errors import TearsheetError
from archive.extraction.article import Article, Page
from archive.extraction.extract import extract
from benchmarks.scoring import Answer


def ours(page: Page, whole: bool) -> Answer:
    """This package's answer, `whole` with the standfirst; an empty one where it sees no article or gives up."""
    try:
        found = extract(page)
    except TearsheetError:
        return Answer()
    if not isinstance(found, Article):
        return Answer()
    lead = f"{found.standfirst}\n\n" if whole and found.standfirst else ""
    return Answer(lead + found.body, found.headline, found.authors, str(found.date_published or ""))


def theirs(page: Page, whole: bool) -> Answer:
    """Trafilatura's as it comes, which knows of no standfirst."""
    found = bare_extraction(page.body, url=page.url, with_metadata=True)
    if not isinstance(found, Document):
        return Answer()
    authors = tuple(name.strip() for name in (found.author or "").split(";"))
    return Answer(found.text or "", found.title or "", authors, found.date or "")
