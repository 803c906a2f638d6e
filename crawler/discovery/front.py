"""Front pages: who publishes there, which feeds they point at, and the sections of their navigation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from archive.extraction.article import Page
from archive.extraction.parsing.decode import decode
from archive.extraction.parsing.tree import parse
from crawler.discovery.judgement import is_list_of_something_else, looks_like_article
from crawler.discovery.scope import is_page
from crawler.discovery.sections import MAX_LINKS
from crawler.discovery.titles import title_text
from crawler.discovery.urls import absolute, identity, same_site
from crawler.outlets.codes import language_code

MAX_FEEDS = 10
"""Feeds taken of one page: the main one stands first, then some sections; a list of all is hundreds."""
MAX_SECTIONS = 12
"""Sections taken of a navigation."""

FEED_PATHS = ("feed/", "rss.xml", "rss", "feed.xml", "atom.xml", "index.xml", "rss/all.xml")
"""Where publishing systems put a feed, the commonest first."""
NEWS_SITEMAP_PATHS = ("news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml", "sitemaps/news.xml")
SITEMAP_PATHS = ("sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml")
"""Where sitemaps are, besides those that robots.txt names."""

_FEED_TYPES = frozenset(
    ["application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"]
)
_FEED_ADDRESS = re.compile(
    r"(^|[/.])(rss|atom|feeds?)(\.(xml|aspx|php|rdf))?/?$|\.(rss|atom|rdf)$", re.IGNORECASE
)
_NAVIGATION = frozenset(["navigation", "menubar", "menu"])


@dataclass(frozen=True, slots=True)
class Front:
    """A front page as read. Addresses are absolute, in page order, once each.

    title     the outlet's name, or None
    language  ISO 639-1
    feeds     by alternate links, then by anchors whose address is a feed's
    sections  same-site pages of the navigation
    """

    title: str | None = None
    language: str | None = None
    feeds: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


def read_front(body: bytes, url: str) -> Front:
    """What a front page says about its outlet. Raises DecodeError or ExtractionError if it can't be read."""
    root = parse(decode(Page(url, body)), url)
    if root is None:
        return Front()
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    base = (absolute(url, base) if base else None) or url
    feeds = (*_alternates(root, base), *_feed_anchors(root, base, url))
    return Front(
        title=_title(root),
        language=language_code(root.get("lang")) or language_code(_meta(root, "og:locale")),
        feeds=_first(feeds, MAX_FEEDS),
        sections=_first(_sections(root, base, url), MAX_SECTIONS),
    )


def beside(url: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses of `paths` in the folder of a front page: `/ar` and `/ar/` are one, `/ar/index.html` is in it."""
    folder, _, last = url.partition("?")[0].rpartition("/")
    if last and "." not in last:
        folder = f"{folder}/{last}"
    return tuple(f"{folder}/{path}" for path in paths)


def _alternates(root: HtmlElement, base: str) -> Iterator[str]:
    """HTML, 4.6.7.1: links of type alternate with a feed's media type."""
    for link in islice(root.iter("link"), MAX_LINKS):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in relations and kind in _FEED_TYPES:
            address = absolute(base, link.get("href") or "")
            if address is not None:
                yield address


def _feed_anchors(root: HtmlElement, base: str, url: str) -> Iterator[str]:
    for anchor in islice(root.iter("a"), MAX_LINKS):
        address = absolute(base, anchor.get("href") or "")
        if address and same_site(address, url) and _FEED_ADDRESS.search(urlsplit(address).path):
            yield address


def _sections(root: HtmlElement, base: str, url: str) -> Iterator[str]:
    own = identity(url)
    for anchor in islice(root.iter("a"), MAX_LINKS):
        address = absolute(base, anchor.get("href") or "") if _in_navigation(anchor) else None
        text = None if address is None else title_text(" ".join(anchor.itertext()))
        if address is None or text is None:
            continue
        segments = [segment for segment in unquote(urlsplit(address).path).split("/") if segment]
        if (
            1 <= len(segments) <= 2
            and same_site(address, url)
            and identity(address) != own
            and is_page(address)
            and not is_list_of_something_else(address)
            and not looks_like_article(address, text)
        ):
            yield address


def _in_navigation(anchor: HtmlElement) -> bool:
    """Within nav or header (HTML, 4.3), or what ARIA calls so."""
    return any(
        element.tag in ("nav", "header") or (element.get("role") or "").lower() in _NAVIGATION
        for element in anchor.iterancestors()
    )


def _title(root: HtmlElement) -> str | None:
    """What the page calls its site; else the first or last part of its title, whichever is shorter."""
    for name in ("og:site_name", "application-name"):
        if told := title_text(_meta(root, name)):
            return told
    whole = title_text(next((element.text for element in root.iter("title")), None))
    if whole is None:
        return None
    parts = [part for part in re.split(r"\s+[-–—|:·»]\s+|\s*[|»]\s*|:\s+", whole) if part]
    return min((parts[0], parts[-1]), key=len) if parts else whole


def _meta(root: HtmlElement, name: str) -> str | None:
    for element in root.iter("meta"):
        if (element.get("property") or element.get("name") or "").lower() == name:
            return str(element.get("content") or "")
    return None


def _first(addresses: tuple[str, ...] | Iterator[str], most: int) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for address in addresses:
        seen.setdefault(identity(address), address)
        if len(seen) == most:
            break
    return tuple(seen.values())
