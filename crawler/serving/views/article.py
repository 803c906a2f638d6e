"""An article: its text, what is known of it, and the way from there to the bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.capture import Capture
from archive.catalogue.rows import TextRow
from archive.collection import Collection
from archive.history import history
from archive.search.marking import Piece, marked
from archive.search.query import Query
from archive.text.names import parse_name
from archive.text.record import Json, blocks_of
from crawler.serving.archived import Archived
from crawler.serving.asking import Asked
from crawler.serving.language import direction
from crawler.serving.library import Library
from crawler.serving.rendering import page

SHOWN = 200
"""Captures, and versions, that a page lists: the last ones."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule dropped from the page."""

    name: str
    blocks: tuple[Json, ...]

    @property
    def words(self) -> int:
        return sum(len(str(block["text"]).split()) for block in self.blocks)


def show(request: Request) -> Response:
    library: Library = request.app.state.library
    archived: Archived = request.app.state.archived
    name = request.path_params["name"]
    asked = Asked.of(request.query_params)
    with library.open(name) as collection:
        row = text_row(collection, request.path_params["text"])
        content, record = collection.read_text(row)
        captures = collection.catalogue.captures_of(row.number)
        versions = list(deque(history(collection, row.url), maxlen=SHOWN))
    chosen = _chosen(captures, request.query_params.get("capture"))
    if chosen and (elsewhere := _own_origin(request, archived)):
        return elsewhere
    return page(
        "article.html",
        name=name,
        row=row,
        record=record,
        asked=asked,
        **_text(content, record, asked.query),
        captures=captures[-SHOWN:],
        captures_left_out=max(0, len(captures) - SHOWN),
        versions=versions,
        rules=_rules(record["removed"]),
        capture=chosen,
        archived_url=archived.url(chosen, name) if chosen else None,
        sandbox=archived.sandbox,
    )


def text_row(collection: Collection, stem: str) -> TextRow:
    """The text of that name. Raises HTTPException (404) where the collection has none."""
    name = parse_name(f"{stem}.txt")
    row = collection.catalogue.text(name.number) if name and name.number < 1 << 62 else None
    if name is None or row is None or row.hash != name.hash:
        raise HTTPException(404, f"The collection “{collection.name}” has no text of the name “{stem}”.")
    return row


def _text(content: str, record: Json, query: Query) -> dict[str, Any]:
    """The text in marked pieces, and how it runs."""
    headline, *blocks = blocks_of(content)
    standfirst = [blocks.pop(0)] if record["standfirst"] and blocks else []
    return {
        "dir": direction(record["language"], content),
        "headline": marked(headline, query),
        "standfirst": marked(standfirst[0], query) if standfirst else (),
        "paragraphs": _marked(blocks, query),
    }


def _marked(blocks: Iterable[str], query: Query) -> list[tuple[Piece, ...]]:
    return [marked(block, query) for block in blocks]


def _chosen(captures: Sequence[Capture], wanted: str | None) -> Capture | None:
    """The capture whose page is shown beside the text: that of the number asked for, else the last one."""
    named = next((capture for capture in captures if str(capture.number) == wanted), None)
    return named or (captures[-1] if captures else None)


def _rules(removed: Iterable[Json]) -> list[Rule]:
    found: dict[str, list[Json]] = {}
    for block in removed:
        found.setdefault(str(block["rule"]), []).append(block)
    rules = [Rule(name, tuple(blocks)) for name, blocks in found.items()]
    return sorted(rules, key=lambda rule: (-rule.words, rule.name))


def _own_origin(request: Request, archived: Archived) -> Response | None:
    """Archived pages are shown in frames of one origin alone: `localhost` is sent there."""
    here = request.headers["host"].lower()
    if here.startswith("localhost:") and archived.app.endswith(f"127.0.0.1:{here.partition(':')[2]}"):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{archived.app}{request.url.path}{query}", 307)
    return None
