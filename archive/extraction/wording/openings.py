"""Phrases that open a line, looked up by its first two words. The kinds of phrase are those of `lexicon.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from archive.extraction.wording.folding import FIRST_WORD, fold

_TOKEN = re.compile(r"[^\W_]+")
_FIRST_WORDS = re.compile(r"(?m)^(?:[^\w\n]|_)*([^\W_]*)")
_SECOND = re.compile(r"[\W_]+([^\W_]+)")
# Vowel signs of Indic scripts are no letters to `_TOKEN`; at the end of a word they are left over.
_MARKS = re.compile(r"^[\u0900-\u0903\u093a-\u094f\u0951-\u0963\u0980-\u0983\u09bc-\u09e3]+")
_COMPOUND = re.compile(r"[-‐‑]\w")  # the phrase ends inside a word
_WILD = 4
_SEPARATORS = tuple(":：|>»–—-]】/،")


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found at the start of a line.

    rest  words after the phrase; `separated` says that a colon, dash or bar follows it
    """

    category: str
    kind: str
    rest: int
    separated: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    tokens: list[str]
    category: str
    kind: str
    number: int
    wild: bool

    def match(self, line: list[str]) -> int:
        """How many words the phrase takes from the start of the line, as many as it can; 0 if it does not match."""
        if self.wild:
            return _match(self.tokens, line)
        length = len(self.tokens)
        return length if line[:length] == self.tokens else 0


class _Alike:
    """Phrases that share their first word, by the second: most lines that begin alike part there."""

    def __init__(self) -> None:
        self._by_second: dict[str, list[_Phrase]] = {}
        self._any_second: list[_Phrase] = []
        self._merged: dict[str, list[_Phrase]] = {}

    def add(self, phrase: _Phrase) -> None:
        self._merged.clear()
        if len(phrase.tokens) == 1 or phrase.tokens[1] in "*#":
            self._any_second.append(phrase)
        else:
            self._by_second.setdefault(phrase.tokens[1], []).append(phrase)

    def candidates(self, second: str | None) -> list[_Phrase]:
        """The phrases that `second` may follow on, in the order of the files."""
        told = self._by_second.get(second) if second else None
        if second is None or told is None:
            return self._any_second
        if second not in self._merged:
            self._merged[second] = sorted([*self._any_second, *told], key=_number)
        return self._merged[second]


_number = attrgetter("number")


class Openings:
    """The phrases of every category and kind."""

    def __init__(self) -> None:
        self._by_first: dict[str, _Alike] = {}
        self._phrases = 0

    def add(self, phrase: str, category: str, kind: str) -> bool:
        """Take a phrase in. Whether it has a word."""
        tokens = re.findall(r"[^\W_]+|[*#]", fold(phrase))
        if not tokens:
            return False
        self._phrases += 1
        wild = "*" in tokens or "#" in tokens
        entry = _Phrase(tokens, category, kind, self._phrases, wild)
        self._by_first.setdefault(tokens[0], _Alike()).add(entry)
        return True

    def lines(self, folded: Sequence[str]) -> list[int]:
        """Places of the lines that a phrase may open: by their first words, all of them at one go."""
        firsts = _FIRST_WORDS.findall("\n".join(folded))
        return [
            place
            for place, first in enumerate(firsts)
            if first in self._by_first or (first and first.isdigit())
        ]

    def hits(self, folded: str) -> list[Hit]:
        """Phrases that open the folded line, the longest of each category and kind."""
        candidates = self._candidates(folded)
        if not candidates:
            return []
        tokens = _TOKEN.findall(folded)
        matching = [(phrase, used) for phrase in candidates if (used := phrase.match(tokens))]
        if not matching:
            return []
        ends = [match.end() for match in _TOKEN.finditer(folded)]
        best: dict[tuple[str, str], Hit] = {}
        for phrase, used in matching:
            after = _MARKS.sub("", folded[ends[used - 1] :], count=1)
            compound = _COMPOUND.match(after) is not None
            if compound and used == 1:
                continue
            separated = not compound and after.lstrip(" \"'»”)").startswith(_SEPARATORS)
            hit = Hit(phrase.category, phrase.kind, len(tokens) - used, separated)
            if phrase.kind == "line" and any(not token.isdigit() for token in tokens[used:]):
                continue
            place = (phrase.category, phrase.kind)
            if place not in best or best[place].rest > hit.rest:
                best[place] = hit
        return list(best.values())

    def _candidates(self, folded: str) -> list[_Phrase]:
        opening = FIRST_WORD.match(folded)
        if opening is None:
            return []
        first = opening[1]
        told = self._by_first.get(first)
        numbered = self._by_first.get("#") if first.isdigit() else None
        if not told and not numbered:
            return []
        following = _SECOND.match(folded, opening.end())
        second = following[1] if following else None
        if not numbered:
            return told.candidates(second) if told else []
        return [*(told.candidates(second) if told else ()), *numbered.candidates(second)]


def _match(pattern: list[str], tokens: list[str]) -> int:
    """The same for a pattern with a `*` or a `#` in it."""
    reach = {0}
    for part in pattern:
        following: set[int] = set()
        for at in reach:
            if part == "*":
                following.update(range(at + 1, min(at + _WILD, len(tokens)) + 1))
            elif at < len(tokens) and (tokens[at] == part or (part == "#" and tokens[at].isdigit())):
                following.add(at + 1)
        if not following:
            return 0
        reach = following
    return max(reach)
