"""What a person typed into the search box, as what is looked for. Nothing that can be typed is an error."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from archive.search.proclitics import forms, prefixed
from archive.search.terms import Term, gives_pairs, joined, terms

LONGEST = 500
"""Characters of a query that are read."""
_CLAUSES = 24  # each may be looked for in some thirty forms
_PHRASE_TERMS = 40
_CHUNK = re.compile(
    r"""
    (?P<minus>-?)
    (?: "(?P<straight>(?:[^"]|(?<=[א-ת])"(?=[א-ת]))*)(?:"|$)   # between Hebrew letters it is a gershayim
      | [“„”](?P<curved>[^“”]*)(?:[“”]|$)
      | «(?P<angled>[^»]*)(?:»|$)
      | (?P<word>\S+) )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that is looked for: any of `alternatives`, each of which is terms that follow each other.

    `prefix` says that the last term of each may go on.
    """

    alternatives: tuple[tuple[str, ...], ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A text is found that has all of what is `wanted`, and nothing of what is `unwanted`.

    shortened  whether there was more in the query than is looked for
    """

    wanted: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()
    shortened: bool = False

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def parse(typed: str) -> Query:
    """Words, all of which are wanted; "phrases" in quotes of any kind; -words and -"phrases" that must not be there;
    wor* for words that begin so. Whatever else it holds is passed over."""
    text = unicodedata.normalize("NFC", typed[:LONGEST])
    wanted: list[Clause] = []
    unwanted: list[Clause] = []
    for match in _CHUNK.finditer(text):
        quoted = next(filter(None, match.group("straight", "curved", "angled")), None)
        word = match["word"]
        clause = _phrase(quoted) if quoted else _word(word) if word else None
        if clause:
            (unwanted if match["minus"] else wanted).append(clause)
    kept, forbidden = (tuple(dict.fromkeys(clauses)) for clauses in (wanted, unwanted))
    shortened = len(typed) > LONGEST or len(kept) > _CLAUSES or len(forbidden) > _CLAUSES
    return Query(kept[:_CLAUSES], forbidden[:_CLAUSES], shortened)


def _word(word: str) -> Clause | None:
    found = list(terms(word))
    if not found:
        return None
    starts = word.endswith("*")
    if len(found) > 1:
        clause = _sequence(found, prefix=starts)
        whole = tuple((term.text,) for term in joined(word))
        return Clause((*clause.alternatives, *whole), clause.prefix)
    term = found[0]
    return Clause(tuple((form,) for form in forms(term.text)), starts or gives_pairs(term.text))


def _phrase(text: str) -> Clause | None:
    found = list(terms(text))
    return _sequence(found[:_PHRASE_TERMS], prefix=False) if found else None


def _sequence(found: list[Term], *, prefix: bool) -> Clause:
    """Terms that follow each other; what is written onto the front of the first one may be there."""
    if len(found) > 1 and found[-1].end == found[-2].end:
        found = found[:-1]  # the last letter of a run begins no pair here, but may in a text
    first, *others = (term.text for term in found)
    alternatives = tuple((form, *others) for form in dict.fromkeys((first, *prefixed(first))))
    return Clause(alternatives, prefix or gives_pairs(found[-1].text))
