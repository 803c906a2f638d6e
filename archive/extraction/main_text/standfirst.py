"""The standfirst: the lines between headline and body that sum the article up.

It is what one of the page's descriptions says and is set off from the body by tag, class or place; or what a class
or itemprop names so and is set off. A description that is the body's first paragraph stays body.
"""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from archive.extraction.parsing.naming import class_and_id, plain
from archive.extraction.parsing.outline import Outline, Run
from archive.extraction.wording.folding import key

_NAME = re.compile(
    r"(?:^|[\s_-])(?:stand-?first|sub-?title\w*|sub-?head\w*|sub-?headline|dek|deck|excerpt|intro|introtext|introduction|lede|"
    r"lead|lead-?(?:in|text|paragraph)|chapo\w*|chapeau|vorspann|summary|bajada|copete|entradilla|sottotitolo|abstract|perex|ingress|"
    r"manchet|sapo|spot|article-?desc\w*|lid|leadin)(?=$|[\s_-])"
)
_NOT_NAME = re.compile(
    r"(?:^|[\s_-])(?:captions?|image\w*|img|media\w*|photo\w*|video\w*|credits?|gallery\w*|lead-art\w*|byline\w*|authors?|date|time|"
    r"share\w*|meta|related\w*|comments?|newsletter\w*|drop-?cap\w*)(?=$|[\s_-])"
)
_MIN, _MAX, _WINDOW = 25, 900, 40
_DATELINE = 24  # letters of a place before the description's words


def find(outline: Outline, h1: HtmlElement | None, descriptions: tuple[str, ...]) -> list[int]:
    """Numbers of the runs of the standfirst, at most three and next to each other; empty if there is none."""
    # A description that ends in an ellipsis was cut out of the body by the site's software, not written for it.
    keys = [said for text in descriptions if not _cut(text) and len(said := key(text)) > 20]
    body = _body_block(outline)
    classes = _classes_of_paragraphs(outline, body)
    start = next((block.end for block in outline.blocks if block.element is h1), 0) if h1 is not None else 0
    seen = 0
    for index in range(start, len(outline.runs)):
        run = outline.runs[index]
        if run.rule is not None:
            continue
        seen += 1
        if seen > _WINDOW:
            break
        if not _MIN <= run.size <= _MAX or run.density > 0.5:
            continue
        plain = _plain_paragraph(outline, run, body, classes)
        matches = _says(run.key, keys)
        if not plain and (matches or _named(outline, run)) and _leaves_a_body(outline, index):
            return _with_neighbours(outline, index)
        if (
            matches
            and plain
            and run.strong > 0.9 * len(run.text)
            and len(run.text) > 60
            and _leaves_a_body(outline, index)
        ):
            return [index]
        if plain and run.prose and not matches:
            break
    return []


def _cut(description: str) -> bool:
    return description.rstrip(" []").endswith(("…", "..."))


def _leaves_a_body(outline: Outline, index: int) -> bool:
    """Whether more prose follows than the line itself has: the only paragraphs of a short item are its body."""
    following = (run.size for run in outline.runs[index + 1 :] if run.rule is None and run.prose)
    return sum(following) > 1.2 * outline.runs[index].size


def _body_block(outline: Outline) -> int:
    """The block that directly holds most prose."""
    sums: dict[int, int] = {}
    for run in outline.runs:
        if run.rule is None and run.prose:
            holder = outline.blocks[run.block].parent if outline.tag(run) == "p" else run.block
            sums[holder] = sums.get(holder, 0) + run.size
    return max(sums, key=lambda holder: sums[holder]) if sums else -1


def _classes_of_paragraphs(outline: Outline, body: int) -> list[str | None]:
    """The class of each paragraph that stands directly in the body."""
    paragraphs = (block for block in outline.blocks if block.parent == body and block.end > block.start)
    return [block.element.get("class") for block in paragraphs if block.element.tag == "p"]


def _plain_paragraph(outline: Outline, run: Run, body: int, classes: list[str | None]) -> bool:
    """Whether the run is a paragraph like those of the body: same holder, same tag, same class."""
    block = outline.blocks[run.block]
    if run.block == body:
        return True
    if block.parent != body or block.element.tag != "p":
        return False
    return classes.count(block.element.get("class")) > 1 or len(classes) < 3


def _says(said: str, keys: list[str]) -> bool:
    """Whether a line says the same as a description, either of them cut."""
    if len(said) < 20:
        return False
    return any(
        said == other
        or (len(other) > 35 and said.startswith(other) and len(other) > 0.6 * len(said))
        or (len(said) > 35 and other.startswith(said) and len(said) > 0.5 * len(other))
        or (len(other) > 35 and said.endswith(other) and len(said) - len(other) <= _DATELINE)
        for other in keys
    )


def _named(outline: Outline, run: Run) -> bool:
    for number in islice(outline.ancestors(run.block), 2):
        block = outline.blocks[number]
        if block.end - block.start > 3:
            break
        element = block.element
        names = plain(class_and_id(element))
        if element.get("itemprop") in ("description", "alternativeHeadline"):
            return True
        if _NAME.search(names) and not _NOT_NAME.search(names):
            return True
    return False


def _with_neighbours(outline: Outline, index: int) -> list[int]:
    """The run and the ones of the same block after it: a standfirst of two paragraphs or a list of points."""
    block = outline.blocks[outline.runs[index].block]
    parent = outline.blocks[block.parent] if block.element.tag in ("p", "li") and block.parent >= 0 else block
    inside = [i for i in range(index, min(parent.end, index + 3)) if outline.runs[i].rule is None]
    if len(inside) > 1 and parent.end - parent.start <= 3 and parent.chars <= _MAX:
        return inside
    return [index]
