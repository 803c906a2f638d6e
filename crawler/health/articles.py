"""What the answers for articles say: whether the server gives them, and whether they are more than a wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from crawler.health.evidence import Evidence, gather
from crawler.health.failures import BAD_LINKS, NOT_ASKED, PAID, REFUSED, unreachable
from crawler.health.run import Run, Verdict

SOME = 0.2
"""Share of an outlet's articles from which what happened to them is told: below are its odd pages, such as those that
robots.txt closes or that are for subscribers."""
MOST = 0.5
"""Share from which the outlet counts as broken: most of what it publishes does not come in."""


def judge_articles(runs: Sequence[Run]) -> Iterator[Verdict]:
    """One verdict at most for each thing that keeps articles away; `runs` are newest first."""
    for name, pages, hits, what in (
        ("blocked", _tried, _refused, "articles are refused to this crawler"),
        ("consent wall", _read, _consent, "pages are a wall that asks for consent"),
        ("paywall", _answered_anew, _unpaid, "articles are for subscribers"),
    ):
        if found := gather(runs, pages, hits, SOME):
            nouns, said = what.split(" ", 1)
            reason = f"{found.told(nouns)} {said}{_why(found, name)}"
            yield Verdict(name, "broken" if found.share >= MOST else "degraded", reason)
    yield from _unreachable(runs)
    if found := gather(runs, _asked, _leads_nowhere, MOST):
        why = _told(found.sum(_failed(BAD_LINKS.__contains__)))
        yield Verdict("links broken", "degraded", f"{found.told('listed articles')} lead nowhere{why}")
    if found := gather(runs, _fetched, lambda run: run.moved.total(), MOST):
        ((host, _),) = found.sum(lambda run: run.moved).most_common(1)
        reason = f"{found.told('articles')} moved for good to {host}; add it to the outlet's domains"
        yield Verdict("moved", "degraded", reason)


def _asked(run: Run) -> int:
    return run.fetched + run.failed - _failed(NOT_ASKED.__contains__)(run).total()


def _tried(run: Run) -> int:
    """Articles that tell how the server is; those that are not there don't."""
    return _asked(run) - _leads_nowhere(run)


def _answered_anew(run: Run) -> int:
    """Of them those that are not as they were: an offer to subscribe that has not changed is still one."""
    return _tried(run) - run.unchanged


def _fetched(run: Run) -> int:
    return run.fetched


def _read(run: Run) -> int:
    return run.read


def _leads_nowhere(run: Run) -> int:
    return _failed(BAD_LINKS.__contains__)(run).total()


def _refused(run: Run) -> int:
    return _failed(REFUSED.__contains__)(run).total() + run.kinds["bot-wall"]


def _consent(run: Run) -> int:
    return run.kinds["consent"]


def _unpaid(run: Run) -> int:
    return _failed(PAID.__contains__)(run).total() + run.kinds["paywall"] + run.kinds["login"]


def _out(run: Run) -> int:
    return _failed(unreachable)(run).total()


def _failed(why: Callable[[str], bool]) -> Callable[[Run], Counter[str]]:
    """The failures of a run that are of a sort, by their words."""
    return lambda run: Counter({word: number for word, number in run.statuses.items() if why(word)})


def _why(found: Evidence, name: str) -> str:
    if name != "blocked":
        return ""
    words = found.sum(_failed(REFUSED.__contains__))
    words["challenge pages"] = found.sum(lambda run: run.kinds)["bot-wall"]
    return _told(+words)


def _told(words: Counter[str]) -> str:
    """Failures by their words, the most frequent first."""
    each = (
        f"{number} {f'HTTP {word}' if word.isdecimal() else word}" for word, number in words.most_common(3)
    )
    return f" ({', '.join(each)})" if words else ""


def _unreachable(runs: Sequence[Run]) -> Iterator[Verdict]:
    """Broken where the run before had the same: a server may be out for a moment."""
    if found := gather(runs, _tried, _out, SOME):
        tried = [run for run in runs if _tried(run)]
        lasting = len(tried) > 1 and all(_out(run) >= MOST * _tried(run) for run in tried[:2])
        reason = f"{found.told('articles')} could not be had{_told(found.sum(_failed(unreachable)))}"
        yield Verdict("unreachable", "broken" if lasting else "degraded", reason)
