"""How good is one page's answer, and a corpus of them.

The text is compared by its words and by its shingles, runs of four words counted as often as they stand there:
precision is the share of the answer's shingles that the reference has, recall the share of the reference's that the
answer has. A corpus' F1 is the harmonic mean of its pages' mean precision and mean recall.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

_WORD = re.compile(r"\w+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SHINGLE = 4

Figures = dict[str, float]
"""By name: `f1`, `exact`, `title`, `authors`, `date` (the more the better), `leaks` and `without` (the fewer)."""

LeakLines = Callable[[str, str | None], Sequence[str]]
"""The lines of a text that are boilerplate; the second argument is the reference, whose lines are none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an extractor says of one page. `date` begins with YYYY-MM-DD where it is known."""

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of one page: the text, or snippets that must and that must not be in it; the rest if known."""

    text: str | None = None
    within: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """One page's marks; None where the reference says nothing, or the answer leaves nothing to divide by.

    `within` and `without` are (snippets found, snippets asked).
    """

    precision: float | None = None
    recall: float | None = None
    exact: float | None = None
    leaks: int | None = None
    within: tuple[int, int] = (0, 0)
    without: tuple[int, int] = (0, 0)
    title: float | None = None
    authors: float | None = None
    date: float | None = None


def mark(answer: Answer, reference: Reference, leak_lines: LeakLines | None) -> Marks:
    """Marks of one page; without `leak_lines` its leaks are not counted."""
    precision = recall = exact = None
    if reference.text:
        gold, found = words(reference.text), words(answer.text)
        precision, recall = overlap(gold, found)
        exact = float(gold == found)
    flat = _flat(answer.text)
    return Marks(
        precision=precision,
        recall=recall,
        exact=exact,
        leaks=None if leak_lines is None else len(leak_lines(answer.text, reference.text)),
        within=_found(reference.within, flat),
        without=_found(reference.without, flat),
        title=_same(words(reference.title.lower()), words(answer.title.lower())) if reference.title else None,
        authors=_same(_names(reference.authors), _names(answer.authors)) if reference.authors else None,
        date=_same(reference.date[:10], answer.date[:10]) if reference.date else None,
    )


def words(text: str) -> list[str]:
    """The text's words, NFC, without soft hyphens and spaces of no width."""
    return _WORD.findall(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def overlap(gold: list[str], found: list[str]) -> tuple[float | None, float | None]:
    """Precision and recall of the shingles; the whole text is one where it is shorter."""
    ours, theirs = _shingles(found), _shingles(gold)
    shared = (ours & theirs).total()
    return (shared / ours.total() if ours else None), (shared / theirs.total() if theirs else None)


def total(pages: Sequence[Marks]) -> Figures:
    """The corpus' figures; those that no page has are left out.

    Where no page has a reference text, F1 is that of the snippets.
    """
    figures: Figures = {}
    precision, recall = _mean(page.precision for page in pages), _mean(page.recall for page in pages)
    if recall is not None:
        figures["f1"] = 2 * (precision or 0) * recall / ((precision or 0) + recall or 1)
    hit, wanted = _sums(page.within for page in pages)
    bad, unwanted = _sums(page.without for page in pages)
    if "f1" not in figures and wanted:
        figures["f1"] = 2 * hit / (hit + bad + wanted)
    if unwanted:
        figures["without"] = bad / unwanted
    for name in ("exact", "leaks", "title", "authors", "date"):
        mean = _mean(getattr(page, name) for page in pages)
        if mean is not None:
            figures[name] = mean
    return figures


def _shingles(told: list[str]) -> Counter[tuple[str, ...]]:
    if 0 < len(told) < _SHINGLE:
        return Counter([tuple(told)])
    return Counter(zip(*(told[start:] for start in range(_SHINGLE)), strict=False))


def _flat(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _found(snippets: Iterable[str], flat: str) -> tuple[int, int]:
    asked = [_flat(snippet) for snippet in snippets]
    return sum(snippet in flat for snippet in asked), len(asked)


def _same(wanted: object, got: object) -> float:
    return float(wanted == got)


def _names(names: Iterable[str]) -> set[str]:
    return {" ".join(words(name.lower())) for name in names} - {""}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _sums(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    found, asked = 0, 0
    for one, all_of_them in pairs:
        found += one
        asked += all_of_them
    return found, asked
