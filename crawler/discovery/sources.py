"""Sources, the places where an outlet lists what it publishes: what one of them lists, whatever its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.discovery import feeds, sections, sitemaps
from crawler.discovery.feeds import parse_feed
from crawler.discovery.found import Found
from crawler.discovery.sections import parse_section
from crawler.discovery.sitemaps import ChildSitemap, parse_sitemap
from crawler.outlets.model import SourceKind

_AHEAD = timedelta(days=1)
"""What a listed date may lie ahead of now: outlets east of here, and clocks that are wrong."""
_COMMENTS = re.compile(r"/comments?(?=[/.]|$)|comments-rss2", re.IGNORECASE)
_TO_A_COMMENT = re.compile(rb"#(?:comment|c)-?\d")
_ENTRY = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?(?:item|entry)[\s>]")


@dataclass(frozen=True, slots=True)
class ListBounds:
    """How much of one list is read; the settings FEED_ENTRIES, SITEMAP_ENTRIES and SECTION_LINKS."""

    feed_entries: int = feeds.MAX_ENTRIES
    sitemap_entries: int = sitemaps.MAX_ENTRIES
    section_links: int = sections.MAX_LINKS


@dataclass(frozen=True, slots=True)
class Listing:
    """What one source lists.

    entries   articles, or what may be some
    indexes   further sitemaps
    title     the feed's
    next_url  where the list goes on with what is older
    cut       a sentence where not all of it was read
    language  ISO 639-1, as most of the entries have it
    """

    entries: tuple[Found, ...]
    indexes: tuple[ChildSitemap, ...] = ()
    title: str | None = None
    next_url: str | None = None
    cut: str | None = None

    def __len__(self) -> int:
        return len(self.entries) or len(self.indexes)

    @property
    def language(self) -> str | None:
        told = [entry.language for entry in self.entries if entry.language]
        return max(told, key=told.count, default=None)

    def newest(self, now: datetime) -> datetime | None:
        """The newest date listed, leaving aside those that lie ahead of `now`; None where there is none."""
        dates = [entry.date for entry in self.entries] + [child.date for child in self.indexes]
        return max((date for date in dates if date is not None and date <= now + _AHEAD), default=None)


def read_source(
    kind: SourceKind,
    body: bytes,
    url: str,
    content_type: str | None = None,
    patterns: Sequence[re.Pattern[str]] = (),
    bounds: ListBounds | None = None,
) -> Listing:
    """What a source lists, within the bounds; content codings must be undone, `patterns` are the outlet's for section
    pages.

    Raises DiscoveryError, DecodeError or ExtractionError if it can't be read as its kind.
    """
    bounds = bounds or ListBounds()
    if kind == "feed":
        feed = parse_feed(body, url, content_type, bounds.feed_entries)
        cut = _cut(feed.cut, bounds.feed_entries, "entries", "FEED_ENTRIES")
        return Listing(feed.entries, title=feed.title, next_url=feed.next_url, cut=cut)
    if kind == "section":
        section = parse_section(body, url, patterns, bounds.section_links)
        cut = _cut(section.cut, bounds.section_links, "links", "SECTION_LINKS")
        return Listing(section.entries, next_url=section.next_url, cut=cut)
    sitemap = parse_sitemap(body, url, bounds.sitemap_entries)
    cut = _cut(sitemap.cut, bounds.sitemap_entries, "addresses", "SITEMAP_ENTRIES")
    return Listing(sitemap.entries, sitemap.indexes, cut=cut)


def _cut(cut: bool, most: int, what: str, setting: str) -> str | None:
    return f"it is broken or has more than {most} {what} ({setting}); not all of it was read" if cut else None


def lists_comments(body: bytes, url: str) -> bool:
    """Whether a feed is of readers' comments: by its address, or since its entries link to comments on a page."""
    parts = urlsplit(url)
    if _COMMENTS.search(f"{parts.path}?{parts.query}"):
        return True
    entries = sum(1 for _ in _ENTRY.finditer(body))
    return entries > 0 and sum(1 for _ in _TO_A_COMMENT.finditer(body)) >= entries
