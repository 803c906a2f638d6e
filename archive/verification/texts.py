"""The text files of a collection against their names, and the JSON beside them against the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from archive.catalogue.rows import TextRow
from archive.collection import Collection
from archive.digests import text_hash
from archive.errors import CollectionError
from archive.text.names import TextName
from archive.text.record import capture_json
from archive.text.store import TextStore
from archive.verification.findings import Finding, Tally

TEXT_FIELDS = ("url", "headline", "canonical_url", "outlet", "date_published", "language")
"""What the JSON beside a text and the catalogue both know of it."""


def verify_texts(collection: Collection, tally: Tally) -> Iterator[Finding]:
    """Compare the files of all texts with their names and with the catalogue, both ways."""
    for row in collection.text_rows():
        tally.texts += 1
        name = row.name
        try:
            if text_hash(collection.texts.read(name)) != name.hash:
                yield Finding(
                    collection.texts.path(name), "its bytes do not have the hash in its name", code="text"
                )
        except CollectionError as error:
            yield Finding(collection.texts.path(name), f"the catalogue has this text: {error}", code="text")
        yield from _record(collection, row, name)
    for name in sorted(collection.texts.names()):
        known = collection.catalogue.text(name.number)
        if known is None or known.hash != name.hash:
            yield Finding(
                collection.texts.path(name),
                "the catalogue does not know this text; `verify --repair` sets it aside",
                code="text",
            )


def verify_names(store: TextStore, tally: Tally) -> Iterator[Finding]:
    """Compare text files with their names alone."""
    for name in sorted(store.names()):
        tally.texts += 1
        try:
            if text_hash(store.read(name)) != name.hash:
                yield Finding(store.path(name), "its bytes do not have the hash in its name", code="text")
        except CollectionError as error:
            yield Finding(store.path(name), f"its JSON is there: {error}", code="text")


def _record(collection: Collection, row: TextRow, name: TextName) -> Iterator[Finding]:
    path = collection.texts.record_path(name)
    try:
        record = collection.texts.read_record(name)
    except CollectionError as error:
        yield Finding(path, f"the catalogue has this text: {error}", code="text")
        return
    for field in TEXT_FIELDS:
        if record.get(field) != getattr(row, field):
            yield Finding(path, f"its {field} is not what the catalogue has", code="text")
    named = {capture["record_id"]: capture for capture in record["captures"]}
    linked = {
        capture.record_id: capture_json(capture) for capture in collection.catalogue.captures_of(row.number)
    }
    for record_id in sorted(named.keys() | linked.keys()):
        if named.get(record_id) != linked.get(record_id):
            yield Finding(path, f"its capture {record_id} is not what the catalogue has", code="text")
