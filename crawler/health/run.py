"""What is counted of one crawl of one outlet, and what is said of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from crawler.outlets.seen import SourceSeen

Severity = Literal["fine", "degraded", "broken"]
"""`broken`: what the outlet publishes does not come in; `degraded`: a part of it, or of each article, does not."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that is said of an outlet's health; `reason` is a plain sentence with its figures."""

    name: str
    severity: Severity
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of one outlet, as a funnel from what is listed to what is whole. Times are aware.

    What is asked for was listed now or in an earlier run, so an outlet whose lists are unchanged has listed nothing
    and may have fetched much.

    outlet         the outlet's name
    collection     the collection that was added to
    finished       None while it is under way, and for ever where it was killed
    listed         distinct articles that the sources named in this run
    new            of them, those that no run knew before
    asked          articles asked for, new ones and those due for a look at edits or a further try
    fetched        articles answered with a page or with 304
    unchanged      of them, those that are as they were (a revisit, whether by 304 or by the same bytes)
    rendered       pages that a browser rendered; no longer known of old runs, and 0 there
    read           pages from which text was extracted in this run, so none of the unchanged
    texts          articles with text, unchanged ones too
    texts_read     of them, those read in this run
    new_texts      of them, those whose text no capture had before
    complete       texts with a headline, a date of publication and a body of some length, unchanged ones too
    failed         articles that could not be fetched
    sources        what was seen of each source; status 304: as it was
    statuses       why articles failed: an HTTP status, or a word such as `timeout` -> articles
    kinds          what pages without text are (`archive.extraction.article.Kind`) -> pages, of those read
    missing        `headline`, `date`, `authors` -> texts without, of those read
    moved          host outside of the outlet's -> articles that permanent redirects led there
    median_length  characters of the body, of the texts read; None where there is none
    verdicts       what is said of it, the worst first; empty until it is judged
    since          when the first of the runs in a row began whose worst verdict is this one's
    retry_after    before when a server wants no further request (RFC 9110, 10.2.3); None where none said so
    """

    outlet: str
    collection: str
    started: datetime
    finished: datetime | None = None
    listed: int = 0
    new: int = 0
    asked: int = 0
    fetched: int = 0
    unchanged: int = 0
    rendered: int = 0
    read: int = 0
    texts: int = 0
    texts_read: int = 0
    new_texts: int = 0
    complete: int = 0
    failed: int = 0
    sources: tuple[SourceSeen, ...] = ()
    statuses: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    median_length: int | None = None
    verdicts: tuple[Verdict, ...] = ()
    since: datetime | None = None
    retry_after: datetime | None = None

    @property
    def seconds(self) -> float | None:
        """How long it took; None where it has no end."""
        return None if self.finished is None else (self.finished - self.started).total_seconds()

    @property
    def verdict(self) -> str | None:
        """The name of the worst verdict; None until it is judged."""
        return self.verdicts[0].name if self.verdicts else None

    @property
    def severity(self) -> Severity | None:
        return self.verdicts[0].severity if self.verdicts else None

    @property
    def reason(self) -> str:
        """What is said of it, the worst first."""
        return "; ".join(verdict.reason for verdict in self.verdicts)
