"""What is done around the main text: the headline taken out before, repeats and loose ends after."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from archive.extraction.metadata import Metadata
from archive.extraction.parsing.outline import HEADINGS, Outline, Run
from archive.extraction.wording.folding import key
from archive.extraction.wording.punctuation import QUOTES_CLOSING, STOPS

_URL = re.compile(r"^(?:https?://|www\.)\S+$")
_CRUMB = re.compile(r"\s[>»›/|→]\s|[›»]")
# A colon or a dash after a word ends an announcement or a dateline.
_SENTENCE = re.compile(rf"(?:[{STOPS}…:]|[\w)\]]\s*[–—-]+){QUOTES_CLOSING}")
_STRUCTURE = HEADINGS | {"li", "dt", "dd", "td", "th"}
_NOT_SIGNED = _STRUCTURE | {"blockquote", "pre"}
_CLOSED = re.compile(rf"[{STOPS}…:]\W*$")
_LONG = 60
_LETTERS = 12
_LIFE = 900  # a biography is a paragraph
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


def drop_quotes(runs: list[Run], outline: Outline) -> list[Run]:
    """`runs` without pull quotes: quotations whose words a paragraph of the text says too, and their attributions."""
    if next(outline.root.iter("blockquote"), None) is None:
        return runs
    quoted = {run: number for run in runs if (number := _quotation(outline, run)) is not None}
    if not quoted:
        return runs
    text = " ".join(run.key for run in runs if run not in quoted)
    pulled = {quoted[run] for run in runs if run in quoted and len(run.key) > 20 and run.key in text}
    kept = []
    for run in runs:
        number = quoted.get(run)
        if number in pulled and (run.key in text or run.size <= _LONG):
            run.rule = "quote.pulled"
        else:
            kept.append(run)
    return kept


def _quotation(outline: Outline, run: Run) -> int | None:
    """Number of the blockquote around the run."""
    for number in islice(outline.ancestors(run.block), _TOP):
        if outline.blocks[number].element.tag == "blockquote":
            return number
    return None


def drop_biographies(runs: list[Run], authors: Sequence[str]) -> list[Run]:
    """`runs` without closing paragraphs that begin with the name of one of the authors: they say who wrote the text."""
    names = [key(author) for author in authors if len(author.split()) > 1]
    end = len(runs)
    while end > _TOP and runs[end - 1].size < _LIFE and runs[end - 1].key.startswith(tuple(names)):
        end -= 1
        runs[end].rule = "author.biography"
    return runs[:end]


def cut_ends(runs: list[Run], outline: Outline) -> tuple[list[Run], str | None]:
    """`runs` without headings that nothing follows, bare addresses and signatures at the end; and the first such
    address."""
    kept = list(runs)
    address = None
    while kept:
        last = kept[-1]
        signed = _signature(kept, outline)
        if _URL.match(last.text):
            last.rule, address = "source.url", last.text
        elif outline.tag(last) in HEADINGS and not _in_list(outline, last):
            last.rule = "tail.heading"
        elif signed:
            for run in kept[-signed:]:
                run.rule = "tail.signature"
            del kept[-signed:]
            continue
        else:
            break
        kept.pop()
    return kept, address


def _signature(kept: list[Run], outline: Outline) -> int:
    """How many short lines that are no sentences close the text: names, agencies, initials in whatever wording.

    More than a few are a list, and where paragraphs don't end as sentences do there is no telling.
    """
    lines = 0
    for run in reversed(kept):
        if run.size > _LONG or _CLOSED.search(run.text) or _structured(outline, run):
            break
        lines += 1
    if not 0 < lines <= _TOP:
        return 0
    ends = [_CLOSED.search(run.text) is not None for run in kept[:-lines] if run.prose]
    return lines if len(ends) >= _TOP and sum(ends) > 0.6 * len(ends) else 0


def _in_list(outline: Outline, run: Run) -> bool:
    parent = outline.blocks[run.block].parent
    return parent >= 0 and outline.blocks[parent].element.tag == "li"


def _structured(outline: Outline, run: Run) -> bool:
    """Whether the run is a heading or part of a list, table, quotation or preformatted text."""
    around = islice(outline.ancestors(run.block), 3)
    return any(outline.blocks[number].element.tag in _NOT_SIGNED for number in around)
