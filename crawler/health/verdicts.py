"""How an outlet is, by its last run and what is usual for it: pure functions, nothing else has a say."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.health.articles import judge_articles
from crawler.health.layout import judge_texts
from crawler.health.run import Run, Severity, Verdict
from crawler.health.sources import judge_sources

NAMES = (
    "unreachable", "blocked", "feed dead", "consent wall", "paywall", "layout changed", "no text", "moved",
    "links broken", "dates missing", "feed stale", "ok",
)  # fmt: skip
"""All verdicts; of equally bad ones the one that explains the others goes first."""
_UNUSUAL = frozenset(["blocked", "consent wall", "paywall", "layout changed", "no text"])
_RANKS: dict[Severity, int] = {"broken": 0, "degraded": 1, "fine": 2}


def judge(run: Run, history: Sequence[Run]) -> tuple[Verdict, ...]:
    """What is to be said of an outlet after `run`, the worst first; at least one verdict.

    `history` are earlier runs that have an end, newest first: see `RunLog.history`.
    """
    runs = (run, *history)
    found = (
        *judge_sources(runs),
        *judge_articles(runs),
        *judge_texts(runs, [earlier for earlier in history if tells_what_is_usual(earlier)]),
    )
    worst_first = sorted(found, key=lambda each: (_RANKS[each.severity], NAMES.index(each.name)))
    one_of_each = {each.name: each for each in reversed(worst_first)}
    return tuple(each for each in worst_first if one_of_each[each.name] is each) or (_fine(run),)


def tells_what_is_usual(run: Run) -> bool:
    """Whether a judged run's texts are how the outlet's usually are. Those of a layout that the rules don't fit are
    not: it would pass for usual after a while."""
    return run.read > 0 and not any(verdict.name in _UNUSUAL for verdict in run.verdicts)


def _fine(run: Run) -> Verdict:
    pages = run.fetched - run.unchanged
    if run.new_texts:
        said = f"{run.new_texts} new {'text' if run.new_texts == 1 else 'texts'}"
    elif pages > 0:
        said = f"{pages} {'page' if pages == 1 else 'pages'}, no new text"
    else:
        said = "nothing new"
    return Verdict("ok", "fine", said)
