"""The folder of collections as the server sees it: which there are, each opened for one answer, and their search."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock

from starlette.exceptions import HTTPException

from archive.collection import Collection
from archive.errors import CollectionError, TearsheetError
from archive.places import holds_collection, names_of_collections
from archive.search.searching import Searching

_log = logging.getLogger(__name__)
_PATIENCE = 2.0
"""Seconds that an answer waits for texts which a crawl has added just now; then it goes without them."""


class Library:
    """May be used from several threads. A collection that is damaged or vanishes fails the answers that need it, and
    nothing else."""

    def __init__(self, collections: Path) -> None:
        self.folder = collections
        self._searches: dict[str, Searching] = {}
        self._refreshing: dict[str, Future[None]] = {}
        self._lock = Lock()
        self._closing = Event()
        self._workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="index")

    def names(self) -> list[str]:
        """The collections, by name. Raises CollectionError where the folder can't be read."""
        return names_of_collections(self.folder)

    def open(self, name: str) -> Collection:
        """The collection, to be closed by the caller.

        Raises HTTPException (404) where there is none, and CollectionError where it can't be read.
        """
        if not holds_collection(self.folder, name):
            raise HTTPException(404, f"There is no collection “{name}” here.")
        return Collection(self.folder, name)

    def search(self, name: str) -> Searching:
        """The search of a collection, brought up to date as far as that goes in a moment. Raises as `open` does."""
        if not holds_collection(self.folder, name):
            raise HTTPException(404, f"There is no collection “{name}” here.")
        search = self._search(name)
        with suppress(NotYet):
            self._refreshed(search).result(_PATIENCE)
        return search

    def search_all(self) -> tuple[list[Searching], dict[str, TearsheetError]]:
        """The search of every collection, brought up to date as far as that goes in a moment for all of them together,
        and what is wrong with those that have none. Raises CollectionError where the folder can't be read."""
        failed: dict[str, TearsheetError] = {}
        running: dict[Future[None], Searching] = {}
        for name in self.names():
            try:
                search = self._search(name)
                running[self._refreshed(search)] = search
            except TearsheetError as error:
                failed[name] = error
        wait(running, _PATIENCE)
        for done in [future for future in running if future.done()]:
            search = running[done]
            try:
                done.result()
            except TearsheetError as error:
                failed[search.name] = error
                del running[done]
        return list(running.values()), failed

    def refresh_all(self) -> None:
        """Begin to bring the search of every collection up to date; what can't be is told in the log."""
        try:
            names = self.names()
        except CollectionError as error:
            _log.warning("%s", error)
            return
        for name in names:
            try:
                self._refreshed(self._search(name)).add_done_callback(_tell)
            except TearsheetError as error:
                _log.warning("%s", error)

    def close(self) -> None:
        """Stop what goes on in the background, and remove temporary files."""
        self._closing.set()
        self._workers.shutdown(cancel_futures=True)
        for search in self._searches.values():
            search.close()

    def _search(self, name: str) -> Searching:
        with self._lock:
            search = self._searches.get(name)
            if search is None:
                search = self._searches[name] = Searching(self.folder, name)
            return search

    def _refreshed(self, search: Searching) -> Future[None]:
        with self._lock:
            running = self._refreshing.get(search.name)
            if running is None or running.done():
                running = self._workers.submit(search.refresh, self._closing.is_set)
                self._refreshing[search.name] = running
            return running


def _tell(done: Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()):
        _log.warning("%s", error)
