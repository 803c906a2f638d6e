"""A text and the JSON beside it, as a document of the index of words."""

from __future__ import annotations

from collections.abc import Iterable

from archive.catalogue.search_rows import Document, Listed, Words
from archive.search.terms import joined, terms
from archive.text.record import Json, blocks_of

_OPENING = 300
"""Characters of what a list shows of a text."""


def document_of(listed: Listed, content: str, record: Json) -> Document:
    """`content` is the text file's: the headline, then all that it is found by."""
    headline, *blocks = blocks_of(content)
    body = "\n\n".join(blocks)
    words = Words(
        headline=_line(headline),
        body=_line(body),
        about=_line("\n".join(_about(listed, record))),
        variants=" ".join(term.text for text in (headline, body) for term in joined(text)),
    )
    return Document(listed, str(record.get("kind") or "article"), _opening(blocks), words)


def _about(listed: Listed, record: Json) -> Iterable[str]:
    yield from map(str, record.get("authors") or ())
    yield from map(str, record.get("tags") or ())
    yield str(record.get("section") or "")
    yield str((record.get("source") or {}).get("name") or "")
    yield listed.outlet or ""


def _line(text: str) -> str:
    return " ".join(term.text for term in terms(text))


def _opening(blocks: list[str]) -> str:
    text = " ".join(" ".join(blocks[:3]).split())
    if len(text) <= _OPENING:
        return text
    cut = text[:_OPENING]
    return (cut.rpartition(" ")[0] if " " in cut[-40:] else cut) + " …"
