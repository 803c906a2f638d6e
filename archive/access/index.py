"""The index of a collection as of now: its CDXJ, and the captures that a writer has not put there yet."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import groupby

from archive.capture import DOM_URN, Capture
from archive.cdxj.index import between, encoded, in_order
from archive.cdxj.line import cdxj_line, urlkey
from archive.collection import Collection


class Index:
    """Reads the index of one collection. Memory stays flat, however many lines are asked for.

    A writer brings the CDXJ up to date when it is done; until then its captures, those in files that are still being
    written among them, come from the catalogue. A range of keys then costs time for every such capture, a single
    address does not.
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._path = collection.places.index

    def of_url(self, url: str) -> Iterator[bytes]:
        """The lines of all addresses with the urlkey of `url`, oldest first; of those that are not in the CDXJ yet,
        the ones whose address is written the same way."""
        key = urlkey(url)
        begin, end = f"{key} ".encode(), f"{key}!".encode()
        first = self._first_unindexed()
        fresh: Iterator[Capture] = iter(())
        if first is not None:
            every = (capture for capture, _ in self._collection.catalogue.history(url.removeprefix(DOM_URN)))
            fresh = (each for each in every if each.number >= first and urlkey(each.target_uri) == key)
        return self._merged(begin, end, fresh)

    def between(self, begin: bytes, end: bytes) -> Iterator[bytes]:
        """The lines from `begin` on that sort before `end`, each with its line end."""
        first = self._first_unindexed()
        fresh: Iterator[Capture] = iter(())
        if first is not None:
            fresh = (
                capture
                for capture in self._collection.catalogue.captures(since=first)
                if begin <= f"{urlkey(capture.target_uri)} ".encode() < end
            )
        return self._merged(begin, end, fresh)

    def _merged(self, begin: bytes, end: bytes, fresh: Iterator[Capture]) -> Iterator[bytes]:
        lines = heapq.merge(between(self._path, begin, end), in_order(encoded(map(cdxj_line, fresh))))
        return (line for line, _ in groupby(lines))

    def _first_unindexed(self) -> int | None:
        """The number of the first capture that is not in the CDXJ: those before it are, those after it are not."""
        low, high = 1, self._collection.catalogue.next_numbers()[0]
        last = high
        if last > 1 and self._is_indexed(last - 1):
            return None
        while low < high:
            middle = (low + high) // 2
            if self._is_indexed(middle):
                low = middle + 1
            else:
                high = middle
        return low if low < last else None

    def _is_indexed(self, number: int) -> bool:
        capture = next(self._collection.catalogue.captures(since=number), None)
        if capture is None or capture.number != number:
            return True
        wanted = cdxj_line(capture).encode() + b"\n"
        return next(between(self._path, wanted, wanted + b"\0"), None) is not None
