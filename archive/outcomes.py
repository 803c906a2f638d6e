"""What can become of a capture."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from archive.capture import Capture
from archive.catalogue.rows import State
from archive.errors import TearsheetError
from archive.extraction.article import Article, Kind, NoArticle, Outcome
from archive.text.record import Json


@dataclass(frozen=True, slots=True)
class Failure:
    """A capture whose extraction failed, and a sentence that says how."""

    reason: str


@dataclass(frozen=True, slots=True)
class AsBefore:
    """The outcome of a revisit: that of the capture it refers to."""

    refers_to: str | None


@dataclass(frozen=True, slots=True)
class NoPage:
    """The outcome of a capture that is no page: an error, a redirect, a picture."""


CaptureOutcome = Article | NoArticle | Failure | AsBefore | NoPage


@dataclass(frozen=True, slots=True)
class Settled:
    """A capture and what became of it, on the disk.

    record     the article's JSON with `body` and `text_file` (a path), where there is a text; None for the
               further pages of an article, which is told of once, with its first page
    note       why there is none, where there is none
    kind       what the page is, where it was extracted now and holds no article
    new_text   whether this capture is the first with this text
    """

    capture: Capture
    state: State
    record: Json | None = None
    note: str | None = None
    new_text: bool = False
    kind: Kind | None = None


def outcome_of(url: str, future: Future[Outcome]) -> Article | NoArticle | Failure:
    """What a finished extraction came to; an error of whatever kind becomes a Failure that names the page."""
    error = future.exception()
    if error is None:
        return future.result()
    return Failure(
        str(error) if isinstance(error, TearsheetError) else f"{url}: extraction failed: {error!r}"
    )
