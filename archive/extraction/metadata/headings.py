"""What one heading shows: the headline alone, or with a kicker; the end of a breadcrumb trail; the site's name."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.extraction.metadata.sitenames import key
from archive.extraction.metadata.vicinity import visible
from archive.extraction.wording.folding import size

MARGINS = frozenset({"nav", "aside", "footer"})
_KICKER = re.compile(
    r"kicker|over-?line|over-?title|dach-?zeile|roof-?line|top-?line|eyebrow|surtitle|surtitre|pre-?title|super-?title"
    r"|title-?header|vorzeile|volanta|antetitulo|occhiello|topic|label",
    re.I,
)
_TRAIL = re.compile("crumb", re.I)
_ENOUGH = 10
"""Characters that a headline has at least: what is left beside a kicker and is shorter is no headline."""


def leads_home(h1: HtmlElement, url: str) -> bool:
    """Whether the heading is a link to the site's home page: then it holds the site's name."""
    outside = [outer for outer in islice(h1.iterancestors(), 2) if outer.tag == "a"]
    link = next((link for link in (*h1.iter("a"), *outside) if link.get("href")), None)
    if link is None:
        return False
    try:
        address = urlsplit(link.get("href").strip())
        own = urlsplit(url)
    except ValueError:
        return False
    at_home = not address.netloc or address.netloc.removeprefix("www.") == own.netloc.removeprefix("www.")
    return (
        at_home
        and address.path in ("/", "")
        and not address.query
        and not address.fragment
        and own.path not in ("/", "")
    )


def ends_trail(heading: HtmlElement) -> bool:
    """Whether the heading is the last step of a breadcrumb trail: written for search engines, set in small type."""
    around = [heading, *islice(heading.iterancestors(), 3)]
    return any(outer.tag in ("li", "nav") or _TRAIL.search(outer.get("class") or "") for outer in around)


def in_margin(heading: HtmlElement) -> bool:
    """Whether it stands in navigation, beside the text or below it."""
    return any(outer.tag in MARGINS for outer in heading.iterancestors())


def without_kicker(heading: HtmlElement) -> str:
    """What the heading shows but for its kicker, or all of it.

    A kicker is the heading's first part and an element whose class calls it one; a separator of its own after it, for
    those who can't see the line break, goes as well.
    """
    holder = heading
    while len(holder) == 1 and not (holder.text or "").strip() and not (holder[0].tail or "").strip():
        holder = holder[0]
    children = list(holder)
    if (holder.text or "").strip() or not children:
        return visible(heading)
    first = next((child for child in children if visible(child)), None)
    if first is None:
        return visible(heading)
    if not _KICKER.search(first.get("class") or "") and not _is_separator_next(children, first):
        return visible(heading)
    said, shown = visible(first), visible(heading)
    rest = shown.removeprefix(said).lstrip(" :|/•·–—-") if shown.startswith(said) else ""
    return rest if size(rest) >= max(_ENOUGH, size(said)) else shown


def _is_separator_next(children: list[HtmlElement], first: HtmlElement) -> bool:
    """Whether the next part of the heading is an element that holds punctuation alone."""
    if (first.tail or "").strip():
        return False
    after = children[children.index(first) + 1 :]
    text = next((said for child in after if (said := visible(child))), "")
    return bool(text) and not key(text) and len(after) > 1
