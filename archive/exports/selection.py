"""Which articles of a collection are exported, and each as one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from archive.catalogue.rows import TextRow
from archive.collection import Collection
from archive.errors import CollectionError, ExportError
from archive.text.record import Json, paragraphs_of

_NAMED = 8  # outlets or languages that an error names; more would hide what it says


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted of a collection; an empty set or None wants all.

    outlets    names of outlets as the articles have them, any case
    languages  ISO 639-1 codes
    since      the first day wanted,
    until      and the last: of publication as the page states it in its own offset, or where it states none, of the
               first capture in UTC
    """

    outlets: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None

    def may_take(self, row: TextRow) -> bool:
        """What can be told without the JSON beside the text."""
        outlets = {name.casefold() for name in self.outlets}
        return (not outlets or (row.outlet or "").casefold() in outlets) and (
            not self.languages or row.language in self.languages
        )

    def takes(self, record: Json) -> bool:
        if self.since is None and self.until is None:
            return True
        day = date.fromisoformat((record["date_published"] or record["captures"][0]["date"])[:10])
        return (self.since or date.min) <= day <= (self.until or date.max)


def articles(
    collection: Collection, selection: Selection, on_damage: Callable[[CollectionError], None]
) -> Iterator[Json]:
    """The articles that are wanted, by the numbers of their texts: the JSON beside each text, and after that `words`,
    `body` (the paragraphs, a blank line between them) and `text_file`.

    A text that no capture has any more is left out: another one took its place when its page was extracted anew. One
    that can't be read goes to `on_damage`. Raises ExportError, before the first is asked for, where there is none.
    """
    rows = _articles(collection, selection, on_damage)
    first = next(rows, None)
    if first is None:
        raise ExportError(_nothing(collection, selection))
    return chain((first,), rows)


def _articles(
    collection: Collection, selection: Selection, on_damage: Callable[[CollectionError], None]
) -> Iterator[Json]:
    for row in filter(selection.may_take, collection.text_rows()):
        try:
            content, record = collection.read_text(row)
        except CollectionError as error:
            on_damage(error)
            continue
        if record["captures"] and selection.takes(record):
            body = "\n\n".join(paragraphs_of(record, content.encode()))
            yield record | {"words": row.words, "body": body, "text_file": row.name.text}


def _nothing(collection: Collection, selection: Selection) -> str:
    outlets: set[str] = set()
    languages: set[str] = set()
    number = 0
    for number, row in enumerate(collection.text_rows(), 1):  # noqa: B007 - it is used after the loop
        outlets |= {row.outlet} if row.outlet else set()
        languages |= {row.language} if row.language else set()
    root = collection.places.root
    if not number:
        return f"{root} holds no text yet; there is nothing to export"
    if selection == Selection():
        return f"{root}: none of its {number} texts can be read; see what `tearsheet verify {root}` says"
    return (
        f"{root}: the filters leave none of its {number} texts; they are of the outlets {_some(outlets)}, in the "
        f"languages {_some(languages)}"
    )


def _some(names: set[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:_NAMED]) + (" and others" if len(listed) > _NAMED else "") or "(unknown)"
