"""Fronts: pages whose text is made of teasers, each in a card with the linked title of another page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from archive.extraction.outline import Outline, Run

_CARD = 900
"""A card with a title and a teaser holds no more characters than this; the body of an article holds more."""
_TITLE = 12
"""A linked line shorter than this is an author, a section or a time rather than a title."""
_CARDS = 3
"""Fewer cards than this may be the related block of a short item; one less will do where nothing else is there."""
_BESIDES = 600
"""With this much text outside of cards there is an article between them."""


def teasers(outline: Outline, body: Sequence[Run], url: str) -> int:
    """How many cards the chosen text consists of, or 0 where it is not made of them for the most part."""
    titles = [
        run.linked > 0.8 * len(run.text) and run.size >= _TITLE and _leads_on(run, url)
        for run in outline.runs
    ]
    inside = [0]
    for title in titles:
        inside.append(inside[-1] + title)
    cards: set[int] = set()
    carded = besides = 0
    for run in body:
        card = _card(outline, run, inside)
        if card is None:
            besides += run.size
        else:
            cards.add(card)
            carded += run.size
    enough = _CARDS if besides else _CARDS - 1
    return len(cards) if len(cards) >= enough and besides < min(_BESIDES, 0.4 * carded) else 0


def _card(outline: Outline, run: Run, titles: Sequence[int]) -> int | None:
    """The innermost block around the run that holds a title too and is small enough for a card."""
    for index in outline.ancestors(run.block):
        block = outline.blocks[index]
        if block.chars > _CARD:
            return None
        if titles[block.end] > titles[block.start]:
            return index
    return None


def _leads_on(run: Run, url: str) -> bool:
    """Whether the line links to another page of the same site."""
    here = urlsplit(url)
    for href in run.hrefs:
        there = urlsplit(href.strip())
        if there.scheme not in ("", "http", "https") or not there.path.strip("/"):
            continue
        if (there.netloc or here.netloc) == here.netloc and there.path.rstrip("/") != here.path.rstrip("/"):
            return True
    return False
