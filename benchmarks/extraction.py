"""The quality and the speed of extraction, beside Trafilatura's, and the floor that quality may not fall below.

    python benchmarks/extraction.py [--corpora DIR] [--every N] [--ours] [--no-speed]
    python benchmarks/extraction.py --check          exit status 1 when a figure is below benchmarks/floor.toml
    python benchmarks/extraction.py --raise-floor    write what is better than floor.toml into it

README.md in this folder says how to read the tables. --check and --raise-floor measure large corpora on every so
manieth page, as the floor says, and neither the speed nor Trafilatura.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from archive.extraction.article import Page
from benchmarks import corpora, shapes, speed
from benchmarks.floor import Floor
from benchmarks.scoring import Figures

_COLUMNS = ("f1", "exact", "leaks", "without", "title", "authors", "date")
_SMALL = 200
"""A corpus of no more pages is held to its floor whole."""


def main() -> int:
    """Measure, print, and hold against the floor or raise it."""
    options = _options()
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    floor = Floor.read()
    strict = options.check or options.raise_floor
    compare = not (options.ours or strict)
    place = corpora.folder(options.corpora)
    files = corpora.files(place) if place else {}

    _head()
    measured = {"newsroom": _corpus(corpora.newsroom(compare), list(speed.newsroom()), options)}
    for name, path in files.items():
        pages = corpora.count(path)
        every = options.every if not strict else floor.every if pages > _SMALL else 1
        timed = [] if strict else _spread(path, pages, options.speed_pages)
        measured[f"corpora.{name}"] = _corpus(corpora.score(path, every, compare), timed, options)
    measured["blocks"] = _tallies("block shapes", shapes.blocks(compare), "leaks", compare)
    measured["layouts"] = _tallies("layouts in three markups", shapes.layouts(compare), "noise", compare)
    if not strict:
        return 0

    prints = {name: corpora.fingerprint(path) for name, path in files.items()}
    for name, digest in prints.items():
        if floor.corpora.get(name, digest) != digest:
            print(f"\n{name}: another corpus than the floor's, which stays as it is")
            del measured[f"corpora.{name}"]
    return _raise(floor, measured, prints) if options.raise_floor else _check(floor, measured)


def _check(floor: Floor, measured: dict[str, Figures]) -> int:
    broken = list(floor.broken(measured))
    for sentence in broken:
        print(f"BELOW THE FLOOR {sentence}")
    if not broken:
        print(f"\nfloor held: {', '.join(name for name in floor.sections if name in measured)}")
    return 1 if broken else 0


def _raise(floor: Floor, measured: dict[str, Figures], prints: dict[str, str]) -> int:
    raised = floor.raised(measured, prints)
    raised.write()
    for name, section in raised.sections.items():
        before = floor.sections.get(name, {})
        for figure, value in section.items():
            if before.get(figure) != value:
                print(f"{name}: {figure} {before.get(figure, '(new)')} -> {value:g}")
    return 0


def _head() -> None:
    print(f"{'':16}{'pages':>6} {'':12}" + "".join(f"{name:>9}" for name in _COLUMNS) + f"{'x lxml':>9}")


def _corpus(scored: corpora.Scored, timed: list[Page], options: argparse.Namespace) -> Figures:
    """Print a corpus' rows; our figures."""
    ratios: list[float] = []
    if timed and not (options.no_speed or options.check or options.raise_floor):
        ratios = speed.ratios(timed, options.rounds, theirs=scored.theirs is not None)
    rows = [("tearsheet", scored.ours), ("Trafilatura", scored.theirs)]
    for number, (label, figures) in enumerate(rows):
        if figures is not None:
            start = f"{scored.name:16}{scored.pages:6}" if not number else " " * 22
            cells = "".join(f"{_shown(figures.get(name)):>9}" for name in _COLUMNS)
            time = f"{ratios[number]:9.1f}" if ratios else ""
            print(f"{start} {label:12}{cells}{time}", flush=True)
    return scored.ours


def _tallies(title: str, tallies: Iterable[shapes.Tally], leaking: str, compare: bool) -> Figures:
    """Print a table of our own pages; how many pages there are, and what leaks and is lost in all of them."""
    print(
        f"\n{title:32}{'pages':>6}{leaking:>8}{'lost':>6}{f'   Trafilatura{leaking:>8}' if compare else ''}",
        end="",
    )
    print(f"{'lost':>6}" if compare else "")
    pages = leaks = lost = kinds = 0
    for tally in tallies:
        theirs = f"{'':14}{tally.theirs[0]:8}{tally.theirs[1]:6}" if tally.theirs else ""
        unclean = f"   {' '.join(tally.unclean)}" if tally.unclean else ""
        print(
            f"{tally.name:32}{len(tally.languages):6}{tally.leaks:8}{tally.lost:6}{theirs}{unclean}",
            flush=True,
        )
        kinds, pages = kinds + 1, pages + len(tally.languages)
        leaks, lost = leaks + tally.leaks, lost + tally.lost
    print(f"{'in all':32}{pages:6}{leaks:8}{lost:6}")
    return {"kinds": kinds, "pages": pages, leaking: leaks, "lost": lost}


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _spread(path: Path, pages: int, wanted: int) -> list[Page]:
    """So many pages of a corpus, evenly spread."""
    return list(islice(corpora.pages(path, max(1, pages // wanted)), wanted)) if wanted else []


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Quality and speed of extraction, beside Trafilatura's.")
    parser.add_argument(
        "--corpora", type=Path, help="folder of corpora, *.jsonl.gz; else TEARSHEET_CORPORA names it"
    )
    parser.add_argument("--every", type=int, default=1, help="take every so manieth page of a corpus")
    parser.add_argument("--ours", action="store_true", help="leave Trafilatura's own extraction out")
    parser.add_argument("--no-speed", action="store_true", help="leave the times out")
    parser.add_argument("--speed-pages", type=int, default=30, help="pages of a corpus that are timed")
    parser.add_argument("--rounds", type=int, default=3, help="times that each page is timed")
    strict = parser.add_mutually_exclusive_group()
    strict.add_argument("--check", action="store_true", help="exit status 1 when a figure is below the floor")
    strict.add_argument("--raise-floor", action="store_true", help="write better figures into the floor")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
