"""Texts that break off before an offer to subscribe: the rest is not on the page.

An offer alone says little, it stands below whole articles too, shown or hidden. It takes a sign that something is
missing as well: the text stops in mid-sentence, the page counts more words than it shows, or it says that reading
costs (schema.org `isAccessibleForFree`) and shows no more than an opening.
"""

from __future__ import annotations

import re

from archive.extraction.kinds.case import ITEM, Case, Verdict
from archive.extraction.parsing.outline import Run
from archive.extraction.wording.lexicon import LEXICON
from archive.extraction.wording.punctuation import QUOTES_CLOSING, STOPS

_OPENING = 900
"""What a page that costs gives for nothing is mostly shorter than this."""
_TEASER = 1_800
_NEAR = 10
_OFFER = 0.2
_ELLIPSIS = re.compile(rf"(?:…|\.\.\.|\[…\]|\(…\)){QUOTES_CLOSING}")
_STOP = re.compile(rf"[{STOPS}:;][\s\"'”’»）」』)\]]*$")
_SELECTOR = re.compile(r"^[\w\s>-]*[.#]([\w-]+)$")
_FILLED = 400


def breaks_off(case: Case) -> Verdict | None:
    """A verdict where the rest of the text is missing; None where the text may be whole."""
    if case.size > _TEASER:
        return None
    text = list(case.core)
    while text and LEXICON.inside.share("offer", text[-1].folded) >= _OFFER:
        text.pop()
    closed = _closed(case)
    offered = _offered(case, text)
    if not (closed or offered) or _filled(case):
        return None
    size = sum(run.size for run in text)
    if why := _missing(case, text, size, closed, offered):
        shown = f"The text breaks off after {size} characters" if size else "No text stands"
        return "paywall", f"{shown} {why}."
    return None


def _missing(case: Case, text: list[Run], size: int, closed: bool, offered: bool) -> str | None:
    """What says that there is more than this text."""
    if offered and (size < ITEM or (closed and size < _OPENING)):
        return "before an offer to subscribe"
    if offered and _broken(text[-1]):
        return "in mid-sentence before an offer to subscribe"
    counted = _counted(case)
    if counted > 2 * _words(text) and (offered or size < _OPENING):
        return f"where the page counts {counted} words"
    if closed and text and size < _OPENING and _ELLIPSIS.search(text[-1].text):
        return "in mid-sentence, and the page says that reading it costs"
    return None


def _closed(case: Case) -> bool:
    if any(str(node.get("isAccessibleForFree")).lower() == "false" for node in case.meta.marks.articles):
        return True
    tier = (case.meta.marks.first("article:content_tier") or "").lower()
    return tier == "locked"


def _offered(case: Case, text: list[Run]) -> bool:
    """Whether an offer follows the text, or stands anywhere where there is none."""
    runs = case.outline.runs
    if sum(run.size for run in text) >= ITEM:
        last = next(index for index in range(len(runs) - 1, -1, -1) if runs[index] is text[-1])
        runs = runs[last + 1 : last + 1 + _NEAR]
    if any(run.rule and run.rule.startswith("paywall.") for run in runs):
        return True
    return LEXICON.inside.count("offer", "\n".join(run.folded for run in runs)) > 0


def _broken(last: Run) -> bool:
    return _ELLIPSIS.search(last.text) is not None or (last.prose and not _STOP.search(last.text))


def _words(text: list[Run]) -> int:
    """Words of the text; its letters where it parts no words, or where the page's count is one of letters."""
    letters = sum(len(run.text) for run in text)
    return (
        letters
        if sum(run.size for run in text) > 1.5 * letters
        else sum(len(run.text.split()) for run in text)
    )


def _counted(case: Case) -> int:
    """Words of the article as the page states them, 0 where it does not."""
    counts = [str(value) for value in case.meta.marks.node("wordCount")]
    return max(
        (int(count) for count in counts if count.isascii() and count.isdigit() and len(count) < 6), default=0
    )


def _filled(case: Case) -> bool:
    """Whether an element that the page names as the paid part (`hasPart`, `cssSelector`) holds text."""
    names = {found[1] for selector in _selectors(case) if (found := _SELECTOR.match(selector.strip()))}
    return bool(names) and any(
        block.prose >= _FILLED
        and names.intersection([*(block.element.get("class") or "").split(), block.element.get("id") or ""])
        for block in case.outline.blocks
    )


def _selectors(case: Case) -> list[str]:
    parts: list[object] = []
    for value in case.meta.marks.node("hasPart"):
        parts += value if isinstance(value, list) else [value]
    stated: list[object] = []
    for part in parts:
        if isinstance(part, dict):
            selector = part.get("cssSelector")
            stated += selector if isinstance(selector, list) else [selector]
    return [selector for selector in stated if isinstance(selector, str)]
