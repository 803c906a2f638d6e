"""Fronts: pages whose text is made of teasers, each in a card with the linked title of another page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.extraction.kinds.case import Case, Verdict
from archive.extraction.parsing.outline import Outline, Run

_LISTS = frozenset({"CollectionPage", "WebSite", "ItemList", "SearchResultsPage", "ProfilePage"})

_CARD = 900
"""A card with a title and a teaser holds no more characters than this; the body of an article holds more."""
_TITLE = 12
"""A linked line shorter than this is an author, a section or a time rather than a title."""
_CARDS = 3
"""Fewer cards than this may be the related block of a short item; one less will do where nothing else is there."""
_STRETCH = 1_500
"""As much prose in one piece is an article, however many links stand around it."""
_PARAGRAPH = 100
_NAME = 40
"""A line of the site's own, such as its name, holds fewer characters than this: as good as nothing beside the cards."""
_BESIDES = 600
"""With this much text outside of cards there is an article between them."""


def front(case: Case) -> Verdict | None:
    """A section front: links outweigh prose, another sign agrees, and less speaks for one article."""
    for_article = case.claims + (case.meta.h1 is not None)
    cards = 0 if for_article > 1 and _opens_as_article(case) else teasers(case)
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
    if len(against) < for_article + 1 or _stretch(case) >= _STRETCH:
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


def _stretch(case: Case) -> int:
    """Size of the longest run of prose that no title of another page interrupts."""
    chosen = set(case.body)
    longest = size = 0
    for run in case.outline.runs:
        if run in chosen and run.prose:
            size += run.size
            longest = max(longest, size)
        elif _is_title(run, case.page.url):
            size = 0
    return longest


def _opens_as_article(case: Case) -> bool:
    """Whether the text begins with a paragraph that no title of another page stands beside."""
    first = case.body[0]
    return first.size >= _PARAGRAPH and _card(case, first) is None


def teasers(case: Case) -> int:
    """How many cards the chosen text consists of, or 0 where it is not made of them for the most part."""
    cards: set[int] = set()
    carded = besides = 0
    for run in case.body:
        card = _card(case, run)
        if card is None:
            besides += run.size
            if besides >= _BESIDES:
                return 0
        else:
            cards.add(card)
            carded += run.size
    enough = _CARDS if besides >= _NAME else _CARDS - 1
    return len(cards) if len(cards) >= enough and besides < 0.4 * carded else 0


def _card(case: Case, run: Run) -> int | None:
    """The innermost block around the run that holds a title too and is small enough for a card.

    What holds the headline of the page itself is no card.
    """
    outline = case.outline
    looked = range(0)
    for index in outline.ancestors(run.block):
        block = outline.blocks[index]
        around = range(block.start, block.end)
        if block.chars > _CARD or any(outline.runs[at].rule == "headline.h1" for at in around):
            return None
        if any(_is_title(outline.runs[at], case.page.url) for at in around if at not in looked):
            return index
        looked = around
    return None


def _is_title(run: Run, url: str) -> bool:
    return run.linked > 0.8 * len(run.text) and run.size >= _TITLE and _leads_on(run, url)


def _leads_on(run: Run, url: str) -> bool:
    """Whether the line links to another page of the same site."""
    here = urlsplit(url)
    for href in run.hrefs:
        try:
            there = urlsplit(href.strip())
        except ValueError:  # brackets around what is no IPv6 address: it leads nowhere
            continue
        if there.scheme not in ("", "http", "https") or not there.path.strip("/"):
            continue
        if (there.netloc or here.netloc) == here.netloc and there.path.rstrip("/") != here.path.rstrip("/"):
            return True
    return False
