"""Two signs before each run's text in the tree, by which the run is known in what Trafilatura gives back.

Where the text is long it makes way for a filler of the same length: in fast mode Trafilatura measures a paragraph many
times over and reads none, and a word without end is measured in a fraction of the time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.extraction.parsing.outline import Run, Slot

# Printable symbols (category So) that Trafilatura neither deletes nor takes for words: Sutton SignWriting.
_BASE = 0x1D800
_SIGNS = 512
_MARK = re.compile(f"[{chr(_BASE)}-{chr(_BASE + _SIGNS - 1)}]{{2}}")
MAX_RUNS = _SIGNS * _SIGNS

# Below this length Trafilatura's filter of lines may find a word of a share bar.
_FILLED = 80

Filled = list[tuple[Slot, str]]


def mark(runs: Sequence[Run]) -> Filled:
    """Write each run's sign into the tree. The texts that a filler stands for, signs included."""
    filled: Filled = []
    for number, run in enumerate(runs):
        slot = run.slots[0]
        element, tail = slot
        text = (element.tail if tail else element.text) or ""
        rest = text.lstrip()
        before = text[: len(text) - len(rest)] + chr(_BASE + number // _SIGNS) + chr(_BASE + number % _SIGNS)
        core = rest.rstrip()
        # What trimming would make shorter keeps its text, so that the filler measures what the text did.
        if len(core) > _FILLED and element.tag != "pre" and core == " ".join(core.split()):
            filled.append((slot, before + rest))
            rest = "x" * len(core) + rest[len(core) :]
        _write(slot, before + rest)
    return filled


def unfill(filled: Filled) -> None:
    """Put the texts back: the slower cascade reads them."""
    for slot, text in filled:
        _write(slot, text)


def numbers(text: str) -> set[int]:
    """Numbers of the runs whose signs are in the text that Trafilatura gave back."""
    return {_SIGNS * (ord(sign[0]) - _BASE) + ord(sign[1]) - _BASE for sign in _MARK.findall(text)}


def _write(slot: Slot, text: str) -> None:
    element, tail = slot
    if tail:
        element.tail = text
    else:
        element.text = text
