"""What was lost from inside the main text: parts of pages that are built of cards, accordions or nested lists."""

from __future__ import annotations

import re
from itertools import islice

from archive.extraction.main_text.heart import heart, held
from archive.extraction.parsing.naming import class_and_id, plain
from archive.extraction.parsing.outline import HEADINGS, Outline, Run
from archive.extraction.pruning.position import in_data_table

# From this many lost paragraphs and this share of the text on, what is missing inside of it is no box; one block that
# holds all of them and nothing else of the text is one up to the other share.
_FEW = 5
_MUCH = 0.12
_BOXED = 0.5
# Guides, reviews and manuals have fewer boxes and lose less than that; among it, this share is prose.
_LITTLE = 0.02
_PROSE = 0.3
_CARD = 900
_TEXTUAL = HEADINGS | {"p", "li", "dd", "dt", "summary"}
_ANY_TEXT = _TEXTUAL | {"div", "td", "th", "pre", "blockquote"}


def fill(outline: Outline, kept: list[Run], news: bool) -> list[Run]:
    """`kept` with what was lost from inside it, where that is too much to be boxes.

    What stands between the first and the last chosen run of the block that holds nearly all of the text belongs to it
    if it is paragraphs and items. On a page that is no `news`, less of it is enough, and it may be lines of any kind.
    """
    if not kept:
        return kept
    inside = _inside(outline, kept)
    if not inside:
        return kept
    filled = _filled(outline, kept, inside)
    if news:
        return filled
    return _filled_up(outline, filled, inside if filled is kept else _inside(outline, filled))


def _filled(outline: Outline, kept: list[Run], inside: list[Run]) -> list[Run]:
    size = sum(run.size for run in kept)
    lost = [run for run in inside if _fits(outline, run, _TEXTUAL)]
    prose = [run for run in lost if run.prose]
    told = sum(run.size for run in prose)
    if len(prose) < _FEW or told < max(_MUCH * size, 0.5 * sum(run.size for run in lost)):
        return kept
    if told < _BOXED * size and _apart(outline, prose, kept):
        return kept
    return _with(outline, kept, lost)


def _filled_up(outline: Outline, kept: list[Run], inside: list[Run]) -> list[Run]:
    """`kept` with the lines that were lost from inside it in whatever element, or with the cells of tables alone."""
    size = sum(run.size for run in kept)
    lost = [run for run in inside if _fits(outline, run, _ANY_TEXT) and not _boxed(outline, run)]
    cells = [run for run in lost if outline.tag(run) in ("td", "th") and in_data_table(outline, run)]
    told = sum(run.size for run in lost if run.prose)
    if told < max(_LITTLE * size, _PROSE * sum(run.size for run in lost)):
        return _with(outline, kept, cells)
    if told < _BOXED * size and _apart(outline, lost, kept):
        return kept
    return _with(outline, kept, lost)


def _inside(outline: Outline, kept: list[Run]) -> list[Run]:
    """The runs that stand between the first and the last of `kept` in its heart and are none of them."""
    chosen = set(kept)
    if not _between(outline.runs, chosen):
        return []
    block = heart(outline, held(outline, (run.size if run in chosen else 0 for run in outline.runs)))
    return _between(outline.runs[block.start : block.end], chosen)


def _between(runs: list[Run], chosen: set[Run]) -> list[Run]:
    """The standing runs between the first and the last that are chosen, those left out."""
    places = [n for n, run in enumerate(runs) if run in chosen]
    between = runs[places[0] : places[-1]]
    return [run for run in between if run.rule is None and run not in chosen]


def _with(outline: Outline, kept: list[Run], lost: list[Run]) -> list[Run]:
    chosen = {*kept, *lost}
    return [run for run in outline.runs if run in chosen]


def _apart(outline: Outline, lost: list[Run], kept: list[Run]) -> bool:
    """Whether one block holds all of the lost runs and nothing of the text."""
    common = set(outline.ancestors(lost[0].block))
    for run in lost[1:]:
        common.intersection_update(outline.ancestors(run.block))
    block = outline.blocks[max(common)]
    chosen = set(kept)
    return not any(run in chosen for run in outline.runs[block.start : block.end])


def _fits(outline: Outline, run: Run, tags: frozenset[str]) -> bool:
    """Whether the run is a paragraph, an item or a heading that shows, and no teaser."""
    if run.density > 0.5 or outline.tag(run) not in tags or _teaser(outline, run):
        return False
    around = (outline.blocks[number].element for number in outline.ancestors(run.block))
    return not any("hidden" in (element.get("class") or "").split() for element in around)


_BOX = re.compile(
    r"(?:^|[\s_-])(?:\w*box|cta\d*|call-to-action|callout|banner|promo\w*|disclos\w+|disclaimer|author\w*|bio|search|error|"
    r"slide\w*|reviewers?|experts?|sponsor\w*|sidebar|modal|popup|tooltip|newsletter|subscribe|photos?|captions?|comments?)(?=$|[\s_-])"
)


def _boxed(outline: Outline, run: Run) -> bool:
    """Whether the run is part of a form or of what is called a box, or is a script's state left in the text."""
    around = (outline.blocks[number].element for number in outline.ancestors(run.block))
    return (
        run.text.startswith(("{", "["))
        or any(element.tag in ("form", "aside") for element in around)
        or _named_box(outline, run)
    )


def _named_box(outline: Outline, run: Run) -> bool:
    """Whether something around the run, up to the article, is named a box in its class or id."""
    for number in outline.ancestors(run.block):
        element = outline.blocks[number].element
        if element.tag in ("article", "main", "body"):
            return False
        if _BOX.search(plain(class_and_id(element))):
            return True
    return False


def _teaser(outline: Outline, run: Run) -> bool:
    """Whether a small block around the run begins with a linked title."""
    for number in islice(outline.ancestors(run.block), 1, 4):
        block = outline.blocks[number]
        if block.chars > _CARD:
            break
        first = next((one for one in outline.runs[block.start : block.end] if one.rule is None), run)
        if first is not run and first.density > 0.8:
            return True
    return False
