"""What was seen of a source when it was fetched: how much it lists, how new that is, and whether it works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from archive.errors import TearsheetError
from crawler.discovery.urls import identity

if TYPE_CHECKING:  # the log of runs reads what was seen without all that it takes to look
    from crawler.discovery.sources import Listing
    from crawler.outlets.model import SourceKind
    from crawler.state.known import KnownSource

STALE = timedelta(days=7)
"""Age of the newest entry from which a source counts as stale: weekly papers still pass."""

Verdict = Literal[
    "ok", "stale", "moved", "empty", "not found", "blocked", "not parseable", "failed",
    "comments", "another site", "duplicate",
]  # fmt: skip
"""`ok` to `failed` say how a source is; those after it why a working one is of no use to an outlet."""
WORKING = frozenset[Verdict](["ok", "stale", "moved"])
_GONE = frozenset([404, 410])
_REFUSED = frozenset([401, 402, 403, 407, 429, 451])
PERMANENT = frozenset([301, 308])
"""Redirects that say to ask at the new address from now on (RFC 9110, 15.4.2 and 15.4.9)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer to the request for a source.

    url          where it came from, after redirects
    body         without content coding
    redirects    the status of each redirect on the way
    """

    url: str
    status: int
    body: bytes
    content_type: str | None = None
    redirects: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """One source as it was seen.

    outlet    the outlet's name
    status    HTTP status, or None where no answer came
    entries   articles listed
    sitemaps  further sitemaps listed
    newest    the newest date listed; aware
    moved_to  where permanent redirects led, if that is another address
    changed   when a crawl last found that it lists other articles than before; aware, None where nobody knows
    reason    a sentence, where the verdict needs one
    """

    outlet: str
    kind: SourceKind
    url: str
    verdict: Verdict
    status: int | None = None
    entries: int = 0
    sitemaps: int = 0
    newest: datetime | None = None
    moved_to: str | None = None
    changed: datetime | None = None
    reason: str = ""

    @property
    def works(self) -> bool:
        return self.verdict in WORKING

    @property
    def address(self) -> str:
        """Where the source is from now on."""
        return self.moved_to or self.url


def source_row(seen: SourceSeen) -> dict[str, Any]:
    """A source as a JSON row."""
    return {
        "outlet": seen.outlet,
        "kind": seen.kind,
        "url": seen.url,
        "verdict": seen.verdict,
        "status": seen.status,
        "entries": seen.entries,
        "sitemaps": seen.sitemaps,
        "newest": seen.newest.astimezone(UTC).isoformat() if seen.newest else None,
        "moved_to": seen.moved_to,
        "reason": seen.reason or None,
    }


def unanswered(outlet: str, kind: SourceKind, url: str, reason: str, *, refused: bool) -> SourceSeen:
    """A source that could not be fetched; `refused` where robots.txt or the address rule forbade it."""
    return SourceSeen(outlet, kind, url, "blocked" if refused else "failed", reason=reason)


def answered(
    outlet: str, kind: SourceKind, url: str, answer: Answer, listing: Listing | TearsheetError, now: datetime
) -> SourceSeen:
    """A source that a server answered for, with what its body lists or why that can't be read.

    Of an answer other than 200 the listing is left aside.
    """
    moved_to = _moved(url, answer)
    if answer.status != 200:
        verdict, reason = _refusal(answer.status)
        return SourceSeen(outlet, kind, url, verdict, answer.status, moved_to=moved_to, reason=reason)
    if isinstance(listing, TearsheetError):
        reason = str(listing)
        return SourceSeen(outlet, kind, url, "not parseable", answer.status, moved_to=moved_to, reason=reason)
    newest = listing.newest(now)
    verdict, reason = _condition(len(listing), newest, now, moved_to)
    return SourceSeen(
        outlet=outlet,
        kind=kind,
        url=url,
        verdict=verdict,
        status=answer.status,
        entries=len(listing.entries),
        sitemaps=len(listing.indexes),
        newest=newest,
        moved_to=moved_to,
        reason=reason,
    )


def unchanged(
    outlet: str, kind: SourceKind, url: str, answer: Answer, known: KnownSource, now: datetime
) -> SourceSeen:
    """A source whose server says that it is as it was (304), with what it listed then: it ages all the same."""
    moved_to = _moved(url, answer)
    # An index lists sitemaps, of which nobody remembers how many.
    verdict, reason = _condition(known.entries or kind.endswith("sitemap"), known.newest, now, moved_to)
    return SourceSeen(
        outlet=outlet,
        kind=kind,
        url=url,
        verdict=verdict,
        status=answer.status,
        entries=known.entries,
        newest=known.newest,
        moved_to=moved_to,
        changed=known.changed,
        reason=reason,
    )


def _refusal(status: int) -> tuple[Verdict, str]:
    if status in _GONE:
        return "not found", f"HTTP {status}; correct its address or remove it"
    if status in _REFUSED:
        return "blocked", f"HTTP {status}; the server does not give it to this crawler"
    return "failed", f"HTTP {status}; try again later"


def _condition(
    listed: int, newest: datetime | None, now: datetime, moved_to: str | None
) -> tuple[Verdict, str]:
    if not listed:
        return "empty", "it lists nothing"
    if newest is not None and now - newest > STALE:
        return "stale", f"the newest entry is of {newest.astimezone(UTC):%Y-%m-%d}"
    if moved_to is not None:
        return "moved", f"it has moved to {moved_to}; write that address"
    return "ok", ""


def _moved(url: str, answer: Answer) -> str | None:
    permanent = bool(answer.redirects) and all(status in PERMANENT for status in answer.redirects)
    return answer.url if permanent and identity(answer.url) != identity(url) else None
