"""The forms in which a searched word may stand in a text, with what its language writes onto its front."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("proclitics.toml")
_BARE = 3
"""Letters that a word without its article has at the least: two are left of الله, which has none."""


@dataclass(frozen=True, slots=True)
class _Script:
    letters: re.Pattern[str]
    article: tuple[str, ...]
    before: tuple[tuple[int, tuple[str, ...]], ...]


def forms(term: str) -> tuple[str, ...]:
    """The term itself, then what else it may look like: without its article, and with what may stand before it."""
    script = _script_of(term)
    bare = _without_article(term, script) if script else term
    return tuple(dict.fromkeys((term, bare, *prefixed(term))))


def prefixed(term: str) -> list[str]:
    """The term, without its article if it has one, with each of what may stand before it."""
    script = _script_of(term)
    if script is None:
        return []
    bare = _without_article(term, script)
    return [before + bare for least, some in script.before if len(bare) >= least for before in some]


def _script_of(term: str) -> _Script | None:
    return next((script for script in _scripts() if script.letters.fullmatch(term)), None)


def _without_article(term: str, script: _Script) -> str:
    for article in script.article:
        if term.startswith(article) and len(term) - len(article) >= _BARE:
            return term.removeprefix(article)
    return term


@cache
def _scripts() -> tuple[_Script, ...]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        _Script(
            re.compile(f"[{table['letters']}]+"),
            tuple(table["article"]),
            tuple((int(least), tuple(some)) for least, some in table["before"].items()),
        )
        for table in tables.values()
    )
