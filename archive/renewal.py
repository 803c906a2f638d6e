"""What today's rules make of the captures that a collection holds, beside what was made of them before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import State
from archive.collection import Collection
from archive.collection_writer import CollectionWriter
from archive.errors import CollectionError
from archive.outcomes import Settled
from archive.places import Places
from archive.replay import Damage, Replay
from archive.text.changes import Change, changes
from archive.text.names import TextName, parse_name
from archive.text.record import Json, blocks_of
from archive.wanted import EVERYTHING, Wanted

_NO_FIELDS = frozenset(
    ("captures", "versions", "extraction", "removed", "parts", "body", "text_file", "words")
)
"""What the JSON of a text holds, or a row of one, that the page does not say of its article."""
_ROWS = 1_000  # captures written to a catalogue at once

Kind = Literal["same", "changed", "new", "lost", "failed"]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text and the JSON beside it, with its blocks: headline, standfirst, paragraphs."""

    name: TextName
    record: Json
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A text before and after, told with the first capture for which that is so.

    kind    `same`; `changed`: another text, or other fields; `new`: there was none; `lost`: there is none any more;
            `failed`: the page could not be extracted, so the text stays
    fields  name -> the value before and after, of the fields that differ
    note    why there is none any more, or what failed
    """

    capture: Capture
    kind: Kind
    before: TextFile | None = None
    after: TextFile | None = None
    fields: tuple[tuple[str, Any, Any], ...] = ()
    note: str | None = None

    @property
    def changes(self) -> list[Change]:
        """The paragraphs that differ."""
        if self.before is None or self.after is None:
            return []
        return list(changes(self.before.blocks, self.after.blocks))


class Renewal:
    """Extracts the captures of a collection anew, in the order in which they were written.

    What makes up one text belongs together: with a capture that is `wanted` go the other pages of its article and, for
    a revisit, the capture that holds the page.
    """

    def __init__(self, collection: Collection, wanted: Wanted = EVERYTHING) -> None:
        self._collection = collection
        self._wanted = wanted
        self._chosen = None if wanted == EVERYTHING else self._choose()
        self._before: dict[int, TextFile | None] = {}
        self._told: set[tuple[int | None, str | None]] = set()

    def count(self) -> int:
        """How many captures are to be extracted or passed by."""
        return sum(1 for _ in self.captures()) if self._chosen is None else len(self._chosen)

    def captures(self) -> Iterator[Capture]:
        """The captures that belong to it."""
        for capture in self._collection.captures():
            if self._chosen is None or capture.number in self._chosen:
                yield capture

    def run(self, replay: Replay) -> Iterator[Difference | Damage]:
        """What comes of it, as `replay` does it: on the collection itself, or on a rehearsal of it."""
        for event in replay.renew(self._noted()):
            if isinstance(event, Damage):
                yield event
            else:
                yield from self._difference(event, self._before.pop(event.capture.number, None))

    def _choose(self) -> set[int]:
        catalogue = self._collection.catalogue
        chosen: set[int] = set()
        for capture in filter(self._wanted.takes, self._collection.captures()):
            related = [capture]
            state = catalogue.state(capture.number)
            if state and state.text_number is not None:
                related += catalogue.captures_of(state.text_number)
            while related[-1].record_type == "revisit" and related[-1].refers_to:
                original = catalogue.by_record_id(related[-1].refers_to)
                if original is None or original in related:
                    break
                related.append(original)
            chosen.update(each.number for each in related)
        return chosen

    def _noted(self) -> Iterator[Capture]:
        """The captures, each with what was known of its text when its turn came."""
        for capture in self.captures():
            if capture.wants_text:
                self._before[capture.number] = self._text_of(capture)
            yield capture

    def _text_of(self, capture: Capture) -> TextFile | None:
        state = self._collection.catalogue.state(capture.number)
        row = None
        if state is not None and state.text_number is not None:
            row = self._collection.catalogue.text(state.text_number)
        if row is None:
            return None
        try:
            content, record = self._collection.read_text(row)
        except CollectionError:
            return None  # it is made anew, so it is new
        return TextFile(row.name, record, tuple(blocks_of(content)))

    def _difference(self, settled: Settled, before: TextFile | None) -> Iterator[Difference]:
        if settled.state == "text" and settled.record is None:
            return  # a further page of an article, which is told of with its first
        capture = settled.capture
        after = None if settled.record is None else _text_in(settled.record)
        if before is None and after is None:
            return
        pair = (before.name.number if before else None, after.name.hash if after else None)
        fields = _differing(capture, before, after)
        if pair in self._told:
            return
        self._told.add(pair)
        if before is None or after is None:
            kind: Kind = "new" if before is None else "failed" if settled.state == "failed" else "lost"
        else:
            kind = "changed" if before.name.hash != after.name.hash or fields else "same"
        yield Difference(capture, kind, before, after, fields, settled.note)


def _text_in(record: Json) -> TextFile:
    """The text that a row tells of."""
    name = parse_name(Path(record["text_file"]).name)
    assert name is not None, "named by the collection itself"
    first = [record["headline"], *([record["standfirst"]] if record["standfirst"] else [])]
    paragraphs = record["body"].split("\n\n") if record["body"] else []
    return TextFile(name, record, (*first, *paragraphs))


def _differing(
    capture: Capture, before: TextFile | None, after: TextFile | None
) -> tuple[tuple[str, Any, Any], ...]:
    """The fields that differ. Those of a text are of its first capture, so no other one says anything of them."""
    if before is None or after is None:
        return ()
    named = before.record["captures"]
    if before.name.hash == after.name.hash and named and named[0]["record_id"] != capture.record_id:
        return ()
    fields = (field for field in after.record if field not in _NO_FIELDS)
    pairs = ((field, before.record.get(field), after.record.get(field)) for field in fields)
    return tuple(pair for pair in pairs if pair[1] != pair[2])


@contextmanager
def rehearsal(collection: Collection, captures: Iterable[Capture]) -> Iterator[CollectionWriter]:
    """A collection in a temporary folder that has these captures of another one, none of them with a text yet.

    It reads the WARC files where they are and adds texts of its own; nothing of it is left in the end.
    """
    with TemporaryDirectory(prefix="tearsheet-") as folder:
        places = Places.of(Path(folder), collection.name)
        places.make()
        linked: set[str] = set()
        with Catalogue(places.catalogue, writable=True) as catalogue:
            rows: list[tuple[Capture, State]] = []
            for capture in captures:
                if capture.warc not in linked:
                    linked.add(capture.warc)
                    (places.archive / capture.warc).symlink_to(collection.places.warc(capture.warc).resolve())
                rows.append((capture, "pending" if capture.wants_text else "no-page"))
                if len(rows) >= _ROWS:
                    catalogue.commit(rows, (), ())
                    rows = []
            catalogue.commit(rows, (), ())
        writer = CollectionWriter(Path(folder), collection.name)
        try:
            yield writer
        finally:
            writer.abandon()
