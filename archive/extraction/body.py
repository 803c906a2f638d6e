"""Trafilatura as the extractor of the main text: it chooses the runs, the outline keeps their text.

Each run that still stands is marked in the tree by two signs, Trafilatura works on the marked tree, and the signs
that come back name the runs that it takes for the main text. The text itself is the outline's: Trafilatura deletes
every character of category Cf, joiners and direction marks among them, merges equal paragraphs and respaces inline
elements. Signs make equal paragraphs differ, and none of this reaches the text.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.extraction import choice
from archive.extraction.outline import HEADINGS, Outline, Run

# Printable symbols (category So) that Trafilatura neither deletes nor takes for words: Sutton SignWriting.
_BASE = 0x1D800
_SIGNS = 512
_MARK = re.compile(f"[{chr(_BASE)}-{chr(_BASE + _SIGNS - 1)}]{{2}}")
MAX_RUNS = _SIGNS * _SIGNS

# Below this much text, or below a fifth of the page's text while short, the slower cascade is tried as well.
_ENOUGH = 250
_SHORT = 3_000
_SHARE = 0.2
# Less of the standing prose than this share is a lost body; more than that share of it makes a block its heart.
_LOST = 0.4
_HEART = 0.8


def choose(outline: Outline) -> list[Run]:
    """The runs of the main text, in document order. Runs that were dropped leave the tree of `outline`."""
    standing = outline.standing()[:MAX_RUNS]
    _empty(outline)
    _mark(standing)
    text = choice.quick(outline.root)
    chosen = _signs(choice.thorough(outline.root, cascade=False) if text is None else text)
    weight = _weight(standing, chosen)
    if weight < _ENOUGH or (weight < _SHORT and weight < _SHARE * sum(run.size for run in standing)):
        chosen = max(chosen, _signs(choice.thorough(outline.root, cascade=True)), key=lambda some: _weight(standing, some))
    kept = [run for index, run in enumerate(standing) if index in chosen]
    return _whole(outline, standing, _join(outline, standing, kept))


def _whole(outline: Outline, standing: list[Run], kept: list[Run]) -> list[Run]:
    """`kept`, or everything between the first and last paragraph of the page's heart if most of that was lost.

    The heart is the innermost block that holds nearly all prose that still stands.
    """
    held = [0] * len(outline.blocks)
    for run in standing:
        if run.prose:
            for number in outline.ancestors(run.block):
                held[number] += run.size
    if not held or sum(run.size for run in kept if run.prose) >= _LOST * held[0] or held[0] < _SHORT:
        return kept
    heart = max(
        (n for n, size in enumerate(held) if size >= _HEART * held[0]), key=lambda n: outline.blocks[n].depth
    )
    block = outline.blocks[heart]
    if block.element.tag != "article" and sum(run.size for run in kept) >= _ENOUGH:
        return kept
    inside = [run for run in outline.runs[block.start : block.end] if run.rule is None]
    prose = [index for index, run in enumerate(inside) if run.prose]
    return [run for run in inside[prose[0] : prose[-1] + 1] if run.density <= 0.5]


def _empty(outline: Outline) -> None:
    """Take the text of dropped runs out of the tree: whole elements where nothing else stands in them."""
    left = [0] * len(outline.blocks)
    for run in outline.runs:
        if run.rule is None:
            for index in outline.ancestors(run.block):
                left[index] += 1
    for index, block in enumerate(outline.blocks):
        parent = block.element.getparent()
        if not left[index] and parent is not None and (block.parent < 0 or left[block.parent]):
            block.element.drop_tree()
    for run in outline.runs:
        if run.rule is not None:
            for element, tail in run.slots:
                if tail:
                    element.tail = " "
                else:
                    element.text = None


def _mark(runs: list[Run]) -> None:
    for index, run in enumerate(runs):
        element, tail = run.slots[0]
        mark = chr(_BASE + index // _SIGNS) + chr(_BASE + index % _SIGNS)
        if tail:
            element.tail = _marked(element.tail or "", mark)
        else:
            element.text = _marked(element.text or "", mark)


def _marked(text: str, mark: str) -> str:
    rest = text.lstrip()
    return text[: len(text) - len(rest)] + mark + rest


def _signs(text: str) -> set[int]:
    """Numbers of the runs whose signs are in the text that Trafilatura gave back."""
    return {_SIGNS * (ord(sign[0]) - _BASE) + ord(sign[1]) - _BASE for sign in _MARK.findall(text)}


def _weight(runs: list[Run], chosen: set[int]) -> int:
    return sum(runs[index].size for index in chosen if index < len(runs))


def _join(outline: Outline, standing: list[Run], kept: list[Run]) -> list[Run]:
    """`kept` with the runs that were lost from between and beside them.

    A body that is split over sibling containers, or interrupted by boxes, loses whole parts. Runs come back where
    the container that holds them holds a good part of the text, or is a sibling of one with the same tag and class.
    """
    held: dict[int, int] = {}
    for run in kept:
        if run.prose:
            held[_container(outline, run)] = held.get(_container(outline, run), 0) + run.size
    total = sum(held.values())
    good = {index for index, size in held.items() if size > 0.15 * total}
    if not good:
        return kept
    alike = {_signature(outline, index) for index in good if outline.blocks[index].element.get("class")}
    chosen = set(map(id, kept))
    inside = [i for i, run in enumerate(standing) if id(run) in chosen and _container(outline, run) in good]
    first, last = inside[0], inside[-1]
    said = {run.key for run in kept if len(run.key) > 40}
    joined: list[Run] = []
    for index, run in enumerate(standing):
        if id(run) not in chosen:
            container = _container(outline, run)
            near = container in good or _signature(outline, container) in alike
            if not (near and index > first and run.key not in said and _belongs(outline, run, index > last)):
                continue
        joined.append(run)
    return joined if sum(run.size for run in joined) <= 4 * sum(run.size for run in kept) else kept


def _belongs(outline: Outline, run: Run, after: bool) -> bool:
    if run.density > 0.5:
        return False
    if after:
        return run.size >= 40 and run.sentence and outline.tag(run) not in HEADINGS
    return True


def _container(outline: Outline, run: Run) -> int:
    """The block that holds the run's paragraph: the list's holder for an item, the block itself for broken text."""
    index = run.block
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
