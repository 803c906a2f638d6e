"""Pages that were fetched, written to a crawl's state together: one by one they took a tenth of a fast crawl."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from crawler.state.known import Validators
from crawler.state.policy import next_check
from crawler.state.tables import iso, pages

_AT_ONCE = 500
_FIRST_SEEN = select(pages.c.key, pages.c.first_seen).where(
    pages.c.key.in_(bindparam("keys", expanding=True))
)
_FETCHED = (
    update(pages)
    .where(pages.c.key == bindparam("page"))
    .values(
        state="fetched",
        tries=0,
        due=bindparam("next"),
        fetched=bindparam("now"),
        etag=bindparam("tag"),
        last_modified=bindparam("modified"),
        moved_to=bindparam("elsewhere"),
    )
)


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page by its identity, what its server gave with it, when it came (aware), and where redirects led."""

    key: str
    validators: Validators
    when: datetime
    moved_to: str | None = None


def write_fetched(connection: Connection, fetched: Sequence[FetchedPage]) -> None:
    """Set down that pages were fetched, in their order; one that is not known is passed over."""
    seen: dict[str, str] = {}
    keys = [page.key for page in fetched]
    for start in range(0, len(keys), _AT_ONCE):
        seen.update(connection.execute(_FIRST_SEEN, {"keys": keys[start : start + _AT_ONCE]}).all())
    rows = [_row(page, seen[page.key]) for page in fetched if page.key in seen]
    if rows:
        connection.execute(_FETCHED, rows)


def _row(page: FetchedPage, first_seen: str) -> dict[str, str | None]:
    due = next_check(datetime.fromisoformat(first_seen), page.when)
    return {
        "page": page.key,
        "next": iso(due) if due else None,
        "now": iso(page.when),
        "tag": page.validators.etag,
        "modified": page.validators.last_modified,
        "elsewhere": page.moved_to,
    }
