"""Pages of our own on which each line is known: blocks in every shape and language, and layouts in three markups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.extraction.article import Page
from benchmarks import extractors
from tests.archive.extraction.blocks import cells
from tests.archive.extraction.layouts import LAYOUTS, MARKUPS

_URL = "https://daily.example/news/2024/03/05/story-of-the-day-48151.html"


@dataclass(frozen=True)
class Tally:
    """Pages of one kind: of which languages, lines that leaked and that were lost, here and in Trafilatura.

    `unclean` names the pages of ours that have either.
    """

    name: str
    languages: tuple[str, ...]
    leaks: int
    lost: int
    unclean: tuple[str, ...]
    theirs: tuple[int, int] | None


def blocks(compare: bool) -> Iterator[Tally]:
    """One tally a shape."""
    told = list(cells())
    for shape in dict.fromkeys(cell.shape for cell in told):
        pages = [
            _Known(cell.language, cell.page, cell.headline, cell.body) for cell in told if cell.shape == shape
        ]
        yield _tally(shape, pages, compare)


def layouts(compare: bool) -> Iterator[Tally]:
    """One tally a layout, its three markups together."""
    for layout in LAYOUTS:
        pages = [
            _Known(layout.lang, markup(layout), layout.headline, tuple(layout.body)) for markup in MARKUPS
        ]
        yield _tally(layout.name, pages, compare)


@dataclass(frozen=True)
class _Known:
    language: str
    markup: str
    headline: str
    body: tuple[str, ...]

    def difference(self, text: str) -> tuple[int, int]:
        """How many lines are not the article's (its headline is), and how many of the article's are missing."""
        lines = [line.strip().removeprefix("- ") for line in text.split("\n") if line.strip()]
        foreign = sum(line not in self.body and line != self.headline for line in lines)
        return foreign, sum(line not in lines for line in self.body)


def _tally(name: str, pages: list[_Known], compare: bool) -> Tally:
    leaks = lost = 0
    unclean = []
    theirs = [0, 0]
    for known in pages:
        page = Page(_URL, known.markup.encode(), "text/html; charset=utf-8")
        leaking, losing = known.difference(extractors.ours(page, whole=True).text)
        leaks, lost = leaks + leaking, lost + losing
        if leaking or losing:
            unclean.append(known.language)
        if compare:
            leaking, losing = known.difference(extractors.theirs(page, whole=True).text)
            theirs = [theirs[0] + leaking, theirs[1] + losing]
    return Tally(
        name,
        tuple(known.language for known in pages),
        leaks,
        lost,
        tuple(unclean),
        (theirs[0], theirs[1]) if compare else None,
    )
