"""What the pages that were read say: whether their text is still found, and as much of it as is usual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, lgamma, log
from statistics import median

from crawler.health.evidence import MIN_HITS, Evidence, at_least, gather
from crawler.health.run import Run, Verdict

BASELINE_RUNS = 3
"""Runs from which something is usual for an outlet."""
BASELINE_PAGES = 10
"""Pages that they must have had together."""
CHANCE = 0.001
"""Probability below which it is no chance that pages have no text: an outlet that is crawled each hour would be called
broken once in six weeks."""
DEVIATIONS = 3.0
"""Standard deviations below the usual from which texts are much shorter, beyond what differs from day to day."""
FEWER = 0.5
"""Share of the usual that is left at most where a layout changed; pages differ, layouts lose most of the text."""
SHORT_TEXTS = 5
"""Texts from which their median length says something."""
NO_TEXT_PAGES = 5
"""Pages without a single text from which something is wrong although nobody knows what is usual: the first links of a
section page may all be videos, but not so many."""
DATELESS = 0.5
"""Share of texts without a date from which the outlet's dates are not found."""
_WALLS = ("consent", "paywall", "login", "bot-wall", "not-found", "unavailable", "redirect")
_SURE = 0.95
"""The most that is taken for the usual share of texts: with 1 a single page without would be beyond chance."""


def judge_texts(runs: Sequence[Run], usual: Sequence[Run]) -> Iterator[Verdict]:
    """`usual` are the earlier ones of the runs that tell what is usual; both newest first."""
    yield from _gone(runs, usual) or _none(runs) or _shorter(runs, usual)
    if found := gather(runs, _texts, lambda run: run.missing["date"], DATELESS):
        yield Verdict("dates missing", "degraded", f"{found.told('texts')} have no date of publication")


def _pages(run: Run) -> int:
    """Pages read that could have text: a wall is no layout."""
    return run.read - sum(run.kinds[wall] for wall in _WALLS)


def _without(run: Run) -> int:
    return _pages(run) - run.texts_read


def _texts(run: Run) -> int:
    return run.texts_read


def _gone(runs: Sequence[Run], usual: Sequence[Run]) -> list[Verdict]:
    read, texts = sum(run.read for run in usual), sum(map(_texts, usual))
    if len(usual) < BASELINE_RUNS or read < BASELINE_PAGES or not texts:
        return []
    share = min(_SURE, texts / read)

    def beyond_chance(without: int, pages: int) -> bool:
        return without >= MIN_HITS and _chance(pages - without, pages, share) < CHANCE

    found = gather(runs, _pages, _without, 1 - FEWER * share, beyond_chance)
    if found is None:
        return []
    reason = f"{found.told('pages')} have no text, where usually {texts / read:.0%} of them have one"
    return [Verdict("layout changed", "broken", reason + _kinds(found))]


def _chance(texts: int, pages: int, share: float) -> float:
    """The probability of so few texts or fewer among the pages (binomial), where each has one with that share."""

    def term(k: int) -> float:
        ways = lgamma(pages + 1) - lgamma(k + 1) - lgamma(pages - k + 1)
        return exp(ways + k * log(share) + (pages - k) * log(1 - share))

    return sum(map(term, range(texts + 1)))


def _none(runs: Sequence[Run]) -> list[Verdict]:
    found = gather(
        runs, lambda run: run.read, lambda run: run.read - run.texts_read, 1.0, at_least(NO_TEXT_PAGES)
    )
    if found is None or sum(map(_pages, found.runs)) == 0:
        return []
    return [Verdict("no text", "broken", f"{found.told('pages')} have no text{_kinds(found)}")]


def _shorter(runs: Sequence[Run], usual: Sequence[Run]) -> list[Verdict]:
    lengths = [run.median_length for run in usual if run.median_length is not None]
    if len(lengths) < BASELINE_RUNS or sum(run.texts_read for run in usual) < BASELINE_PAGES:
        return []
    middle = median(lengths)
    # 1.4826: what makes of the median deviation the standard deviation of a normal distribution.
    spread = 1.4826 * median(abs(length - middle) for length in lengths)
    limit = min(FEWER * middle, middle - DEVIATIONS * spread)

    def short(run: Run) -> int:
        return run.texts_read if run.median_length is not None and run.median_length < limit else 0

    found = gather(runs, _texts, short, 1.0, at_least(SHORT_TEXTS))
    if found is None:
        return []
    now = median(run.median_length for run in found.runs if run.median_length is not None)
    reason = f"the {found.pages} texts read last have {now:.0f} characters in the median, where {middle:.0f} are usual"
    return [Verdict("layout changed", "broken", reason)]


def _kinds(found: Evidence) -> str:
    """What the pages are instead, the most frequent kind first."""
    told = (f"{number} {kind}" for kind, number in found.sum(lambda run: run.kinds).most_common(3))
    return f" ({', '.join(told)})"
