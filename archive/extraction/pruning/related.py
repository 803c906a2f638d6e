"""Related blocks: from a marker to the end of what it opens, and groups of links that no marker opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.extraction.parsing.outline import HEADINGS, Outline, Run
from archive.extraction.pruning.inline import is_marker, link_texts
from archive.extraction.pruning.position import heads_prose
from archive.extraction.wording.folding import size
from archive.extraction.wording.openings import Hit

Hits = dict[Run, list[Hit]]

_LINKED = 0.6
_TITLE = 28
_MAX_BOX = 4_000
# Looking for another article takes the whole page for each marker; pages have a handful of them.
_MAX_MARKERS = 50
_BULLETS = "•▪●■–-»› "
_STORY = re.compile(r"[^/]+(?:-[^/-]+){3,}|\d{5,}|/\d{4}/\d\d?/|\.s?html?$|(?:%[0-9A-F]{2}){6}", re.I)


def cut_related(outline: Outline, hits: Hits, h1: HtmlElement | None, homes: Sequence[str] = ()) -> None:
    """Drop what related markers open, then lists and paragraphs that are links to other stories and nothing else.

    Other stories are those of the page's own site, which is at `homes`.
    """
    safe = {id(element) for element in outline.safe}
    safe |= {id(element) for element in h1.iterancestors()} if h1 is not None else set()
    start = _after(outline, h1)
    markers = 0
    for index, run in enumerate(outline.runs):
        if run.rule is None and index >= start:
            opened = _opens(run, hits.get(run, []))
            if opened == "line":
                markers += 1
                _cut_block(outline, index, hits, safe, markers <= _MAX_MARKERS)
            elif opened == "lead":
                outline.drop(index, index + 1, "related.lead")
    _cut_links(outline, start, safe, frozenset(filter(None, map(_site, homes))))


def _after(outline: Outline, h1: HtmlElement | None) -> int:
    """Number of the first run after the headline."""
    for block in outline.blocks:
        if block.element is h1:
            return block.end
    return 0


def _opens(run: Run, hits: list[Hit]) -> str | None:
    """`line` where the run is a marker alone, `lead` where marker and link or title share the line."""
    if len(run.text) > 250:
        return "lead" if hits and _leads_to_title(run) else None
    for hit in hits:
        if hit.category != "related":
            continue
        if hit.kind == "line" or not hit.rest:
            return "line" if len(run.text) <= 80 else None
        if hit.kind in ("lead", "start") and run.density > 0.3 and not _sentence_of_text(run, hit):
            return "lead"
        if hit.kind == "lead" and ((hit.separated and not _sentence_after(run)) or _leads_to_title(run)):
            return "lead"
    return None


def _leads_to_title(run: Run) -> bool:
    """Whether a marker and its colon open the run, then a link as long as a title; a teaser's summary may follow."""
    links = link_texts(run) if run.hrefs else []
    if not links or size(links[0]) < _TITLE:
        return False
    marker = run.text.partition(links[0])[0].rstrip()
    return marker.endswith((":", "：")) and is_marker(marker)


def _sentence_of_text(run: Run, hit: Hit) -> bool:
    """Whether wording and link are one sentence with a full stop, as no title has: `Read the full report.`"""
    return hit.kind == "lead" and not hit.separated and run.text.endswith(".")


def _sentence_after(run: Run) -> bool:
    return run.sentence and run.size > 100


def _cut_block(outline: Outline, index: int, hits: Hits, safe: set[int], whole: bool) -> None:
    """The marker's box if the box is links; else the marker, what is like a link list after it, and, where `whole`
    allows it, a whole other article where the page's own has ended."""
    start, end = _box(outline, index, safe)
    if end - index <= 1:
        end = _list_end(outline, index + 1)
        if whole:
            end = _other_article_end(outline, index, end, hits)
    outline.drop(start if end > index else index, max(end, index + 1), "related.marker")


def _box(outline: Outline, index: int, safe: set[int]) -> tuple[int, int]:
    """Range of the largest block around the marker that begins with it and holds links, or little prose."""
    best = (index, index + 1)
    run = outline.runs[index]
    total = max(1, outline.prose)
    for number in outline.ancestors(run.block):
        block = outline.blocks[number]
        if (
            id(block.element) in safe
            or block.element.tag in ("body", "html", "main", "article")
            or block.start < index
        ):
            break
        rest = block.chars - len(run.text)
        if (rest and not (block.linked > 0.4 * rest or block.prose < 0.25 * total)) or block.chars > _MAX_BOX:
            break
        best = (block.start, block.end)
    return best


def _list_end(outline: Outline, index: int) -> int:
    """End of the runs from `index` on that are links or items of a list."""
    end = index
    while index < len(outline.runs):
        run = outline.runs[index]
        if run.rule is None:
            bullet = outline.tag(run) == "li" or run.text.startswith(("•", "▪", "●", "■", "- ", "– ", "» "))
            linked = run.density > _LINKED and run.size < 300
            if not linked and not (bullet and not run.sentence):
                break
            end = index + 1
        index += 1
    return end


def _other_article_end(outline: Outline, index: int, end: int, hits: Hits) -> int:
    """Where a whole other article that follows the marker ends: with the page's prose.

    It is another article if the page's own is over: a line that closes one stands before the marker. Where more
    prose follows than stands before, that line has to name the source or the tags, and a few paragraphs to precede it.
    """
    runs = outline.runs
    before = [run.size for run in runs[:index] if run.rule is None and run.prose]
    after = [i for i in range(end, len(runs)) if runs[i].rule is None and runs[i].prose]
    longer = sum(runs[i].size for i in after) >= sum(before)
    if not after or not _ended(outline, index, _SURELY_CLOSING if longer else _CLOSING):
        return end
    if longer and len(before) < _FEW:
        return end
    return _list_end(outline, after[-1] + 1)


def _ended(outline: Outline, index: int, closing: frozenset[str]) -> bool:
    """Whether a line that closes an article was dropped between its last paragraph and the marker."""
    for run in reversed(outline.runs[:index]):
        if run.rule is None and run.prose:
            return False
        if run.rule and run.rule.split(".")[0] in closing:
            return True
    return False


_CLOSING = frozenset({"source", "tags", "comments", "copyright", "footer", "share"})
_SURELY_CLOSING = frozenset({"source", "tags", "copyright"})
_FEW = 3


def _cut_links(outline: Outline, start: int, safe: set[int], sites: frozenset[str]) -> None:
    judged: set[tuple[int, int]] = set()
    for block in outline.blocks:
        if block.element.tag in ("ul", "ol") and block.start >= start and id(block.element) not in safe:
            # Of lists that hold nothing but the next list one is enough.
            if (block.start, block.end) in judged:
                continue
            judged.add((block.start, block.end))
            items = [run for run in outline.runs[block.start : block.end] if run.rule is None]
            if items and all(run.density > 0.5 for run in items) and _stories(items, sites):
                outline.drop(block.start, block.end, "related.links")
    for index, run in enumerate(outline.runs[start:], start=start):
        if run.rule is None and 15 <= run.size <= 260 and _is_link(run) and _stories([run], sites):
            if outline.tag(run) in HEADINGS and heads_prose(outline, index):
                continue
            outline.drop(index, index + 1, "related.link")


def _is_link(run: Run) -> bool:
    return bool(run.linked) and run.linked > 0.95 * len(run.text.lstrip(_BULLETS))


def _stories(runs: list[Run], sites: frozenset[str]) -> bool:
    """Whether the links lead to stories of the site: addresses with a slug or a number, and titles long enough."""
    hrefs = [href for run in runs for href in run.hrefs]
    told = [href for href in hrefs if not href.startswith(_NO_PAGE) and _own(href, sites)]
    story = [href for href in told if _STORY.search(href.partition("?")[0].partition("#")[0])]
    long = sum(run.size for run in runs) >= _TITLE * len(runs)
    return bool(hrefs) and len(story) >= 0.7 * len(hrefs) and long


_NO_PAGE = ("#", "mailto:", "tel:", "javascript:")


def _own(href: str, sites: frozenset[str]) -> bool:
    site = _site(href)
    return site is None or not sites or site in sites


def _site(address: str) -> str | None:
    """The last two labels of the address's host: enough to tell a link that leads to somebody else for sure."""
    if not address.startswith(("http:", "https:", "//")):
        return None
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return None
    return ".".join(host.split(".")[-2:])
