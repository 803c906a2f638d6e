"""Patterns made of the word lists of `wording/`, see `lexicon.py`. All but `written` go with folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.extraction.wording.folding import FIRST_WORD, fold, words
from archive.extraction.wording.lexicon import LEXICON


def _alternatives(words: Iterable[str]) -> str:
    """The words as one alternative, longest first, so that none hides one that goes on where it ends.

    What the edges of words have in common stands outside: most places of a text are then left after one look.
    """
    edges: dict[tuple[str, str], list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        edge = ("" if word.startswith("*") else r"(?<!\w)", "" if word.endswith("*") else r"(?!\w)")
        edges.setdefault(edge, []).append(_inner(word))
    groups = (f"{before}(?:{'|'.join(inner)}){after}" for (before, after), inner in edges.items())
    return f"(?:{'|'.join(groups) or '(?!)'})"


def _inner(word: str) -> str:
    """A word or phrase without what stands at its edges; a `*` of its own is one to four words."""
    parts = word.strip("*").split()
    return r"\s+".join(r"\S+(?:\s+\S+){0,3}?" if part == "*" else re.escape(part) for part in parts)


def anywhere(name: str) -> re.Pattern[str]:
    """Finds any word of the list in folded text, as whole words."""
    return re.compile(_alternatives(map(fold, LEXICON.lists[name])))


class Opening:
    """Matches folded text that begins with a phrase of these lists, looked up by its first word."""

    def __init__(self, *names: str, then: str = "") -> None:
        phrases: dict[str, list[str]] = {}
        for phrase in (fold(phrase) for name in names for phrase in LEXICON.lists[name]):
            phrases.setdefault(words(phrase)[0], []).append(phrase)
        written = (word for name in names for word in LEXICON.lists[name])
        self.firsts = frozenset({*phrases, *(word.split()[0].lower() for word in written)})
        """First words of the phrases, folded and as written: to pass by what can't be one without folding it."""
        self._by_first = {
            first: re.compile(rf"[\W_]*{_alternatives(some)}{then}") for first, some in phrases.items()
        }

    def match(self, folded: str) -> re.Match[str] | None:
        """The opening of `folded`, or None."""
        first = FIRST_WORD.match(folded)
        pattern = self._by_first.get(first[1]) if first else None
        return pattern.match(folded) if pattern else None


def whole(name: str) -> re.Pattern[str]:
    """Matches folded text that is a phrase of the list and nothing else; `*` is anything."""
    phrases = (re.escape(fold(phrase)).replace(r"\*", ".*") for phrase in LEXICON.lists[name])
    return re.compile(rf"[\W_]*(?:{'|'.join(phrases) or '(?!)'})[\W_]*")


def written(*names: str) -> str:
    """An alternative of the lists' words as the files write them, for text that is not folded."""
    words = [word for name in names for word in LEXICON.lists[name]]
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True))) or '(?!)'})"


def folded(*names: str) -> frozenset[str]:
    """The folded words of these lists."""
    return frozenset(fold(word) for name in names for word in LEXICON.lists[name])
