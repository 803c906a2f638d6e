"""Texts that break off before an offer to subscribe: the rest is not on the page.

An offer alone says little, it stands below whole articles too, shown or hidden. It takes a sign that something is
missing as well: the text stops in mid-sentence, the page counts more words than it shows, or it says that reading
costs (schema.org `isAccessibleForFree`) and shows no more than an opening.
"""

from __future__ import annotations

import re

from archive.extraction.case import ITEM, Case, Verdict
from archive.extraction.lexicon import LEXICON

_OPENING = 900
"""What a page that costs gives for nothing is mostly shorter than this."""
_TEASER = 1_800
_NEAR = 10
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\[…\]|\(…\))[\s\"'”’»)\]]*$")
_STOP = re.compile(r"[.!?。！？؟۔।:;][\s\"'”’»）」』)\]]*$")
_SELECTOR = re.compile(r"^[\w\s>-]*[.#]([\w-]+)$")
_FILLED = 400


def breaks_off(case: Case) -> Verdict | None:
    """A verdict where the rest of the text is missing; None where the text may be whole."""
    if case.size > _TEASER:
        return None
    closed = _closed(case)
    offered = _offered(case)
    if not (closed or offered) or _filled(case):
        return None
    if offered and (case.size < ITEM or (closed and case.size < _OPENING)):
        return _verdict(case, "before an offer to subscribe")
    if offered and _broken(case):
        return _verdict(case, "in mid-sentence before an offer to subscribe")
    if _counted(case) > 2 * _words(case) and (offered or case.size < _OPENING):
        return _verdict(case, f"where the page counts {_counted(case)} words")
    if closed and case.size < _OPENING and _ellipsis(case):
        return _verdict(case, "in mid-sentence, and the page says that reading it costs")
    return None


def _verdict(case: Case, why: str) -> Verdict:
    return "paywall", f"The text breaks off after {case.size} characters {why}."


def _closed(case: Case) -> bool:
    if any(str(node.get("isAccessibleForFree")).lower() == "false" for node in case.meta.marks.articles):
        return True
    tier = (case.meta.marks.first("article:content_tier") or "").lower()
    return tier == "locked"


def _offered(case: Case) -> bool:
    """Whether an offer follows the text, or stands anywhere where there is none."""
    runs = case.outline.runs
    if case.size >= ITEM:
        last = next(index for index in range(len(runs) - 1, -1, -1) if runs[index] is case.body[-1])
        runs = runs[last + 1 : last + 1 + _NEAR]
    if any(run.rule and run.rule.startswith("paywall.") for run in runs):
        return True
    return LEXICON.count_inside("offer", "\n".join(run.folded for run in runs)) > 0


def _broken(case: Case) -> bool:
    last = case.body[-1]
    return _ellipsis(case) or (last.prose and not _STOP.search(last.text))


def _ellipsis(case: Case) -> bool:
    return bool(case.body) and _ELLIPSIS.search(case.body[-1].text) is not None


def _words(case: Case) -> int:
    return sum(len(run.text.split()) for run in case.body)


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
