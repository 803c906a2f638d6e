"""Corpora of pages whose article is known: files NAME.jsonl.gz of a folder, and the newsroom of the demo.

A line of a corpus is a JSON object with `html` and, as far as they are known, `id`, `url`, `gold_core` (the body) or
`gold` (standfirst and body), `with` and `without` (snippets that must and that must not be in the text), `title`,
`authors` and `date`. A module leaks.py in the folder, if there is one, has `leak_lines(text, gold)`, which picks the
lines of boilerplate out of a text by their wording.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archive.extraction.article import Page
from benchmarks import extractors
from benchmarks.scoring import Figures, LeakLines, Marks, Reference, mark, total
from crawler.demo.edition import Edition
from crawler.demo.newsroom import Newsroom
from crawler.demo.site import site

_ROOT = Path(__file__).resolve().parents[1]
_SUFFIX = ".jsonl.gz"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Scored:
    """One corpus: how many pages, our figures, and Trafilatura's unless they were left out."""

    name: str
    pages: int
    ours: Figures
    theirs: Figures | None


def folder(named: Path | None) -> Path | None:
    """The folder named on the command line or in TEARSHEET_CORPORA; else `corpora` or `shared/corpora` beside the
    repository, if there is one."""
    told = named or (Path(os.environ["TEARSHEET_CORPORA"]) if os.environ.get("TEARSHEET_CORPORA") else None)
    if told is not None:
        if not files(told):
            raise SystemExit(f"{told}: no corpus there; name a folder that holds files called *{_SUFFIX}")
        return told
    beside = (_ROOT.parent / "corpora", _ROOT.parent / "shared" / "corpora")
    return next((place for place in beside if files(place)), None)


def files(place: Path) -> dict[str, Path]:
    """Name -> file of each corpus in the folder."""
    return {path.name.removesuffix(_SUFFIX): path for path in sorted(place.glob(f"*{_SUFFIX}"))}


def fingerprint(path: Path) -> str:
    """The file's SHA-256, by which a floor knows that it is the same corpus."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def count(path: Path) -> int:
    """How many pages a corpus has."""
    return sum(1 for _ in _lines(path, 1))


def pages(path: Path, every: int) -> Iterator[Page]:
    """Every so manieth page of a corpus."""
    return (_page(json.loads(line)) for line in _lines(path, every))


def score(path: Path, every: int, compare: bool) -> Scored:
    """Figures of every so manieth page of a corpus, worked out in as many processes as there are processors."""
    work = partial(_score_line, leaks=path.parent / "leaks.py", compare=compare)
    with ProcessPoolExecutor() as pool:
        marks = list(pool.map(work, _lines(path, every), chunksize=4))
    return _scored(path.name.removesuffix(_SUFFIX), marks)


def newsroom(compare: bool) -> Scored:
    """Figures of every story of the demo newsroom's last edition, in its outlet's theme.

    A leak is a line that is not the story's.
    """
    marks = []
    for page, paragraphs, reference in _stories():
        lines: LeakLines = partial(_foreign, told=paragraphs | {reference.title})
        marks.append(_marks(page, reference, lines, whole=False, compare=compare))
    return _scored("newsroom", marks)


def _lines(path: Path, every: int) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from islice(lines, 0, None, every)


def _page(entry: Mapping[str, Any]) -> Page:
    url = entry.get("url") or f"https://corpus.example/{entry.get('id', '')}"
    return Page(url, entry["html"].encode("utf-8", "replace"), _HTML)


def _score_line(line: str, leaks: Path, compare: bool) -> tuple[Marks, Marks | None]:
    entry = json.loads(line)
    whole = not entry.get("gold_core")
    reference = Reference(
        text=entry.get("gold_core") or entry.get("gold"),
        within=tuple(entry.get("with") or ()),
        without=tuple(entry.get("without") or ()),
        title=entry.get("title"),
        authors=tuple(filter(None, entry.get("authors") or ())),
        date=str(entry["date"]) if entry.get("date") else None,
    )
    lines = _leak_lines(leaks)
    # What is boilerplate is judged against the whole text, standfirst included.
    told = partial(_against, lines, entry.get("gold")) if lines else None
    return _marks(_page(entry), reference, told, whole, compare)


def _marks(
    page: Page, reference: Reference, lines: LeakLines | None, whole: bool, compare: bool
) -> tuple[Marks, Marks | None]:
    ours = mark(extractors.ours(page, whole), reference, lines)
    if not compare:
        return ours, None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return ours, mark(extractors.theirs(page, whole), reference, lines)


def _scored(name: str, marks: list[tuple[Marks, Marks | None]]) -> Scored:
    theirs = [other for _, other in marks if other is not None]
    return Scored(name, len(marks), total([own for own, _ in marks]), total(theirs) if theirs else None)


def _against(lines: LeakLines, gold: str | None, text: str, reference: str | None) -> list[str]:
    return list(lines(text, gold))


@cache
def _leak_lines(path: Path) -> LeakLines | None:
    """The function of the corpora's own module, or None where there is no such file."""
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("corpora_leaks", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path}: not a Python module; mend it or take it out of the folder")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[str, str | None], list[str]] = module.leak_lines
    return found


def _stories() -> Iterator[tuple[Page, frozenset[str], Reference]]:
    whole_room = Newsroom.load()
    bases = {outlet.name: f"https://{outlet.name}.example" for outlet in whole_room.outlets}
    latest = max(
        number
        for outlet in whole_room.outlets
        for story in outlet.stories
        for number in (story.since, *(revision.edition for revision in story.revisions))
    )
    for outlet in whole_room.outlets:
        edition = Edition(whole_room, outlet, bases, latest)
        replies = site(edition)
        for story in edition.stories:
            told = edition.expected(story)
            reply = replies[unquote(told.url.removeprefix(bases[outlet.name]))]
            reference = Reference(
                text="\n\n".join(told.paragraphs),
                title=told.headline,
                authors=told.authors,
                date=str(told.date_published),
            )
            yield Page(told.url, reply.body, reply.content_type), frozenset(told.paragraphs), reference


def _foreign(text: str, reference: str | None, told: frozenset[str | None]) -> list[str]:
    return [line for line in text.split("\n") if line.strip() and line.strip().removeprefix("- ") not in told]
