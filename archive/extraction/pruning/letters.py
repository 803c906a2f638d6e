"""Boxes that ask for an e-mail address: the newsletter's name, its invitation, and the form's messages around it."""

from __future__ import annotations

from archive.extraction.parsing.outline import Outline, Run
from archive.extraction.wording.openings import Hit

_SHARE = 0.25
_LONGEST = 900


def cut_letters(outline: Outline, hits: dict[Run, list[Hit]]) -> None:
    """Drop the innermost block around each field for an address in which a line speaks of a newsletter.

    Such a block is small, in characters and in its share of the page's prose; a field that stands alone in the
    article leaves it as it is.
    """
    fields = list(outline.root.iter("input"))
    if not fields:
        return
    places = {block.element: number for number, block in enumerate(outline.blocks)}
    for field in fields:
        number = next((places[holder] for holder in field.iterancestors() if holder in places), -1)
        for around in outline.ancestors(number):
            block = outline.blocks[around]
            if block.chars > _LONGEST or block.prose > _SHARE * outline.prose:
                break
            if block.element.tag in ("article", "main", "body"):
                break
            lines = outline.runs[block.start : block.end]
            if any(hit.category == "newsletter" for run in lines for hit in hits.get(run, ())):
                outline.drop(block.start, block.end, "newsletter.form")
                break
