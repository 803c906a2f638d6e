"""Settling: what became of each capture, decided in the order in which captures were written.

Extraction ends in any order; text numbers must not depend on it. So outcomes wait here until every capture
before theirs has one too, and a rebuild from the WARC files gives every text the name that it had.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version

from archive.capture import Capture
from archive.catalogue.catalogue import CaptureState, Catalogue, State, TextRow
from archive.digests import text_hash
from archive.errors import TearsheetError
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
    """What one commit writes."""

    texts: list[TextRow] = field(default_factory=list)
    changes: dict[int, CaptureState] = field(default_factory=dict)
    contents: dict[TextName, bytes] = field(default_factory=dict)
    records: dict[TextName, Json] = field(default_factory=dict)
    settled: list[Settled] = field(default_factory=list)


@cache
def extraction_versions() -> dict[str, str]:
    """The versions of what made a text: kept in its JSON, so that a difference can be explained."""
    return {name: version(name) for name in ("tearsheet", "trafilatura", "lxml")}


class Settling:
    """Collects outcomes and turns them into texts, in order, one batch a commit."""

    def __init__(self, catalogue: Catalogue, store: TextStore, next_text: int) -> None:
        self._catalogue = catalogue
        self._store = store
        self._next_text = next_text
        self._waiting: deque[Capture] = deque()
        self._outcomes: dict[int, CaptureOutcome] = {}

    def expect(self, capture: Capture) -> None:
        """Say that an outcome will come for `capture`, after those of all captures expected before it."""
        self._waiting.append(capture)

    def put(self, number: int, outcome: CaptureOutcome) -> None:
        """The outcome of an expected capture."""
        self._outcomes[number] = outcome

    @property
    def unsettled(self) -> int:
        """Captures that are expected and not settled yet."""
        return len(self._waiting)

    def take(self, numbers: dict[str, int]) -> Batch:
        """Settle every capture whose turn has come. `numbers` gives the number of captures not committed yet
        by record id."""
        batch = Batch()
        while self._waiting and self._waiting[0].number in self._outcomes:
            capture = self._waiting.popleft()
            self._settle(capture, self._outcomes.pop(capture.number), batch, numbers)
        return batch

    def _settle(
        self, capture: Capture, outcome: CaptureOutcome, batch: Batch, numbers: dict[str, int]
    ) -> None:
        if isinstance(outcome, Article):
            self._store_article(capture, outcome, batch)
        elif isinstance(outcome, AsBefore):
            self._repeat(capture, self._state_of(outcome.refers_to, batch, numbers), batch)
        elif isinstance(outcome, NoArticle):
            self._note(capture, "no-article", outcome.reason, batch)
        else:
            self._note(capture, "failed", outcome.reason, batch)

    def _store_article(self, capture: Capture, article: Article, batch: Batch) -> None:
        content = text_file_bytes(article)
        value = text_hash(content)
        name = self._name(value, batch)
        new = name is None
        versions = {"versions": extraction_versions()}
        own = article_json(article, [capture_json(capture)], versions)
        if name is None:
            name = TextName(self._next_text, value)
            self._next_text += 1
            batch.contents[name] = content
            batch.records[name] = own
            batch.texts.append(_text_row(name, article))
        else:
            _add_capture(self._record(name, batch), capture)
        self._link(capture, name, own, article.body, batch, new=new)

    def _repeat(self, capture: Capture, before: CaptureState | None, batch: Batch) -> None:
        if before is None:
            reason = (
                "the capture that this revisit refers to is not in the collection; replay its WARC file first"
            )
            return self._note(capture, "failed", reason, batch)
        if before.text_number is None:
            return self._note(capture, before.state, before.note, batch)
        name = self._numbered(before.text_number, batch)
        record = self._record(name, batch)
        _add_capture(record, capture)
        content = batch.contents.get(name) or self._store.read(name)
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
        record["captures"] = [c for c in record["captures"] if c["record_id"] != capture.record_id]

    def _state_of(self, record_id: str | None, batch: Batch, numbers: dict[str, int]) -> CaptureState | None:
        if record_id is None:
            return None
        number = numbers.get(record_id)
        if number is None:
            original = self._catalogue.by_record_id(record_id)
            number = original.number if original else None
        if number is None:
            return None
        return batch.changes.get(number) or self._catalogue.state(number) or CaptureState(number, "no-page")

    def _name(self, value: str, batch: Batch) -> TextName | None:
        for name in batch.contents:
            if name.hash == value:
                return name
        row = self._catalogue.text_by_hash(value)
        return TextName(row.number, row.hash) if row else None

    def _numbered(self, number: int, batch: Batch) -> TextName:
        for name in batch.contents:
            if name.number == number:
                return name
        row = self._catalogue.text(number)
        assert row is not None, "captures.text_number is a foreign key"
        return TextName(row.number, row.hash)

    def _record(self, name: TextName, batch: Batch) -> Json:
        if name not in batch.records:
            batch.records[name] = self._store.read_record(name)
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
