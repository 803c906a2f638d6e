"""Section pages: which of their links lead to articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from lxml.html import HtmlElement

from archive.extraction.article import Page
from archive.extraction.parsing.decode import decode
from archive.extraction.parsing.tree import parse
from crawler.discovery.found import Found
from crawler.discovery.judgement import date_in_path, looks_like_article
from crawler.discovery.scope import is_page
from crawler.discovery.titles import title_text
from crawler.discovery.urls import absolute, identity, path_and_query, same_site
from crawler.outlets.codes import language_code

MAX_LINKS = 5_000
"""Links of one page that are looked at. Front pages have 200 to 800; a page with more is an index of
everything.
"""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(slots=True)
class _Link:
    url: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """One section page as read.

    entries   the articles of the same site that it links to: in page order, once each by URL identity
    next_url  the page that follows, by `rel=next` of a link or an anchor (HTML, 4.6.6.13), if it is of the same site
    cut       it has more links than were looked at
    """

    entries: tuple[Found, ...] = ()
    next_url: str | None = None
    cut: bool = False


def parse_section(
    page: HtmlElement | str | bytes,
    url: str,
    patterns: Sequence[re.Pattern[str]] = (),
    most: int = MAX_LINKS,
) -> Section:
    """What a section page links to with its first `most` links.

    `page` is a tree, its markup, or the undecoded entity. With `patterns`, an article is what one of them
    matches (re.search in `path` or `path?query`), else what looks like one. Titles are the longest anchor
    text of an article's links; a date is the day that the URL names, at 00:00 UTC.

    Raises DecodeError or ExtractionError for a page that can't be read.
    """
    root = _tree(page, url)
    if root is None:
        return Section()
    language = language_code(root.get("lang"))
    links, cut = _links(root, url, most)
    found = []
    for link in links:
        if not same_site(link.url, url) or not is_page(link.url):
            continue
        if patterns:
            target = path_and_query(link.url)
            accepted = any(pattern.search(target) for pattern in patterns)
        else:
            accepted = looks_like_article(link.url, link.text)
        if accepted:
            found.append(Found(link.url, _day(link.url), link.text, language, "section"))
    return Section(tuple(found), _next_page(root, url), cut)


def _next_page(root: HtmlElement, url: str) -> str | None:
    base = _base(root, url)
    for element in root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split():
            address = absolute(base, element.get("href") or "")
            if address and same_site(address, url) and identity(address) != identity(url):
                return address
    return None


def _links(root: HtmlElement, url: str, most: int) -> tuple[list[_Link], bool]:
    """Every address that the first `most` links lead to but the page's own, with the longest text of its anchors;
    and whether there are more links."""
    base, own = _base(root, url), identity(url)
    links: dict[str, _Link] = {}
    anchors = (anchor for anchor in root.iter("a") if anchor.get("href"))
    for anchor in islice(anchors, most):
        address = absolute(base, anchor.get("href"))
        if address is None or (key := identity(address)) == own:
            continue
        text = _anchor_text(anchor)
        link = links.setdefault(key, _Link(address, text))
        if text and len(text) > len(link.text or ""):
            link.text = text
    return list(links.values()), next(anchors, None) is not None


def _anchor_text(anchor: HtmlElement) -> str | None:
    """The heading inside of the anchor if there is one (kicker, date and teaser stand beside it), else
    all of it.
    """
    heading = next(anchor.iter(*_HEADINGS), None)
    text = title_text(" ".join((anchor if heading is None else heading).itertext()))
    if text:
        return text
    image = next(anchor.iter("img"), None)
    return title_text(
        anchor.get("aria-label") or anchor.get("title") or (None if image is None else image.get("alt"))
    )


def _tree(page: HtmlElement | str | bytes, url: str) -> HtmlElement | None:
    if isinstance(page, bytes):
        page = decode(Page(url, page))
    return parse(page, url) if isinstance(page, str) else page


def _base(root: HtmlElement, url: str) -> str:
    """HTML, 4.2.3: the first base element with an href."""
    href = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    return (absolute(url, href) if href else None) or url


def _day(url: str) -> datetime | None:
    day = date_in_path(url)
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
