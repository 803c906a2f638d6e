"""What was lost from inside the main text: parts of pages that are built of cards, accordions or nested lists."""

from __future__ import annotations

from itertools import accumulate

from archive.extraction.outline import HEADINGS, Outline, Run

# The block that holds this share of the text is its heart.
_HEART = 0.8
# From this many lost paragraphs and this share of the text on, what is missing inside of it is no box; one block that
# holds all of them and nothing else of the text is one up to the other share.
_FEW = 5
_MUCH = 0.12
_BOXED = 0.5
_CARD = 900
_TEXTUAL = HEADINGS | {"p", "li", "dd", "dt", "summary"}


def fill(outline: Outline, kept: list[Run]) -> list[Run]:
    """`kept` with what was lost from inside it, where that is too much to be boxes.

    What stands between the first and the last chosen run of the block that holds nearly all of the text belongs to it
    if it is paragraphs and items.
    """
    size = sum(run.size for run in kept)
    if not kept:
        return kept
    chosen = set(map(id, kept))
    before = [0, *accumulate(run.size if id(run) in chosen else 0 for run in outline.runs)]
    inner = max(
        (block for block in outline.blocks if before[block.end] - before[block.start] >= _HEART * size),
        key=lambda block: block.depth,
    )
    places = [n for n in range(inner.start, inner.end) if id(outline.runs[n]) in chosen]
    lost = [
        run
        for run in outline.runs[places[0] : places[-1]]
        if run.rule is None and id(run) not in chosen and _fits(outline, run)
    ]
    prose = [run for run in lost if run.prose]
    told = sum(run.size for run in prose)
    if len(prose) < _FEW or told < max(_MUCH * size, 0.5 * sum(run.size for run in lost)):
        return kept
    if told < _BOXED * size and _apart(outline, prose, before):
        return kept
    chosen.update(map(id, lost))
    return [run for run in outline.runs if id(run) in chosen]


def _apart(outline: Outline, lost: list[Run], before: list[int]) -> bool:
    """Whether one block holds all of the lost runs and nothing of the text; `before` sums the text up, run by run."""
    common = set(outline.ancestors(lost[0].block))
    for run in lost[1:]:
        common.intersection_update(outline.ancestors(run.block))
    block = outline.blocks[max(common)]
    return before[block.end] == before[block.start]


def _fits(outline: Outline, run: Run) -> bool:
    """Whether the run is a paragraph, an item or a heading that shows, and no teaser."""
    if run.density > 0.5 or outline.tag(run) not in _TEXTUAL or _teaser(outline, run):
        return False
    around = (outline.blocks[number].element for number in outline.ancestors(run.block))
    return not any("hidden" in (element.get("class") or "").split() for element in around)


def _teaser(outline: Outline, run: Run) -> bool:
    """Whether a small block around the run begins with a linked title."""
    for number in list(outline.ancestors(run.block))[1:4]:
        block = outline.blocks[number]
        if block.chars > _CARD:
            break
        first = next((one for one in outline.runs[block.start : block.end] if one.rule is None), run)
        if first is not run and first.density > 0.8:
            return True
    return False
