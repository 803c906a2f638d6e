"""Where a run stands: what is furniture as a line of its own may be content as a cell or a heading."""

from __future__ import annotations

from archive.extraction.parsing.outline import Outline, Run

_ROWS = 3


def in_data_table(outline: Outline, run: Run) -> bool:
    """Whether the run is in a cell of a table of data: several rows of several cells, for the most part no prose."""
    row = table = None
    for number in outline.ancestors(run.block):
        block = outline.blocks[number]
        if block.element.tag == "tr":
            row = block
        elif block.element.tag == "table":
            table = block
            break
    if row is None or table is None or row.end - row.start < 2 or 2 * table.prose > table.chars:
        return False
    return len(table.element.findall(".//tr")) >= _ROWS


def heads_prose(outline: Outline, index: int) -> bool:
    """Whether the next run that stands after run number `index` is a paragraph."""
    runs = outline.runs
    following = next((runs[i] for i in range(index + 1, len(runs)) if runs[i].rule is None), None)
    return following is not None and following.prose
