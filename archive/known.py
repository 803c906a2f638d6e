"""What a writer knows of its collection: captures not committed yet, and behind them those of the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import CaptureState, State
from archive.revalidation import Validators, found_unchanged, may_be_unchanged

_REMEMBERED = 200_000
"""URLs of a new collection that are remembered: 20 MB. Past that the catalogue is asked for each."""


class Known:
    """Answers as if every capture that was added were in the catalogue already.

    A collection that is `new` is not asked about a URL that it can't know: each question lets go of Python's lock
    several times, which a crawl at full speed on the other core makes dear.
    """

    def __init__(self, catalogue: Catalogue, path_of: Callable[[str], Path], *, new: bool = False) -> None:
        """`path_of` gives the place of a WARC file by its name."""
        self._catalogue = catalogue
        self._path_of = path_of
        self._urls: set[str] | None = set() if new else None
        self._fresh: dict[str, tuple[Capture, State]] = {}
        self._states: dict[int, State] = {}
        self._by_url: defaultdict[str, list[Capture]] = defaultdict(list)

    def add(self, capture: Capture, state: State) -> None:
        self._fresh[capture.record_id] = (capture, state)
        self._states[capture.number] = state
        self._by_url[capture.url].append(capture)
        if self._urls is not None:
            self._urls.add(capture.url)
            if len(self._urls) > _REMEMBERED:
                self._urls = None

    def take(self) -> list[tuple[Capture, State]]:
        """The captures added since the last call, which are about to be committed."""
        taken = list(self._fresh.values())
        self._fresh.clear()
        self._states.clear()
        self._by_url.clear()
        return taken

    def state(self, number: int) -> CaptureState | None:
        """With what state a capture was added, where it is not committed yet."""
        state = self._states.get(number)
        return CaptureState(number, state) if state else None

    def number_of(self, record_id: str) -> int | None:
        """The number of the capture with that record id."""
        capture = self.by_record_id(record_id)
        return capture.number if capture else None

    def by_record_id(self, record_id: str) -> Capture | None:
        fresh = self._fresh.get(record_id)
        return fresh[0] if fresh else self._catalogue.by_record_id(record_id)

    def find(self, url: str, date: datetime) -> Capture | None:
        """The first capture of `url` within the second of `date` that holds an entity itself."""
        second = date.replace(microsecond=0)
        fresh = (
            capture
            for capture in self._by_url.get(url, ())
            if capture.record_type != "revisit"
            and capture.rendering != "dom"
            and capture.date.replace(microsecond=0) == second
        )
        return self._catalogue.find(url, second) or next(fresh, None)

    def same(
        self, url: str, entity_digest: str, status: int | None, *, parts: bool = False
    ) -> Capture | None:
        """The first capture of `url` whose record holds this very entity under this status; one that was fetched for
        a rendered page only with `parts`."""
        if self._is_new(url):
            return None
        wanted = (entity_digest, status)
        whole = self._whole(url, parts=parts)
        fresh = (capture for capture in whole if (capture.entity_digest, capture.status) == wanted)
        return next(fresh, None) or self._catalogue.same(url, entity_digest, status, parts=parts)

    def unchanged(self, url: str, asked: Validators) -> Capture | None:
        """What the capture of `url` for itself stands for that came with the validators which were `asked` by; where
        none is known to have, the capture of the latest date."""
        if self._is_new(url):
            return None
        fresh = (capture for capture in self._by_url.get(url, ()) if may_be_unchanged(capture))
        captures = [*fresh, *self._catalogue.may_be_unchanged(url)]
        captures.sort(key=lambda capture: (capture.date, capture.number), reverse=True)
        return found_unchanged(asked, captures, self.by_record_id, self._path_of)

    def _is_new(self, url: str) -> bool:
        return self._urls is not None and url not in self._urls

    def _whole(self, url: str, *, parts: bool = False) -> list[Capture]:
        captures = self._by_url.get(url, ())
        return [
            capture
            for capture in captures
            if capture.record_type == "response"
            and capture.method == "GET"
            and not capture.truncated
            and (parts or capture.rendering is None)
        ]
