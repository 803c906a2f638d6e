"""What is done around the main text: the headline taken out before, repeats and loose ends after."""

from __future__ import annotations

import re
from collections import Counter

from archive.extraction.folding import key
from archive.extraction.metadata import Metadata
from archive.extraction.outline import HEADINGS, Outline, Run

_URL = re.compile(r"^(?:https?://|www\.)\S+$")
_CRUMB = re.compile(r"\s[>»›/|→]\s|[›»]")
# A colon or a dash after a word ends an announcement or a dateline.
_SENTENCE = re.compile(r"(?:[.!?…。！？؟۔।:]|[\w)\]]\s*[–—-]+)[\s\"'”’»)\]]*$")
_STRUCTURE = HEADINGS | {"li", "dt", "dd", "td", "th"}
_LONG = 60
_LETTERS = 12
_OPENING = 120  # a byline with its dates is shorter
_TOP = 3


def drop_headline(outline: Outline, meta: Metadata) -> None:
    """Drop the headline where it stands in or above the body: same letters only, never a sentence that is like it."""
    said = {key(title) for title in meta.titles} - {""}
    for block in outline.blocks:
        if block.element is meta.h1:
            outline.drop(block.start, block.end, "headline.h1")
    prose = 0
    for index, run in enumerate(outline.runs):
        if run.rule is not None or run.size > 400:
            continue
        if run.key in said:
            outline.drop(index, index + 1, "headline.repeated")
        elif _CRUMB.search(run.text) and any(len(title) > 15 and run.key.endswith(title) for title in said):
            outline.drop(index, index + 1, "breadcrumb.headline")
        prose += run.prose
        if prose > _TOP:
            break


def drop_twins(runs: list[Run], outline: Outline) -> list[Run]:
    """`runs` without copies that a responsive layout brings: a long paragraph said before, in a different container.

    A paragraph that the same container repeats is meant.
    """
    openings = [_opening(run) if run.size > _LONG else None for run in runs]
    often = Counter(openings)
    seen: dict[str, int] = {}
    kept: list[Run] = []
    for run, opening in zip(runs, openings, strict=True):
        holder = outline.blocks[run.block].parent if outline.tag(run) == "p" else run.block
        if opening is not None and often[opening] > 1 and seen.setdefault(run.key, holder) != holder:
            run.rule = "twin"
        else:
            kept.append(run)
    return kept


def _opening(run: Run) -> str:
    """The first letters of the run's key. Few paragraphs share them, and the others need no key."""
    opening = key(run.text[:_LONG])[:_LETTERS]
    return opening if len(opening) == _LETTERS else run.key[:_LETTERS]


def drop_opening(runs: list[Run], outline: Outline) -> list[Run]:
    """`runs` without the lines before the first paragraph that are no sentences: bylines, dates, share bars and
    captions stand there, in whatever wording. Headings and lists stay, and all where too little prose follows."""
    first = next((index for index, run in enumerate(runs) if run.prose and _is_text(run)), 0)
    if sum(run.prose for run in runs) < _TOP:
        return runs
    kept = []
    for index, run in enumerate(runs):
        if index < first and not _is_text(run) and outline.tag(run) not in _STRUCTURE:
            run.rule = "opening.line"
        else:
            kept.append(run)
    return kept


def _is_text(run: Run) -> bool:
    return len(run.text) > _OPENING or _SENTENCE.search(run.text) is not None


def cut_ends(runs: list[Run], outline: Outline) -> tuple[list[Run], str | None]:
    """`runs` without headings that nothing follows and bare addresses at the end; and the first such address."""
    kept = list(runs)
    address = None
    while kept:
        last = kept[-1]
        if _URL.match(last.text):
            last.rule, address = "source.url", last.text
        elif outline.tag(last) in HEADINGS:
            last.rule = "tail.heading"
        else:
            break
        kept.pop()
    return kept, address
