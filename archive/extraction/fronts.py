"""Fronts: pages whose text is made of teasers, each in a card with the linked title of another page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from archive.extraction.case import Case, Verdict
from archive.extraction.outline import Outline, Run

_LISTS = frozenset({"CollectionPage", "WebSite", "ItemList", "SearchResultsPage", "ProfilePage"})

_CARD = 900
"""A card with a title and a teaser holds no more characters than this; the body of an article holds more."""
_TITLE = 12
"""A linked line shorter than this is an author, a section or a time rather than a title."""
_CARDS = 3
"""Fewer cards than this may be the related block of a short item; one less will do where nothing else is there."""
_BESIDES = 600
"""With this much text outside of cards there is an article between them."""


def front(case: Case) -> Verdict | None:
    """A section front: links outweigh prose, another sign agrees, and less speaks for one article."""
    for_article = case.claims + (case.meta.h1 is not None)
    cards = teasers(case.outline, case.body, case.page.url)
    if cards > 2 or (cards and for_article < 2):
        if _searched(case):
            return (
                "search",
                f"The page is the list of what a search has found: its text is that of {cards} teasers.",
            )
        return "section", f"The page is a list of others: its text is that of {cards} teasers."
    path = urlsplit(case.meta.canonical_url or case.page.url).path.strip("/")
    linked = sum(run.linked for run in case.body) * 2 > sum(len(run.text) for run in case.body)
    signs = [
        (not path, "its address is the root of the site"),
        (bool(case.types & _LISTS) and not case.meta.marks.articles, "its JSON-LD describes a list"),
        (case.stated == "website", "og:type is website"),
        (linked, "most of its text is linked"),
        (_short_address(path), "its address has no title or number in it"),
    ]
    against = [reason for holds, reason in signs if holds]
    # Lines are counted last: being crowded adds one sign at most.
    if len(against) < for_article + 1:
        return None
    prose = sum(run.size for run in case.body if run.prose and run.sentence)
    links = title_links(case.outline)
    if links >= 15 and links * 40 > prose:
        against.append(f"{links} lines are titles that link elsewhere")
    elif not linked:
        return None
    if len(against) > for_article + 1:
        return "section", f"The page is a list of others: {', '.join(against)}."
    return None


def title_links(outline: Outline) -> int:
    """How many lines are titles that link elsewhere."""
    return sum(run.size > 25 and run.linked > 0.8 * len(run.text) for run in outline.runs)


def _searched(case: Case) -> bool:
    return "SearchResultsPage" in case.types or case.titled("results", 0.3)


def _short_address(path: str) -> bool:
    last = path.rsplit("/", 1)[-1]
    return last.count("-") < 3 and not re.search(r"\d{4,}", path) and "%" not in last and len(last) < 30


def teasers(outline: Outline, body: Sequence[Run], url: str) -> int:
    """How many cards the chosen text consists of, or 0 where it is not made of them for the most part."""
    cards: set[int] = set()
    carded = besides = 0
    for run in body:
        card = _card(outline, run, url)
        if card is None:
            besides += run.size
            if besides >= _BESIDES:
                return 0
        else:
            cards.add(card)
            carded += run.size
    enough = _CARDS if besides else _CARDS - 1
    return len(cards) if len(cards) >= enough and besides < 0.4 * carded else 0


def _card(outline: Outline, run: Run, url: str) -> int | None:
    """The innermost block around the run that holds a title too and is small enough for a card."""
    looked = range(0)
    for index in outline.ancestors(run.block):
        block = outline.blocks[index]
        if block.chars > _CARD:
            return None
        around = range(block.start, block.end)
        if any(_is_title(outline.runs[at], url) for at in around if at not in looked):
            return index
        looked = around
    return None


def _is_title(run: Run, url: str) -> bool:
    return run.linked > 0.8 * len(run.text) and run.size >= _TITLE and _leads_on(run, url)


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
