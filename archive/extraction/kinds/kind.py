"""Pages that are no article, told by what they lack and what they say. In doubt a page with text is an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from archive.extraction.article import Page
from archive.extraction.kinds.breakoff import breaks_off
from archive.extraction.kinds.case import ITEM, Case, Verdict
from archive.extraction.kinds.fronts import front, title_links
from archive.extraction.kinds.walls import wall
from archive.extraction.metadata import Metadata
from archive.extraction.parsing.outline import Outline, Run
from archive.extraction.wording.lexicon import LEXICON

_BLURB = 300
"""Below a player stand a sentence or two about it; an article with a player in it is longer."""
_PICTURES = 6
_VIDEO = re.compile(r"(?:^|/)(?:videos?|watch|live|livestream|live-?tv|tv|player|stream)(?:/|$)", re.I)
_GALLERY = re.compile(
    r"(?:^|[/_-])(?:galler(?:y|ies|ia)|galerie|galeri|photos?|fotos?|slideshow|pictures)(?:[/_-]|$)", re.I
)
_GALLERIES = frozenset({"ImageGallery", "MediaGallery"})

YIELDING = frozenset({"empty", "section", "paywall", "login", "shell", "video", "gallery"})
"""What a page is no longer where the whole text of an article stands in its JSON-LD."""


def judge(page: Page, meta: Metadata, outline: Outline, body: Sequence[Run]) -> Verdict | None:
    """What the page is if no article, with a sentence of why; None for an article. `body` is the chosen text."""
    case = Case(page, meta, outline, body)
    if verdict := wall(case) or breaks_off(case):
        return verdict
    if case.size < ITEM:
        return wordless(case)
    if case.size < _BLURB and not case.claims and _video(case):
        return "video", f"The page describes a video; the text beside it is {case.size} characters long."
    if case.size < _BLURB and case.claims < 3 and _gallery(case) and case.surface.images >= _PICTURES:
        return "gallery", f"The page is a gallery; the text beside it is {case.size} characters long."
    return front(case)


def wordless(case: Case) -> Verdict:
    """What a page is that has less text than a sentence."""
    links = title_links(case.outline)
    seen = case.surface
    if _video(case) or (seen.players and _VIDEO.search(urlsplit(case.page.url).path)):
        return "video", "The page describes a video and has no text beside it."
    if seen.images >= _PICTURES and _gallery(case):
        return "gallery", f"The page is a gallery of {seen.images} pictures and has no text beside them."
    if case.titled("results", 0.3):
        return "search", "The page is the list of what a search has found."
    if links >= 10:
        return "section", f"No paragraph of text, but {links} lines that link to other pages."
    if seen.moves:
        return "redirect", "The page sends its reader on to another one."
    if seen.scripts and (seen.mount or LEXICON.inside.count("script", seen.said) or seen.shown < ITEM):
        return (
            "shell",
            f"The page is script-built: {seen.shown} characters of text, {seen.scripts} scripts to bring more.",
        )
    if seen.players:
        return "video", "The page has a player and no text beside it."
    if links >= 5:
        return "section", f"No paragraph of text, but {links} lines that link to other pages."
    return "empty", f"The text found is {case.size} characters long, less than a sentence."


def _video(case: Case) -> bool:
    described = (
        "VideoObject" in case.types or "BroadcastEvent" in case.types or case.stated.startswith("video")
    )
    return described and (not case.meta.marks.articles or case.size < ITEM)


def _gallery(case: Case) -> bool:
    return bool(case.types & _GALLERIES) or _GALLERY.search(urlsplit(case.page.url).path) is not None
