"""Where in a text a query is found, and the stretch of it that shows that best."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archive.search.query import Clause, Query
from archive.search.terms import Term, gives_pairs, joined, terms

SNIPPET = 260
"""Characters of a snippet, about three lines."""
_BEFORE = 70
_LOOKED_AT = 1_000  # finds among which the best stretch is sought


class Piece(NamedTuple):
    """A stretch of text; `marked` where the query is found."""

    text: str
    marked: bool = False


class Span(NamedTuple):
    """From `start` to `end` (in characters) stands what the clause of that number wants."""

    start: int
    end: int
    clause: int


def marked(text: str, query: Query) -> tuple[Piece, ...]:
    """The whole text in pieces."""
    return tuple(_pieces(text, spans(text, query), 0, len(text)))


def snippet(text: str, query: Query) -> tuple[Piece, ...]:
    """The stretch of the text in which most of the query is found, the first of several; else how the text begins."""
    text = " ".join(text.split())
    found = spans(text, query)
    start, end = _window(text, found)
    pieces = list(_pieces(text, found, start, end))
    if start > 0:
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def spans(text: str, query: Query) -> list[Span]:
    """Everything in the text that is wanted, in its order."""
    if not query.wanted:
        return []
    matcher = _Matcher(query.wanted)
    found = [*matcher.matches(list(terms(text))), *matcher.matches(list(joined(text)))]
    return sorted(set(found))


class _Matcher:
    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._by_first: defaultdict[str, list[tuple[int, tuple[str, ...], bool]]] = defaultdict(list)
        self._beginnings: list[tuple[int, tuple[str, ...]]] = []
        for number, clause in enumerate(clauses):
            for alternative in clause.alternatives:
                if clause.prefix and len(alternative) == 1:
                    self._beginnings.append((number, alternative))
                else:
                    self._by_first[alternative[0]].append((number, alternative, clause.prefix))

    def matches(self, stream: Sequence[Term]) -> Iterator[Span]:
        for place, term in enumerate(stream):
            for number, (beginning,) in self._beginnings:
                if term.text.startswith(beginning):
                    paired = gives_pairs(beginning)
                    yield Span(term.start, term.start + 1 if paired else term.end, number)
            for number, alternative, prefix in self._by_first.get(term.text, ()):
                following = stream[place : place + len(alternative)]
                if _fits([each.text for each in following], alternative, prefix=prefix):
                    yield Span(term.start, following[-1].end, number)


def _fits(texts: Sequence[str], wanted: tuple[str, ...], *, prefix: bool) -> bool:
    if len(texts) < len(wanted) or tuple(texts[:-1]) != wanted[:-1]:
        return False
    return texts[-1].startswith(wanted[-1]) if prefix else texts[-1] == wanted[-1]


def _window(text: str, found: Sequence[Span]) -> tuple[int, int]:
    if len(text) <= SNIPPET or not found:
        return 0, _word_end(text, SNIPPET)
    best, most = found[0], (0, 0)
    for number, span in enumerate(found[:_LOOKED_AT]):
        within = [
            other for other in found[number : number + 50] if other.end <= span.start + SNIPPET - _BEFORE
        ]
        held = (len({other.clause for other in within}), len(within))
        if held > most:
            best, most = span, held
    start = _word_start(text, max(0, min(best.start - _BEFORE, len(text) - SNIPPET)))
    return start, _word_end(text, max(start + SNIPPET, best.end))


def _word_start(text: str, place: int) -> int:
    """The beginning of the word at `place` or after it; `place` itself where no blank is near."""
    blank = text.find(" ", place, place + 30) if place else -1
    return blank + 1 if blank >= 0 else place


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    blank = text.rfind(" ", max(0, place - 30), place)
    return blank if blank > 0 else place


def _pieces(text: str, found: Sequence[Span], start: int, end: int) -> Iterator[Piece]:
    place = start
    for span in found:
        first, last = max(span.start, place), min(span.end, end)
        if first >= last:
            continue
        if first > place:
            yield Piece(text[place:first])
        yield Piece(text[first:last], True)
        place = last
    if place < end:
        yield Piece(text[place:end])
