"""Lines and blocks that are not the article by what they say, dropped before the main text is chosen.

A marker (`Read also`, `إقرأ أيضاً`) counts by its wording and by its shape: it is a line of its own, or a lead before a
colon or a link. What it opens is found by the box that it stands in, by link density, and by position. A sentence of
the article that begins with the same words is neither, and stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from lxml.html import HtmlElement

from archive.extraction.metadata.dates import in_words
from archive.extraction.parsing.outline import HEADINGS, Outline, Run
from archive.extraction.pruning import regions
from archive.extraction.pruning.inline import cut_inline
from archive.extraction.pruning.letters import cut_letters
from archive.extraction.pruning.position import heads_prose, in_data_table
from archive.extraction.pruning.related import cut_related
from archive.extraction.wording.folding import has_digit
from archive.extraction.wording.lexicon import LEXICON
from archive.extraction.wording.openings import Hit
from archive.extraction.wording.punctuation import STOPS

MAX_MARKER = 120
"""Longest marker line in characters; what is longer is a sentence."""

_HASHTAGS = re.compile(r"^(?:[#＃][^\s#＃]{2,}[\s,،]*)+$")
_TIMESTAMP = re.compile(
    r"^[\d\s./:,،|–—TZ+-]{6,40}(?:uhr|am|pm|gmt|utc|ist|est|edt|et|cet|cest|h)?\.?$", re.I
)
_LONGEST_STAMP = 45
_DATED = re.compile(r"^[\d\s./:,،|–—-]{6,}")
_HANDLE = re.compile(r"\(@\w+\)")
_MONTH_STAMP = 70
_SHORT_REST = 12
_GOING_ON = (*STOPS, "…", "”", "»")


def prune(outline: Outline, h1: HtmlElement | None, homes: Sequence[str] = ()) -> None:
    """Drop regions, related blocks and lines of furniture. The runs stay in the outline with the rule's name.

    `homes` are addresses of the page: what links to other sites than theirs is no list of its own stories.
    """
    regions.prune(outline, h1)
    cut_inline(outline)
    standing = [run for run in outline.standing() if run.folded]
    opened = LEXICON.hits_of([run.folded for run in standing])
    hits = {standing[place]: found for place, found in opened.items()}
    cut_letters(outline, hits)
    inside = _said_inside(standing)
    for index, run in enumerate(outline.runs):
        if run.rule is None:
            rule = line_rule(run, hits.get(run, ()), inside.get(run, _NOTHING))
            if rule and not _is_content(outline, index, rule):
                outline.drop(index, index + 1, rule)
    cut_related(outline, hits, h1, homes)


def _said_inside(standing: Sequence[Run]) -> dict[Run, Counter[str]]:
    """How many `inside` phrases of each category stand in the lines that have any.

    Few phrases stand anywhere on a page: each is looked for in all lines at once.
    """
    text = "\n".join(run.folded for run in standing)
    ends = list(accumulate(len(run.folded) + 1 for run in standing))
    found: dict[Run, Counter[str]] = {}
    for category, phrases in LEXICON.inside.said(_INSIDE, text).items():
        for phrase in phrases:
            at = text.find(phrase)
            while at >= 0:
                number = bisect_right(ends, at)
                found.setdefault(standing[number], Counter())[category] += 1
                at = text.find(phrase, ends[number])
    return found


def _is_content(outline: Outline, index: int, rule: str) -> bool:
    """Whether a line that reads like furniture is a cell of a table of data, or the heading of a paragraph."""
    run = outline.runs[index]
    tag = outline.tag(run)
    if tag in HEADINGS:
        # Small headings above a paragraph are bylines as often.
        small = tag in ("h5", "h6") and rule.startswith("byline.")
        return not small and rule.startswith(_HEADED) and heads_prose(outline, index)
    return rule.startswith(_TABLED) and in_data_table(outline, run)


_HEADED = (
    "share.",
    "player.",
    "byline.",
    "stamp.lead",
    "stamp.start",
    "tags.lead",
    "tags.hashtags",
    "caption.",
)
_TABLED = ("share.", "player.", "byline.", "stamp.", "tags.", "caption.", "source.")


_INSIDE = ("footer", "copyright", "newsletter", "consent")
_NOTHING: Counter[str] = Counter()


def line_rule(run: Run, hits: Sequence[Hit], inside: Mapping[str, int]) -> str | None:
    """The rule by which this line alone is no part of the article, or None.

    `hits` are the phrases that open the line, `inside` is how many of each category stand in it.
    """
    text = run.text
    if text.startswith(("#", "＃")) and _HASHTAGS.match(text) and any(char.isalpha() for char in text):
        return "tags.hashtags"
    if len(run.hrefs) >= 3 and run.density > 0.8 and not run.sentence:
        return "chrome.links"
    if len(text) <= _LONGEST_STAMP and _TIMESTAMP.match(text) and has_digit(text):
        return "stamp.digits"
    for hit in hits:
        if hit.category != "related" and _applies(hit, run):
            return f"{hit.category}.{hit.kind}"
    return _inside_rule(run, inside) or _stamp_rule(run)


def _applies(hit: Hit, run: Run) -> bool:
    short = len(run.text) <= MAX_MARKER
    match hit.kind:
        case "line":
            return short and hit.rest <= 2
        case "lead":
            return _lead_applies(hit, run)
        case "start":
            return short and hit.rest <= _SHORT_REST and not _goes_on(run)
        case _:
            return len(run.text) <= 400


def _lead_applies(hit: Hit, run: Run) -> bool:
    if not hit.rest:
        return len(run.text) <= MAX_MARKER
    if not hit.separated or len(run.text) > 2 * MAX_MARKER:
        return False
    if hit.category in ("byline", "caption"):
        return len(run.text) <= MAX_MARKER and not _goes_on(run)
    return hit.rest <= 2 * _SHORT_REST and not (_goes_on(run) and hit.rest > 6 and hit.category != "source")


def _goes_on(run: Run) -> bool:
    """Whether the line ends as a sentence of the article does."""
    return run.text.endswith(_GOING_ON) and run.size > 60


def _inside_rule(run: Run, inside: Mapping[str, int]) -> str | None:
    signed = "©" in run.text
    if not (signed or inside) or not run.folded or run.size > 400:
        return None
    links = inside["footer"]
    rights = signed or inside["copyright"] > 0
    if rights and (len(run.text) <= 250 or links):
        return "copyright.inside"
    if links >= 3 and not run.sentence:
        return "footer.inside"
    if inside["newsletter"] and len(run.text) <= 250:
        return "newsletter.inside"
    if inside["consent"] >= 2:
        return "consent.inside"
    return None


def _stamp_rule(run: Run) -> str | None:
    """A line that is nothing but a date: few words, one of them a month's name."""
    if len(run.text) <= MAX_MARKER and _DATED.match(run.folded) and not run.text.endswith("."):
        # A date, then the wording: `3/5/2024-|Last update: ...`.
        hits = LEXICON.hits(_DATED.sub("", run.folded))
        if any(hit.category == "stamp" and hit.kind != "line" for hit in hits):
            return "stamp.dated"
    if len(run.text) > _MONTH_STAMP or run.sentence or not has_digit(run.text):
        return None
    if len(run.text.split()) <= 9 and in_words(run.text) and not _more_than_a_date(run):
        return "stamp.date"
    return None


def _more_than_a_date(run: Run) -> bool:
    words = re.findall(r"[^\W\d_]+", _HANDLE.sub("", run.folded))
    plain = [word for word in words if word not in LEXICON.months]
    return len(plain) > 3
