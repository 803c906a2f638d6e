"""What the sources of an outlet say: whether they can be had, and whether what they list is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import pairwise
from statistics import median

from crawler.health.run import Run, Severity, Verdict
from crawler.outlets.seen import SourceSeen

STALE_AFTER = timedelta(days=7)
"""Nothing newer than this is stale for nobody: weekly papers still pass (as `outlets check` has it)."""
STALE_GAPS = 3
"""Times the usual gap between two runs that found something: a summer break is longer than any, a holiday is not."""
SILENT_AFTER = timedelta(days=14)
"""No paper that comes more often is closed for longer: the longest holidays, such as Nowruz, are 13 days."""
SILENT_GAPS = 6
"""Times the usual gap from which nothing comes in any more, as far as one can tell: feed or outlet were given up."""
SILENT_WITHOUT_RHYTHM = timedelta(days=92)
"""The same where no gap is known: a quarterly, which takes a year to show its rhythm, is silent for as long."""
MIN_GAPS = 4
"""Gaps from which one is usual."""
_TO_VERDICT = {"not found": "feed dead", "not parseable": "feed dead", "empty": "feed dead",
               "blocked": "blocked", "failed": "unreachable"}  # fmt: skip


def judge_sources(runs: Sequence[Run]) -> Iterator[Verdict]:
    """By the last run that saw sources, which one that was stopped at once did not; `runs` are newest first."""
    first = next((number for number, run in enumerate(runs) if run.sources), None)
    if first is None:
        return
    run, history = runs[first], runs[first + 1 :]
    working = [seen for seen in run.sources if not _is_down(seen)]
    yield from _down(run, history, none_works=not working)
    yield from _moved(working)
    if working:
        yield from _foreign(run, working)
        yield from _stale(run, history, working)


def _is_down(seen: SourceSeen) -> bool:
    # A news sitemap lists what is two days old at most: at times there is nothing.
    return not seen.works and not (seen.kind == "news sitemap" and seen.verdict == "empty")


def _down(run: Run, history: Sequence[Run], *, none_works: bool) -> Iterator[Verdict]:
    groups: dict[str, list[SourceSeen]] = {}
    for seen in run.sources:
        if _is_down(seen):
            groups.setdefault(_TO_VERDICT.get(seen.verdict, "feed dead"), []).append(seen)
    for name, down in groups.items():
        severity: Severity = "broken" if none_works else "degraded"
        passing = name == "unreachable" or all(seen.status == HTTPStatus.TOO_MANY_REQUESTS for seen in down)
        if passing and _worked_before(history):
            severity = "degraded"
        total = len(run.sources)
        share = "its only source fails" if total == 1 else f"{len(down)} of {total} sources fail"
        yield Verdict(name, severity, f"{share}: {_told(down[0])}")


def _told(seen: SourceSeen) -> str:
    reason = seen.reason or seen.verdict
    return reason if reason.startswith(seen.url) else f"{seen.url}: {reason}"


def _worked_before(history: Sequence[Run]) -> bool:
    """Whether sources could be had in the run before: a server may be out, or have enough of us, for a moment."""
    before = next((run for run in history if run.sources), None)
    return before is not None and any(not _is_down(seen) for seen in before.sources)


def _moved(working: Sequence[SourceSeen]) -> Iterator[Verdict]:
    moved = [seen for seen in working if seen.moved_to]
    if moved:
        more = f", and {len(moved) - 1} more sources moved" if len(moved) > 1 else ""
        yield Verdict("moved", "degraded", f"{moved[0].url} moved for good to {moved[0].moved_to}{more}")


def _foreign(run: Run, working: Sequence[SourceSeen]) -> Iterator[Verdict]:
    """Sources that list articles of another site: the outlet has a new domain, or the source is not its own."""
    entries = sum(seen.entries for seen in working)
    if entries and not run.listed and all(seen.status == 200 for seen in working):
        reason = (
            f"its sources name {entries} addresses, none of them on the outlet's domains; see where they lead"
        )
        yield Verdict("feed dead", "broken", reason)


def _stale(run: Run, history: Sequence[Run], working: Sequence[SourceSeen]) -> Iterator[Verdict]:
    last = _last_published(run, history, working)
    usual = _usual_gap([run, *history])
    limit = max(STALE_AFTER, STALE_GAPS * usual) if usual else STALE_AFTER
    silence = max(SILENT_AFTER, SILENT_GAPS * usual) if usual else SILENT_WITHOUT_RHYTHM
    if last is not None and run.started - last > limit:
        severity: Severity = "broken" if run.started - last > silence else "degraded"
        rhythm = f"; usually there is something new every {_span(usual)}" if usual else ""
        days = (run.started - last).days
        reason = f"nothing new since {last.astimezone(UTC):%Y-%m-%d}, {days} days ago{rhythm}"
        yield Verdict("feed stale", severity, reason)


def _last_published(run: Run, history: Sequence[Run], working: Sequence[SourceSeen]) -> datetime | None:
    """The newest date that is listed, or the last run with something new if that is later. The first run tells
    nothing, since all was new to it, unless no source has dates."""
    found = [each.started for each in (run, *history) if each.new]
    # Of a section page's links the few with a date in their address may be those that stand there for years.
    dates = [seen.newest for seen in working if seen.newest and seen.kind != "section"]
    later = found[:-1] if dates else found or [seen.changed for seen in working if seen.changed]
    return max([*dates, *later], default=None)


def _usual_gap(runs: Sequence[Run]) -> timedelta | None:
    """The median time between two runs that found something new; runs are newest first."""
    found = [run.started for run in runs if run.new]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(found)]
    return timedelta(seconds=median(gaps)) if len(gaps) >= MIN_GAPS else None


def _span(time: timedelta) -> str:
    hours = max(1, round(time.total_seconds() / 3600))
    if hours < 48:
        return "hour" if hours == 1 else f"{hours} hours"
    return f"{round(hours / 24)} days"
