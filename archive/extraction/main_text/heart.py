"""The heart of a page: the innermost block that holds nearly all of what counts there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from archive.extraction.parsing.outline import Block, Outline

_NEARLY_ALL = 0.8


def held(outline: Outline, counts: Iterable[int]) -> list[int]:
    """How much each block holds, given how much each run counts."""
    before = [0, *accumulate(counts)]
    return [before[block.end] - before[block.start] for block in outline.blocks]


def heart(outline: Outline, held: list[int]) -> Block:
    """The heart, given how much each block holds."""
    blocks = (
        block for block, much in zip(outline.blocks, held, strict=True) if much >= _NEARLY_ALL * held[0]
    )
    return max(blocks, key=lambda block: block.depth)
