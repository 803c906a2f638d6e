"""Why a page gave the text that it gave: each of its lines with what became of it, from the run that made the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from archive.extraction.article import Article, Outcome
from archive.extraction.metadata import dates
from archive.extraction.parsing.outline import Outline, Run
from archive.extraction.wording.folding import has_digit, key, normal

Verdict = Literal["headline", "standfirst", "kept", "dropped"]
NOT_CHOSEN = "not-chosen"
"""The rule of a line that nothing dropped and that was not taken for the main text either."""
EMBEDDED = "json-ld.article-body"
"""The rule of a paragraph that the page does not show: its JSON-LD holds it."""
_STAMP = 120  # characters; a line that gives a date or an author says little else


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page as a reader sees it, NFC.

    rule    what dropped it, such as `related.marker`; None for a line of the article
    group   number of the block that it was dropped with; None for a line that was judged alone
    became  the field of the article that it gave although it left the text: `source`, `authors`, `date_published`
    """

    text: str
    verdict: Verdict
    rule: str | None = None
    group: int | None = None
    became: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the article as text, and where the page states the same: `h1`, `meta og:title`, `JSON-LD author`."""

    name: str
    value: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of a page: its outcome and its lines in document order, and the article's fields.

    Of a page that is no article the lines `kept` are those that its text would have been.
    """

    outcome: Outcome
    lines: tuple[Line, ...] = ()
    fields: tuple[Field, ...] = ()


def explained_lines(outcome: Outcome, outline: Outline, chosen: Sequence[Run]) -> tuple[Line, ...]:
    """The lines of an outline that extraction has worked through; `chosen` are the runs of the main text."""
    kept = set(chosen)
    article = outcome if isinstance(outcome, Article) else None
    headline = _shown_headline(outline, article)
    return tuple(_line(run, article, run in kept, run in headline) for run in outline.runs)


def embedded_lines(paragraphs: Iterable[str]) -> tuple[Line, ...]:
    """Paragraphs of the article that stand in the page's data alone."""
    return tuple(Line(normal("NFC", text), "kept", EMBEDDED) for text in paragraphs)


def _line(run: Run, article: Article | None, kept: bool, headline: bool) -> Line:
    text = normal("NFC", run.text)
    if headline:
        return Line(text, "headline")
    if run.rule == "standfirst":
        return Line(text, "standfirst")
    if run.rule is None and kept:
        return Line(text, "kept")
    group = run.group if run.group >= 0 else None
    return Line(text, "dropped", run.rule or NOT_CHOSEN, group, _became(run, article) if article else None)


def _shown_headline(outline: Outline, article: Article | None) -> set[Run]:
    """The lines that show the headline: those of its h1, else the first line with the same letters."""
    if article is None:
        return set()
    said = key(article.headline)
    shown = [run for run in outline.runs if run.rule == "headline.h1" and run.key and run.key in said]
    if not shown:
        shown = [run for run in outline.runs if run.rule in ("headline.repeated", "headline.h1")]
        shown = [run for run in shown if run.key == said or run.rule == "headline.h1"][:1]
    return set(shown)


def _became(run: Run, article: Article) -> str | None:
    if run.rule is None or len(run.text) > _STAMP:
        return None
    if article.source and run.rule.startswith(("source.", "translation.")):
        return "source" if run.text in (article.source.wording, article.source.url) else None
    if run.rule.startswith(("byline.", "author.")) and names_one_of(run, article.authors):
        return "authors"
    if run.rule.startswith(("stamp.", "byline.")) and gives_day(run, article.date_published):
        return "date_published"
    return None


def names_one_of(run: Run, authors: Sequence[str]) -> bool:
    """Whether a line names one of the authors."""
    return any((said := key(name)) and said in run.key for name in authors)


def gives_day(run: Run, moment: dates.Moment | None) -> bool:
    """Whether a short line gives the day of `moment`."""
    if moment is None or len(run.text) > _STAMP or not has_digit(run.text):
        return False
    shown = dates.parse(run.text)
    return shown is not None and dates.day_of(shown) == dates.day_of(moment)
