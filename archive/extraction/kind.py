"""Pages that are no article, told by what they lack and what they say. In doubt a page with text is an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from archive.extraction.article import Kind, Page
from archive.extraction.folding import fold
from archive.extraction.fronts import teasers
from archive.extraction.lexicon import LEXICON
from archive.extraction.metadata import Metadata
from archive.extraction.metadata.jsonld import types
from archive.extraction.outline import Outline, Run

Verdict = tuple[Kind, str]

_BRIEF = 600
"""Below this size a text may be the wording of a wall; an article that mentions one is longer."""
_ITEM = 60
"""A news item of one sentence is this long."""

_BOT = re.compile(
    r"just a moment|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|unusual traffic|"
    r"checking your browser|security check|access (?:to this page has been )?denied|captcha|pardon our interruption|"
    r"enable javascript and cookies|request blocked|ddos protection|incident id|reference #\d",
    re.I,
)
_LISTS = frozenset({"CollectionPage", "WebSite", "ItemList", "SearchResultsPage", "ProfilePage"})


def judge(page: Page, meta: Metadata, outline: Outline, body: Sequence[Run]) -> Verdict | None:
    """What the page is if no article, with a sentence of why; None for an article. `body` is the chosen text."""
    text = " ".join(run.text for run in body)
    size = sum(run.size for run in body)
    visible = fold(" ".join(run.text for run in outline.runs[:60]))
    if size < _BRIEF:
        verdict = _wall(meta, outline, text, visible, size)
        if verdict:
            return verdict
    if size < _ITEM:
        if _video(meta):
            return "video", "The page describes a video and has no text beside it."
        if _links(outline) >= 10:
            return "section", f"No paragraph of text, but {_links(outline)} lines that link to other pages."
        return "empty", f"The text found is {size} characters long, less than a sentence."
    if _video(meta) and size < 200:
        return "video", f"The page describes a video; the text beside it is {size} characters long."
    return _section(page, meta, outline, body)


def _wall(meta: Metadata, outline: Outline, text: str, visible: str, size: int) -> Verdict | None:
    title = fold(" ".join([meta.headline, meta.marks.title or ""]))
    if any(hit.category == "missing" and hit.kind == "line" for hit in LEXICON.hits(fold(meta.headline))):
        return "not-found", f"The headline says that there is no such page: {meta.headline}."
    if LEXICON.count_inside("missing", title) or (
        LEXICON.count_inside("missing", visible) and not meta.marks.articles
    ):
        return "not-found", "The page says that what was asked for is not there."
    if _BOT.search(meta.marks.title or "") or (not meta.marks.articles and _BOT.search(visible)):
        return "bot-wall", "The page asks the reader to prove that no robot reads it."
    if LEXICON.count_inside("consent", fold(text)) >= 2 or (
        size < _ITEM and LEXICON.count_inside("consent", visible) >= 2
    ):
        return "consent", "The text asks for consent to cookies and tracking."
    paid = any(run.rule and run.rule.startswith("paywall.") for run in outline.runs)
    closed = any(str(node.get("isAccessibleForFree")).lower() == "false" for node in meta.marks.articles)
    if size < 300 and paid and (closed or size < _ITEM):
        return "paywall", f"The text breaks off after {size} characters before an offer to subscribe."
    return None


def _video(meta: Metadata) -> bool:
    kinds = {name for node in meta.marks.nodes for name in types(node)}
    stated = (meta.marks.first("og:type") or "").lower()
    return not meta.marks.articles and ("VideoObject" in kinds or stated.startswith("video"))


def _links(outline: Outline) -> int:
    return sum(run.density > 0.8 and run.size > 25 for run in outline.runs)


def _section(page: Page, meta: Metadata, outline: Outline, body: Sequence[Run]) -> Verdict | None:
    """A section front: links outweigh prose, another sign agrees, and less speaks for one article."""
    for_article = _speaks_for_article(meta, page)
    cards = teasers(outline, body, page.url)
    if cards > 2 or (cards and for_article < 2):
        return "section", f"The page is a list of others: its text is that of {cards} teasers."
    prose = sum(run.size for run in body if run.prose and run.sentence)
    links = _links(outline)
    path = urlsplit(meta.canonical_url or page.url).path.strip("/")
    kinds = {name for node in meta.marks.nodes for name in types(node)}
    crowded = links >= 15 and links * 40 > prose
    linked = sum(run.linked for run in body) * 2 > sum(len(run.text) for run in body)
    signs = [
        (not path, "its address is the root of the site"),
        (bool(kinds & _LISTS) and not meta.marks.articles, "its JSON-LD describes a list"),
        ((meta.marks.first("og:type") or "").lower() == "website", "og:type is website"),
        (crowded, f"{links} lines are titles that link elsewhere"),
        (linked, "most of its text is linked"),
        (_short_address(path), "its address has no title or number in it"),
    ]
    against = [reason for holds, reason in signs if holds]
    if (crowded or linked) and len(against) > for_article + 1:
        return "section", f"The page is a list of others: {', '.join(against)}."
    return None


def _short_address(path: str) -> bool:
    last = path.rsplit("/", 1)[-1]
    return last.count("-") < 3 and not re.search(r"\d{4,}", path) and "%" not in last and len(last) < 30


def _speaks_for_article(meta: Metadata, page: Page) -> int:
    stated = (meta.marks.first("og:type") or "").lower()
    path = urlsplit(page.url).path
    return sum(
        (
            bool(meta.marks.articles) and path.strip("/") != "",
            stated == "article",
            bool(meta.marks.first("article:published_time") or meta.marks.node("datePublished")),
            bool(meta.authors),
            meta.h1 is not None,
        )
    )
