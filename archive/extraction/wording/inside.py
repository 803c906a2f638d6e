"""Phrases that stand anywhere in a text, word boundaries or not."""

from __future__ import annotations

from dataclasses import dataclass

from archive.extraction.wording.folding import fold

_START = 2


@dataclass(frozen=True, slots=True)
class _Sought:
    """A phrase, and what a text must have for it: looked for first, since it is found much sooner.

    inner   a word of the text between two others of the phrase
    word    part of a word of the text, with `letter` in it
    """

    phrase: str
    inner: str | None
    word: str
    letter: str

    @classmethod
    def of(cls, phrase: str) -> _Sought:
        words = phrase.split()
        word = max(words, key=len)
        letter = next((letter for letter in word if not letter.isascii()), word[0])
        return cls(phrase, max(words[1:-1], key=len, default=None), word, letter)


class Inside:
    """The phrases of every category."""

    def __init__(self, categories: tuple[str, ...]) -> None:
        self.phrases: dict[str, tuple[str, ...]] = dict.fromkeys(categories, ())
        self._sought: dict[str, list[_Sought]] = {category: [] for category in categories}
        self._by_start: dict[str, dict[str, list[str]]] = {}

    def add(self, category: str, phrases: list[str]) -> None:
        """Take phrases of one category in."""
        told = tuple(map(fold, phrases))
        self.phrases[category] += told
        self._sought[category] += map(_Sought.of, told)
        self._by_start.pop(category, None)

    def count(self, category: str, folded: str) -> int:
        """How many of the category's phrases stand in the folded line."""
        return sum(phrase in folded for phrase in self.phrases[category])

    def share(self, category: str, folded: str) -> float:
        """Share of the folded line, from 0 to 1, that the category's phrases make up."""
        if category not in self._by_start:
            self._by_start[category] = _by_start(self.phrases[category])
        opened = self._by_start[category]
        said: set[int] = set()
        for at in range(len(folded)):
            for phrase in opened.get(folded[at : at + _START], ()):
                if folded.startswith(phrase, at):
                    said.update(range(at, at + len(phrase)))
        return len(said) / len(folded) if folded else 0.0

    def said(self, categories: tuple[str, ...], folded: str) -> dict[str, tuple[str, ...]]:
        """The phrases of these categories that stand anywhere in the folded text of a page."""
        words = set(folded.split())
        joined = " ".join(words)
        letters = set(joined)
        said = {}
        for category in categories:
            said[category] = tuple(
                sought.phrase
                for sought in self._sought[category]
                if (
                    sought.inner in words
                    if sought.inner
                    else sought.letter in letters and sought.word in joined
                )
                and sought.phrase in folded
            )
        return said


def _by_start(phrases: tuple[str, ...]) -> dict[str, list[str]]:
    """The phrases by their first letters: a title is looked up letter by letter, not phrase by phrase."""
    opened: dict[str, list[str]] = {}
    for phrase in phrases:
        opened.setdefault(phrase[:_START], []).append(phrase)
    return opened
