"""What changed between two versions of an article, word by word."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from archive.text.changes import changes, counts
from archive.text.record import blocks_of
from crawler.serving.language import direction
from crawler.serving.library import Library
from crawler.serving.rendering import page
from crawler.serving.views.article import text_row


def show(request: Request) -> Response:
    library: Library = request.app.state.library
    name = request.path_params["name"]
    with library.open(name) as collection:
        after = text_row(collection, request.path_params["text"])
        before = text_row(collection, request.query_params.get("since", "")[:100])
        old, new = (collection.read_text(row)[0] for row in (before, after))
    found = list(changes(blocks_of(old), blocks_of(new)))
    tally = [counts(change) for change in found]
    return page(
        "changes.html",
        name=name,
        before=before,
        after=after,
        changes=found,
        added=sum(added for added, _ in tally),
        removed=sum(removed for _, removed in tally),
        dir=direction(after.language, new),
    )
