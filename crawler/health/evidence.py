"""What the last runs say together, where one of them alone has too few pages to say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.health.run import Run

MIN_HITS = 3
"""Pages from which a share of them means something: one or two may be odd ones in any run."""

Counting = Callable[[Run], int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """So many of so many pages, and the runs that had them, newest first."""

    hits: int
    pages: int
    runs: tuple[Run, ...]

    @property
    def share(self) -> float:
        return self.hits / self.pages

    def told(self, nouns: str) -> str:
        """`4 of 5 articles`, and of how many runs, where it took several."""
        of = f"{self.hits} of {self.pages} {nouns}"
        return of if len(self.runs) == 1 else f"{of} of the last {len(self.runs)} runs that had any"

    def sum(self, counter: Callable[[Run], Counter[str]]) -> Counter[str]:
        """A counter of the runs, added up."""
        total: Counter[str] = Counter()
        for run in self.runs:
            total.update(counter(run))
        return total


def at_least(number: int) -> Callable[[int, int], bool]:
    """Whether hits among pages are so many."""
    return lambda hits, _pages: hits >= number


ENOUGH = at_least(MIN_HITS)


def gather(
    runs: Sequence[Run],
    pages: Counting,
    hits: Counting,
    threshold: float,
    enough: Callable[[int, int], bool] = ENOUGH,
) -> Evidence | None:
    """The newest runs whose hits among their pages are `enough`; `runs` are newest first.

    None where the share of hits falls below the threshold on the way there, be it in the newest run with pages: so one
    good run is enough to recover, a run without pages changes nothing, and an outlet that publishes one article a run
    is found out after three.
    """
    taken: list[Run] = []
    of = among = 0
    for run in runs:
        if not pages(run):
            continue
        taken.append(run)
        of += hits(run)
        among += pages(run)
        if of < threshold * among:
            return None
        if enough(of, among):
            return Evidence(of, among, tuple(taken))
    return None
