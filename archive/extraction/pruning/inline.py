"""Markers with their link inside a paragraph of the article: in brackets, or as its last words.

The ramp broke in spring (Read also: <a>Council closes old bridges</a>).
The ramp broke in spring. Read also: <a>Council closes old bridges</a>
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.extraction.parsing.outline import Outline, Run
from archive.extraction.wording.folding import fold, size
from archive.extraction.wording.lexicon import LEXICON
from archive.extraction.wording.punctuation import STOPS

_TITLE = 20  # of a story, in `size`; a shorter link belongs to the sentence
_OPENED = re.compile(r"\s*[(\[（【]\s*([^()\[\]（）【】]{2,60})$")
_CLOSED = re.compile(r"\s*[.。]?\s*[)\]）】]")
_LAST = re.compile(rf"(?<=[{STOPS}…\"”»])\s*([^{STOPS}…]{{2,60}}[:：]\s*)$")
_MAX_LINKS = 20


def cut_inline(outline: Outline) -> None:
    """Take such pieces out of the paragraphs' text; each run keeps what it lost in `cut`."""
    for run in outline.runs:
        if run.rule is None and run.prose and run.hrefs and len(run.hrefs) <= _MAX_LINKS:
            for number, title in reversed(list(enumerate(link_texts(run)))):
                if size(title) >= _TITLE:
                    _cut(run, number, title)


def link_texts(run: Run) -> list[str]:
    """The text of each of the run's links, in order, those without an address left out."""
    texts: dict[HtmlElement, list[str]] = {}
    for element, tail in run.slots:
        holder = element.getparent() if tail else element
        while holder is not None and holder.tag != "a":
            holder = holder.getparent()
        if holder is not None and holder.get("href"):
            texts.setdefault(holder, []).append((element.tail if tail else element.text) or "")
    return [" ".join("".join(pieces).split()) for pieces in texts.values()]


def is_marker(text: str) -> bool:
    """Whether `text` is a related marker and nothing else. A colon ends one that may go on as a sentence."""
    ended = text.rstrip().endswith((":", "："))
    return any(
        hit.category == "related" and not hit.rest and (ended or hit.kind == "line")
        for hit in LEXICON.hits(fold(text))
    )


def _cut(run: Run, number: int, title: str) -> None:
    start = run.text.rfind(title)
    if start < 0:
        return
    before, after = run.text[:start], run.text[start + len(title) :]
    if (opened := _OPENED.search(before)) and (closed := _CLOSED.match(after)):
        rest = after[closed.end() :]
    elif not after.strip(" .") and (opened := _LAST.search(before)):
        rest = ""
    else:
        return
    if not is_marker(opened[1]):
        return
    whole = before[: opened.start()] + rest
    run.cut.insert(0, run.text[opened.start() : len(run.text) - len(rest)].strip())
    run.text = whole.strip()
    run.linked = max(0, run.linked - len(title))
    run.hrefs = [href for index, href in enumerate(run.hrefs) if index != number]
    run.resize()
