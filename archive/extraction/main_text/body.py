"""Trafilatura as the extractor of the main text: it chooses the runs, the outline keeps their text.

Each run that still stands is marked in the tree by two signs (`signs.py`), Trafilatura works on the marked tree, and
the signs that come back name the runs that it takes for the main text. The text itself is the outline's: Trafilatura
deletes every character of category Cf, joiners and direction marks among them, merges equal paragraphs and respaces
inline elements. Signs make equal paragraphs differ, and none of this reaches the text.
"""

from __future__ import annotations

from functools import cache

from archive.extraction.main_text import signs
from archive.extraction.main_text.choice import main_text
from archive.extraction.main_text.filling import fill
from archive.extraction.main_text.heart import heart, held
from archive.extraction.parsing.outline import HEADINGS, Outline, Run

# Below this much text, or below a fifth of the page's text while short, the slower cascade is tried as well.
_ENOUGH = 250
_SHORT = 3_000
_SHARE = 0.2
# More lines than this are no article that the cascade could find; one of its parts takes the square of their number.
_CASCADED = 1_500
# Another part takes the levels around it for each block.
_CASCADED_BLOCKS = 15_000
# Less of the standing prose than this share is a lost body.
_LOST = 0.4


def choose(outline: Outline, news: bool) -> list[Run]:
    """The runs of the main text, in document order. Runs that were dropped leave the tree of `outline`.

    `news` says that the page declares a piece of news, in which less of what is missing is text (`filling.py`).
    """
    standing = outline.standing()[: signs.MAX_RUNS]
    if not standing:
        return []
    _empty(outline)
    filled = signs.mark(standing)
    chosen = signs.numbers(main_text(outline.root))
    weight = _weight(standing, chosen)
    short = weight < _SHORT and weight < _SHARE * sum(run.size for run in standing)
    cheap = len(standing) <= _CASCADED and len(outline.blocks) <= _CASCADED_BLOCKS
    if (weight < _ENOUGH or short) and cheap:
        signs.unfill(filled)
        thorough = signs.numbers(main_text(outline.root, cascade=True))
        chosen = max(chosen, thorough, key=lambda some: _weight(standing, some))
    kept = [run for index, run in enumerate(standing) if index in chosen]
    return _whole(outline, fill(outline, _join(outline, standing, kept), news))


def _whole(outline: Outline, kept: list[Run]) -> list[Run]:
    """`kept`, or everything between the first and last paragraph of the page's heart if most of that was lost.

    What counts is the prose that still stands.
    """
    prose = held(outline, (run.size if run.prose and run.rule is None else 0 for run in outline.runs))
    if sum(run.size for run in kept if run.prose) >= _LOST * prose[0] or prose[0] < _SHORT:
        return kept
    block = heart(outline, prose)
    if block.element.tag != "article" and sum(run.size for run in kept) >= _ENOUGH:
        return kept
    inside = [run for run in outline.runs[block.start : block.end] if run.rule is None]
    places = [index for index, run in enumerate(inside) if run.prose]
    return [run for run in inside[places[0] : places[-1] + 1] if run.density <= 0.5]


def _empty(outline: Outline) -> None:
    """Take the text of dropped runs out of the tree: whole elements where nothing else stands in them."""
    left = held(outline, (run.rule is None for run in outline.runs))
    for index, block in enumerate(outline.blocks):
        # What stands in a dropped block goes with it.
        topmost = not left[index] and (block.parent < 0 or left[block.parent])
        if topmost and block.element.getparent() is not None:
            block.element.drop_tree()
    for run in outline.runs:
        if run.rule is not None and left[run.block]:
            for element, tail in run.slots:
                if tail:
                    element.tail = " "
                else:
                    element.text = None


def _weight(runs: list[Run], chosen: set[int]) -> int:
    return sum(runs[index].size for index in chosen if index < len(runs))


def _join(outline: Outline, standing: list[Run], kept: list[Run]) -> list[Run]:
    """`kept` with the runs that were lost from between and beside them.

    A body that is split over sibling containers, or interrupted by boxes, loses whole parts. Runs come back where
    the container that holds them holds a good part of the text, or is a sibling of one with the same tag and class.
    """
    holders = cache(lambda block: _container(outline, block))
    sizes: dict[int, int] = {}
    for run in kept:
        if run.prose:
            holder = holders(run.block)
            sizes[holder] = sizes.get(holder, 0) + run.size
    total = sum(sizes.values())
    good = {index for index, size in sizes.items() if size > 0.15 * total}
    if not good:
        return kept
    alike = {_signature(outline, index) for index in good if outline.blocks[index].element.get("class")}
    chosen = set(kept)
    inside = [i for i, run in enumerate(standing) if run in chosen and holders(run.block) in good]
    first, last = inside[0], inside[-1]
    said: set[str] | None = None
    joined: list[Run] = []
    for index, run in enumerate(standing):
        if run not in chosen:
            if index < first or not _belongs(outline, run, index > last):
                continue
            holder = holders(run.block)
            if holder not in good and _signature(outline, holder) not in alike:
                continue
            if said is None:
                said = {run.key for run in kept if len(run.text) > 40 and len(run.key) > 40}
            if run.key in said:
                continue
        joined.append(run)
    return joined if sum(run.size for run in joined) <= 4 * sum(run.size for run in kept) else kept


def _belongs(outline: Outline, run: Run, after: bool) -> bool:
    if run.density > 0.5:
        return False
    if after:
        return run.size >= 40 and run.sentence and outline.tag(run) not in HEADINGS
    return True


def _container(outline: Outline, index: int) -> int:
    """The block that holds a paragraph, given the paragraph's: the list's holder for an item, the block itself for
    broken text."""
    tag = outline.blocks[index].element.tag
    while tag in _LEAVES and outline.blocks[index].parent >= 0:
        index = outline.blocks[index].parent
        tag = outline.blocks[index].element.tag
    return index


_LEAVES = HEADINGS | {
    "p",
    "li",
    "ul",
    "ol",
    "dl",
    "dd",
    "dt",
    "blockquote",
    "pre",
    "td",
    "tr",
    "tbody",
    "table",
}


def _signature(outline: Outline, index: int) -> tuple[str, str | None, int]:
    block = outline.blocks[index]
    return str(block.element.tag), block.element.get("class"), block.depth
