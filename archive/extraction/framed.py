"""Documents in frames of a page: where the page itself holds no article, one of them may.

Capture writes the documents of frames that a reader saw, large and on the page, into the `srcdoc` of their elements,
and marks those (`crawler/rendering/frames.py`). No other `srcdoc` is read: how large a frame is and whether it is shown
does not stand in markup, and most that pages write themselves hold advertisements. A page that has an article of its
own is never looked into further, so what is framed beside it can't enter its text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.article import Article, Kind, Page, Removed
from archive.extraction.metadata import Metadata
from archive.extraction.metadata.marks import absolute
from archive.extraction.rights import reservation, rights_of
from archive.extraction.wording.folding import size

SEEN = "data-tearsheet-frame"
"""The attribute of an iframe element whose `srcdoc` is what a reader saw in it; its value is the document's address."""
AROUND = "frame.around"
"""The rule of a line of the page around a frame that holds its article."""
DEEPEST = 2
"""Frames in frames are read this far: what frames a whole page is itself framed at times."""
YIELDING: frozenset[Kind] = frozenset({"empty", "section", "shell", "video", "gallery"})
"""What a page is no longer where an article stands in a frame of it. What asks for consent, money or an account and
what is missing stays that: a frame beside such words is an advertisement or a form."""

_MOST = 4
_FRAMES = etree.XPath(f"//iframe[@srcdoc and @{SEEN}]")
_CLAIMED = 200
"""Characters that an article has at least which its page or frame declares as one; less is a teaser."""
_UNCLAIMED = 600
"""What asks for consent or sells something in a frame, and says nothing of itself, is shorter as a rule."""


def documents(root: HtmlElement, page: Page) -> tuple[Page, ...]:
    """The framed documents of a page, as pages at their own addresses; root is to be untouched."""
    found = cast("list[HtmlElement]", _FRAMES(root))[:_MOST]
    return tuple(
        Page(
            absolute(page.url, frame.get(SEEN, "")) or page.url,
            frame.get("srcdoc", "").encode("utf-8", "replace"),
            "text/html; charset=utf-8",
            page.captured,
        )
        for frame in found
    )


def holds(article: Article, meta: Metadata, around: Metadata, beside: int) -> bool:
    """Whether a frame's article is that of the page around it, which has `beside` characters of text outside."""
    length = size(article.body)
    if length <= beside:
        return False
    if _claims(meta):
        return length >= _CLAIMED
    # What readers have written below a film has no headline, however much the page around it claims.
    return meta.h1 is not None and length >= (_CLAIMED if _claims(around) else _UNCLAIMED)


def joined(
    article: Article, meta: Metadata, page: Page, around: Metadata, removed: tuple[Removed, ...]
) -> Article:
    """The article of a frame as that of the page around it: what the frame says of it first, then what the page does.

    The address is the page's, and so is the outlet, since who frames a text publishes it. `removed` is the page's.
    """
    framed = reservation("meta", meta.marks.first)
    return replace(
        article,
        url=page.url,
        frame=article.frame or article.url,
        headline=article.headline or around.headline,
        canonical_url=around.canonical_url,
        outlet=around.outlet or article.outlet,
        authors=article.authors or around.authors,
        date_published=article.date_published or around.date_published,
        date_modified=article.date_modified or around.date_modified,
        section=article.section or around.section,
        tags=article.tags or around.tags,
        description=article.description or around.description,
        image=article.image or around.image,
        rights=(*rights_of(page, around.marks), *filter(None, [framed])),
        removed=(*removed, *article.removed),
        continued_at=None,  # a page of the frame's, which is captured for no page
    )


def _claims(meta: Metadata) -> bool:
    """Whether a document declares that it is an article."""
    return bool(meta.marks.articles) or (meta.marks.first("og:type") or "").lower() == "article"
