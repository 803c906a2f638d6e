"""Settling: what became of each capture, decided in the order in which captures were written.

Extraction ends in any order; text numbers must not depend on it. So outcomes wait here until every capture
before theirs has one too, and a rebuild from the WARC files gives every text the name that it had.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import CaptureState, State, TextRow
from archive.digests import text_hash
from archive.errors import CollectionError, TearsheetError
from archive.extraction.article import Article, NoArticle, Outcome
from archive.extraction.document import text_file_bytes
from archive.text.names import TextName
from archive.text.record import Json, article_json, capture_json, iso
from archive.text.store import TextStore


@dataclass(frozen=True, slots=True)
class Failure:
    """A capture whose extraction failed, and a sentence that says how."""

    reason: str


@dataclass(frozen=True, slots=True)
class AsBefore:
    """The outcome of a revisit: that of the capture it refers to."""

    refers_to: str | None


def outcome_of(url: str, future: Future[Outcome]) -> Article | NoArticle | Failure:
    """What a finished extraction came to; an error of whatever kind becomes a Failure that names the page."""
    error = future.exception()
    if error is None:
        return future.result()
    return Failure(
        str(error) if isinstance(error, TearsheetError) else f"{url}: extraction failed: {error!r}"
    )


CaptureOutcome = Article | NoArticle | Failure | AsBefore


@dataclass(frozen=True, slots=True)
class Settled:
    """A capture and what became of it, on the disk.

    record     the article's JSON with `body` and `text_file` (a path), where there is a text
    note       why there is none, where there is none
    new_text   whether this capture is the first with this text
    """

    capture: Capture
    state: State
    record: Json | None = None
    note: str | None = None
    new_text: bool = False


@dataclass(slots=True)
class Batch:
    """What one commit writes: rows of new texts and of texts known better now, and the files to write."""

    texts: dict[str, TextRow] = field(default_factory=dict)
    refreshed: dict[int, TextRow] = field(default_factory=dict)
    changes: dict[int, CaptureState] = field(default_factory=dict)
    contents: dict[TextName, bytes] = field(default_factory=dict)
    records: dict[TextName, Json] = field(default_factory=dict)
    settled: list[Settled] = field(default_factory=list)


@cache
def extraction_versions() -> dict[str, str]:
    """The versions of what made a text: kept in its JSON, so that a difference can be explained."""
    return {name: version(name) for name in ("tearsheet", "trafilatura", "lxml")}


@dataclass(slots=True)
class _Turn:
    """A capture that is expected, and its outcome once there is one."""

    capture: Capture
    outcome: CaptureOutcome | None = None


NumberOf = Callable[[str], "int | None"]


class Settling:
    """Collects outcomes and turns them into texts, in order, one batch a commit."""

    def __init__(self, catalogue: Catalogue, store: TextStore, next_text: int) -> None:
        self._catalogue = catalogue
        self._store = store
        self._next_text = next_text
        self._first: array[int] = array("Q")
        self._done = 0  # of the first ones, those that are settled
        self._backlog: dict[int, _Turn] = {}
        self._waiting: deque[_Turn] = deque()
        self._without_outcome: dict[int, deque[_Turn]] = {}

    def expect_first(self, numbers: array[int]) -> None:
        """Say that these captures, in their order, go before all others: `expect` will be called for each.

        Captures of today may be expected in between; they wait for the last of these.
        """
        self._first = numbers
        self._done = 0

    def expect(self, capture: Capture) -> None:
        """Say that an outcome will come for `capture`, after those of all captures expected before it."""
        turn = _Turn(capture)
        place = bisect_left(self._first, capture.number, lo=self._done)
        first = self._first[place : place + 1].tolist() == [capture.number]
        if first and capture.number not in self._backlog:
            self._backlog[capture.number] = turn
        else:
            self._waiting.append(turn)
        self._without_outcome.setdefault(capture.number, deque()).append(turn)

    def put(self, number: int, outcome: CaptureOutcome) -> None:
        """The outcome of an expected capture; one expected twice gets two."""
        turns = self._without_outcome[number]
        turns.popleft().outcome = outcome
        if not turns:
            del self._without_outcome[number]

    @property
    def unsettled(self) -> int:
        """Captures that are expected and not settled yet."""
        return len(self._backlog) + len(self._waiting)

    def take(self, number_of: NumberOf) -> Batch:
        """Settle every capture whose turn has come. `number_of` gives the number of a capture by its record id."""
        batch = Batch()
        while (turn := self._next()) and turn.outcome is not None:
            if self._done < len(self._first):
                del self._backlog[turn.capture.number]
                self._done += 1
            else:
                self._waiting.popleft()
            self._settle(turn.capture, turn.outcome, batch, number_of)
        return batch

    def _next(self) -> _Turn | None:
        if self._done < len(self._first):
            return self._backlog.get(self._first[self._done])
        return self._waiting[0] if self._waiting else None

    def _settle(self, capture: Capture, outcome: CaptureOutcome, batch: Batch, number_of: NumberOf) -> None:
        if isinstance(outcome, Article):
            self._store_article(capture, outcome, batch)
        elif isinstance(outcome, AsBefore):
            self._repeat(capture, self._state_of(outcome.refers_to, batch, number_of), batch)
        elif isinstance(outcome, NoArticle):
            self._note(capture, "no-article", outcome.reason, batch)
        else:
            self._note(capture, "failed", outcome.reason, batch)

    def _store_article(self, capture: Capture, article: Article, batch: Batch) -> None:
        content = text_file_bytes(article)
        value = text_hash(content)
        row = batch.texts.get(value) or self._catalogue.text_by_hash(value)
        own = article_json(article, [capture_json(capture)], {"versions": extraction_versions()})
        if row is None:
            name = TextName(self._next_text, value)
            self._next_text += 1
            batch.contents[name] = content
            batch.records[name] = own
            batch.texts[value] = _text_row(name, article)
        else:
            name = TextName(row.number, row.hash)
            if name not in batch.contents and not self._store.holds(name, content):
                batch.contents[name] = content  # a text is a derivative: someone may have deleted it
            self._join(capture, name, article, own, batch)
        self._link(capture, name, own, article.body, batch, new=row is None)

    def _join(self, capture: Capture, name: TextName, article: Article, own: Json, batch: Batch) -> None:
        """Add a capture to the text that it has too. The fields are those of the text's first capture, so they
        are set anew when that one is extracted again."""
        record = self._record(name, batch)
        if record is None:
            linked = [capture_json(known) for known in self._catalogue.captures_of(name.number)]
            record = batch.records[name] = own | {"captures": linked}
        _add_capture(record, capture)
        if record["captures"][0]["record_id"] == capture.record_id:
            batch.records[name] = own | {"captures": record["captures"]}
            if name.hash in batch.texts:
                batch.texts[name.hash] = _text_row(name, article)
            else:
                batch.refreshed[name.number] = _text_row(name, article)

    def _repeat(self, capture: Capture, before: CaptureState | None, batch: Batch) -> None:
        if before is None:
            reason = (
                "the capture that this revisit refers to is not in the collection; replay its WARC file first"
            )
            return self._note(capture, "failed", reason, batch)
        if before.text_number is None:
            return self._note(capture, before.state, before.note, batch)
        name = self._numbered(before.text_number, batch)
        try:
            record = self._record(name, batch) or self._store.read_record(name)
            content = batch.contents.get(name) or self._store.read(name)
        except CollectionError as error:
            return self._note(capture, "failed", str(error), batch)
        _add_capture(record, capture)
        return self._link(capture, name, record, body_of(content, record), batch, new=False)

    def _link(
        self, capture: Capture, name: TextName, record: Json, body: str, batch: Batch, *, new: bool
    ) -> None:
        self._unlink(capture, name, batch)
        batch.changes[capture.number] = CaptureState(capture.number, "text", name.number)
        row = record | {"body": body, "text_file": str(self._store.path(name))}
        batch.settled.append(Settled(capture, "text", row, new_text=new))

    def _note(self, capture: Capture, state: State, note: str | None, batch: Batch) -> None:
        self._unlink(capture, None, batch)
        batch.changes[capture.number] = CaptureState(capture.number, state, note=note)
        batch.settled.append(Settled(capture, state, note=note))

    def _unlink(self, capture: Capture, name: TextName | None, batch: Batch) -> None:
        """Take a capture that is extracted again off the text it had, if it is another one now."""
        before = batch.changes.get(capture.number) or self._catalogue.state(capture.number)
        if before is None or before.text_number is None or (name and name.number == before.text_number):
            return
        record = self._record(self._numbered(before.text_number, batch), batch)
        if record is not None:
            record["captures"] = [c for c in record["captures"] if c["record_id"] != capture.record_id]

    def _state_of(self, record_id: str | None, batch: Batch, number_of: NumberOf) -> CaptureState | None:
        number = number_of(record_id) if record_id else None
        if number is None:
            return None
        return batch.changes.get(number) or self._catalogue.state(number) or CaptureState(number, "no-page")

    def _numbered(self, number: int, batch: Batch) -> TextName:
        row = self._catalogue.text(number)
        row = row or next(row for row in batch.texts.values() if row.number == number)
        return TextName(row.number, row.hash)

    def _record(self, name: TextName, batch: Batch) -> Json | None:
        """The JSON of a text as it will be after this batch; None where it is missing or broken."""
        if name not in batch.records:
            try:
                batch.records[name] = self._store.read_record(name)
            except CollectionError:
                return None  # whoever can write it anew does so
        return batch.records[name]


def _add_capture(record: Json, capture: Capture) -> None:
    entry = capture_json(capture)
    if all(known["record_id"] != entry["record_id"] for known in record["captures"]):
        record["captures"].append(entry)


def _text_row(name: TextName, article: Article) -> TextRow:
    return TextRow(
        number=name.number,
        hash=name.hash,
        url=article.url,
        headline=article.headline,
        words=article.words,
        canonical_url=article.canonical_url,
        outlet=article.outlet,
        date_published=iso(article.date_published),
        language=article.language,
    )


def body_of(content: bytes, record: Json) -> str:
    """The paragraphs of a text file alone: without the headline and the standfirst that its JSON names."""
    paragraphs = content.decode().rstrip("\n").split("\n\n")
    return "\n\n".join(paragraphs[2 if record["standfirst"] else 1 :])
