"""Full-text search of one collection: keeps its index of words up to date, and asks it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self, TypeVar

from archive.catalogue.search import IndexDamaged, SearchIndex
from archive.catalogue.search_rows import Document, Facets, Found, Listed, Wanted
from archive.collection import Collection
from archive.errors import CollectionError
from archive.places import Places
from archive.search.analysis import document_of
from archive.text.names import TextName

_BATCH = 200
"""Texts that are added at once: what a process that is killed loses, and how long others wait for their turn."""

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Progress:
    """How many of the texts that were missing are in the index."""

    done: int = 0
    missing: int = 0


class Searching:
    """The search of one collection. May be used from several threads; closes what it opened.

    Where the collection's folder can't be written to, the index lies in a temporary folder, and `note` says so.
    """

    def __init__(self, collections: Path, name: str) -> None:
        """Raises CollectionError where there is no such collection or it can't be read."""
        self._collections = collections
        self.name = name
        self._places = Places.of(collections, name)
        self._refreshing = Lock()
        self._seen: tuple[object, ...] | None = None
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self.note: str | None = None
        self.progress: Progress | None = None
        """Set while texts are added."""
        with Collection(collections, name):  # says what is wrong with it
            self._index = self._opened()

    def refresh(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Bring the index up to date with the catalogue; at once where nothing has changed. Waits for a thread that is
        at it already. `stop` is asked between batches.

        Raises CollectionError.
        """
        with self._refreshing:
            signature = self._signature()
            if signature == self._seen:
                return
            if self._repaired(lambda index: self._update(index, stop)):
                self._seen = signature

    def find(self, wanted: Wanted) -> Found:
        """Raises CollectionError where the index can't be read or made anew."""
        return self._repaired(lambda index: index.find(wanted))

    def facets(self) -> Facets:
        """Raises CollectionError as `find` does."""
        return self._repaired(lambda index: index.facets())

    def close(self) -> None:
        if self._temporary:
            self._temporary.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _opened(self) -> SearchIndex:
        """The index beside the collection, or where that can't be written a copy of it in a temporary folder."""
        if self._temporary is None:
            try:
                self._places.search.parent.mkdir(exist_ok=True)
                return self._made(self._places.search)
            except (CollectionError, OSError):
                self._temporary = tempfile.TemporaryDirectory(prefix="tearsheet-search-")
                self.note = (
                    f"{self._places.search.parent} can't be written to: the index of words is kept in a temporary "
                    "folder, and brought up to date anew each time"
                )
                with suppress(OSError):
                    shutil.copyfile(self._places.search, self._temporary_path())
        return self._made(self._temporary_path())

    def _made(self, path: Path) -> SearchIndex:
        try:
            return SearchIndex(path, self._places.catalogue)
        except IndexDamaged:
            _remove(path)
            return SearchIndex(path, self._places.catalogue)

    def _temporary_path(self) -> Path:
        assert self._temporary, "made before it is asked for"
        return Path(self._temporary.name) / self._places.search.name

    def _repaired(self, ask: Callable[[SearchIndex], Answer]) -> Answer:
        """Ask the index; one that turns out to be damaged is made anew, once, and asked again."""
        index = self._index
        try:
            return ask(index)
        except IndexDamaged:
            if not self._places.catalogue.exists():
                raise CollectionError(f"{self._places.root} is no longer there") from None
            if index is self._index:
                _remove(index.path)
                self._index = self._opened()
                self._seen = None
                self._update(self._index, lambda: False)
            return ask(self._index)

    def _update(self, index: SearchIndex, stop: Callable[[], bool]) -> bool:
        missing = index.compare()
        self.progress = Progress(missing=len(missing))
        try:
            with Collection(self._collections, self.name) as collection:
                documents = (_document(collection, listed) for listed in missing)
                for batch in _batches(documents):
                    index.add(batch)
                    self.progress.done += len(batch)
                    if stop():
                        return False
            if missing:
                index.settle()
        finally:
            self.progress = None
        return True

    def _signature(self) -> tuple[object, ...]:
        """Differs after every commit to the catalogue."""
        catalogue = self._places.catalogue
        found: list[object] = []
        for path in (catalogue, catalogue.with_name(catalogue.name + "-wal")):
            try:
                state = path.stat()
            except OSError:
                found.append(None)
            else:
                found.append((state.st_ino, state.st_size, state.st_mtime_ns))
        return tuple(found)


@contextmanager
def searching(collections: Path, name: str) -> Iterator[Searching]:
    """The search of a collection with its index up to date. Raises CollectionError."""
    with Searching(collections, name) as search:
        search.refresh()
        yield search


def _document(collection: Collection, listed: Listed) -> Document:
    try:
        name = TextName(listed.number, listed.hash)
        return document_of(
            listed, collection.texts.read(name).decode(errors="replace"), collection.texts.read_record(name)
        )
    except CollectionError:
        return Document(
            listed
        )  # its page says what is wrong with it; the next look at the catalogue tries it again


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(documents, _BATCH)):
        yield batch


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
