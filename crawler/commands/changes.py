"""What changed from one version of a text to the next, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from archive.text.changes import Change, counts
from archive.text.record import Json
from crawler.commands.console import printable

_CONTEXT = 60


def words(changed: Iterable[Change]) -> str:
    """How many words came and went: `(+3 -5)`; empty where nothing changed."""
    found = [counts(change) for change in changed]
    if not found:
        return ""
    added, removed = map(sum, zip(*found, strict=True))
    return f"(+{added} -{removed})"


def changes_json(changed: Iterable[Change]) -> list[list[Json]]:
    """The pieces of each paragraph that differs."""
    return [[{"kind": piece.kind, "text": piece.text} for piece in change] for change in changed]


def shown(change: Change, *, coloured: bool) -> Text:
    """A paragraph that differs, on a line: removed words in [-brackets-], added ones in {+braces+}, or in colour."""
    line = Text("  ")
    for piece in change:
        text = printable(piece.text)
        if piece.kind == "same":
            line.append(_shortened(text))
        elif piece.kind == "removed":
            line.append(text if coloured else f"[-{text}-]", style="red strike")
        else:
            line.append(text if coloured else f"{{+{text}+}}", style="green")
    return line


def _shortened(text: str) -> str:
    """The ends of a long stretch that did not change."""
    if len(text) <= 2 * _CONTEXT:
        return text
    head, tail = text[:_CONTEXT], text[-_CONTEXT:]
    return f"{head.rpartition(' ')[0] or head} … {tail.partition(' ')[2] or tail}"
