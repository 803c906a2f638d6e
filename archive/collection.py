"""One collection: the facade over its WARC files, index, catalogue and texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import Counts, TextRow
from archive.digests import text_hash
from archive.errors import CatalogueOutdated, CollectionError, CollectionInUse, RecordError
from archive.extraction.article import Article
from archive.lock import WriterLock
from archive.places import Places
from archive.revisits import resolved
from archive.spool import Spool
from archive.text.record import Json, article_of
from archive.text.store import TextStore
from archive.warc.captures import read_block
from archive.warc.reader import read_record_at


class Collection:
    """Reads a collection. Any number of readers may be open, beside one writer."""

    def __init__(self, collections: Path, name: str) -> None:
        """Open the collection `name` below the folder `collections`.

        Raises CollectionError where there is none or it can't be read.
        """
        self.name = name
        self.places = Places.of(collections, name)
        if not self.places.catalogue.exists():
            raise CollectionError(
                f"{self.places.root} is no collection; name one with -c, or make it with `tearsheet scrape`"
            )
        self.catalogue = _catalogue(self.places)
        self.texts = TextStore(self.places.text)

    def captures(self) -> Iterator[Capture]:
        """All captures in the order in which they were written."""
        return self.catalogue.captures()

    def text_rows(self) -> Iterator[TextRow]:
        """All texts by number."""
        return self.catalogue.texts()

    def articles(
        self, on_damage: Callable[[CollectionError], None] | None = None
    ) -> Iterator[tuple[TextRow, Article]]:
        """All articles by the number of their text. One that can't be read goes to `on_damage`; without that,
        CollectionError is raised."""
        for row in self.text_rows():
            try:
                content, record = self.read_text(row)
            except CollectionError as error:
                if on_damage is None:
                    raise
                on_damage(error)
                continue
            yield row, article_of(record, content.encode())

    def captures_of(self, row: TextRow) -> list[Capture]:
        """The captures that have a text, in the order in which they were written."""
        return self.catalogue.captures_of(row.number)

    def counts(self) -> Counts:
        return self.catalogue.counts()

    def read_text(self, row: TextRow) -> tuple[str, Json]:
        """A text file's content and the JSON beside it.

        Raises CollectionError where one of them can't be read or the content is not what the file's name says.
        """
        name = row.name
        content = self.texts.read(name)
        if text_hash(content) != name.hash:
            raise CollectionError(
                f"{self.texts.path(name)}: its bytes do not have the hash in its name; replay the collection's WARC "
                "files with --again, which writes it anew"
            )
        return content.decode(), self.texts.read_record(name)

    def read_response(self, capture: Capture) -> Spool:
        """The response of a capture as it went over the wire; of a revisit, that of the capture it refers to.

        The caller closes it. Raises RecordError where the record is not what the catalogue says.
        """
        capture = self.original(capture)
        path = self.places.warc(capture.warc)
        try:
            record = read_record_at(path, capture.offset)
            if record.record_id not in (capture.record_id, None):
                record.close()
                raise RecordError(
                    path, capture.offset, f"it is {record.record_id}, not {capture.record_id} as it was"
                )
            return read_block(record)
        except OSError as error:
            raise RecordError(path, capture.offset, f"the file can't be read ({error.strerror})") from error

    def original(self, capture: Capture) -> Capture:
        """The capture that holds the page: that which a revisit refers to, or the capture itself.

        Raises RecordError where the collection does not have it.
        """
        original = resolved(capture, self.catalogue.by_record_id)
        if original is None:
            problem = "it is a revisit, and what it refers to is not in the collection; replay its WARC file"
            raise RecordError(self.places.warc(capture.warc), capture.offset, problem)
        return original

    def close(self) -> None:
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _catalogue(places: Places) -> Catalogue:
    """The catalogue to read from; one of an older tearsheet is brought up to date first, where nobody writes."""
    try:
        return Catalogue(places.catalogue, writable=False)
    except CatalogueOutdated as outdated:
        try:
            lock = WriterLock(places.lock)
        except CollectionInUse:
            raise
        except CollectionError:
            raise outdated from None
        try:
            Catalogue(places.catalogue, writable=True).close()
        except BaseException:
            lock.abandon()
            raise
        if lock.was_killed:
            lock.abandon()  # the next writer has to know of it
        else:
            lock.release()
        return Catalogue(places.catalogue, writable=False)
