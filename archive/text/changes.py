"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\w+(?:['’\u200c\u200d]\w+)*|\s+|[^\w\s]")
# difflib takes the square of the number of words of two paragraphs that differ; longer ones are shown whole.
_COMPARED = 4_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one paragraph: in both versions, in the older one alone, or in the newer one alone."""

    kind: Literal["same", "removed", "added"]
    text: str


Change = tuple[Piece, ...]
"""A paragraph that is not the same in both versions, in its pieces."""


def changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """The paragraphs that differ between two versions, in the order of the text."""
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        old, new = before[old_start:old_end], after[new_start:new_end]
        paired = min(len(old), len(new))
        for one, other in zip(old[:paired], new[:paired], strict=True):
            yield _compared(one, other)
        yield from ((Piece("removed", paragraph),) for paragraph in old[paired:])
        yield from ((Piece("added", paragraph),) for paragraph in new[paired:])


def counts(change: Change) -> tuple[int, int]:
    """How many words were added, and how many removed."""
    words = {"added": 0, "removed": 0, "same": 0}
    for piece in change:
        words[piece.kind] += len(piece.text.split())
    return words["added"], words["removed"]


def _compared(before: str, after: str) -> Change:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) > _COMPARED or len(new) > _COMPARED:
        return Piece("removed", before), Piece("added", after)
    pieces: list[Piece] = []
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[old_start:old_end])))
            continue
        if old_end > old_start:
            pieces.append(Piece("removed", "".join(old[old_start:old_end])))
        if new_end > new_start:
            pieces.append(Piece("added", "".join(new[new_start:new_end])))
    return tuple(pieces)
