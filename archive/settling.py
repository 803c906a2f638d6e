"""Settling: what became of each capture, decided in the order in which captures were written.

An article that a page says is continued on another waits until that page is captured (`joining.py`): its text is made
when its last page has its turn, or when nobody is to continue it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import CaptureState, State, TextRow
from archive.digests import text_hash
from archive.errors import CollectionError
from archive.extraction.article import Article, Kind, NoArticle
from archive.extraction.document import text_file_bytes
from archive.joining import Joined, Unfinished, page_of
from archive.outcomes import AsBefore, CaptureOutcome, Failure, Settled
from archive.text.names import TextName
from archive.text.numbers import TextNumbers
from archive.text.record import Json, article_json, article_of, capture_json, iso, paragraphs_of
from archive.text.store import TextStore
from archive.turns import Turns


@dataclass(slots=True)
class Batch:
    """What one commit writes: rows of new texts and of texts known better now, and the files to write."""

    texts: dict[str, TextRow] = field(default_factory=dict)
    refreshed: dict[int, TextRow] = field(default_factory=dict)
    changes: dict[int, CaptureState] = field(default_factory=dict)
    contents: dict[TextName, bytes] = field(default_factory=dict)
    records: dict[TextName, Json] = field(default_factory=dict)
    settled: list[Settled] = field(default_factory=list)
    linked: dict[str, list[int]] = field(default_factory=dict)
    """URL -> the captures of it that got a text in this batch."""


@cache
def extraction_versions() -> dict[str, str]:
    """The versions of what made a text: kept in its JSON, so that a difference can be explained."""
    return {name: version(name) for name in ("tearsheet", "trafilatura", "lxml")}


NumberOf = Callable[[str], "int | None"]


class Settling:
    """Collects outcomes and turns them into texts, in order, one batch a commit."""

    def __init__(self, catalogue: Catalogue, store: TextStore, numbers: TextNumbers) -> None:
        self.turns = Turns()
        self.numbers = numbers
        self._catalogue = catalogue
        self._store = store
        self._unfinished = Unfinished()
        self._let_go: list[int] = []

    @property
    def continued(self) -> dict[int, str]:
        """Number of a capture -> the address of the page on which its article goes on, and which is waited for."""
        return self._unfinished.addresses()

    def let_go(self, number: int) -> None:
        """Say that the page which continues this capture's article won't come."""
        self._let_go.append(number)

    def take(self, number_of: NumberOf, *, last: bool = False) -> Batch:
        """Settle every capture whose turn has come. `number_of` gives the number of a capture by its record id.

        With `last`, articles that still wait for a page are settled without it.
        """
        batch = Batch()
        for capture, outcome in self.turns.take():
            self._settle(capture, outcome, batch, number_of)
        waiting = self._unfinished.take_all() if last else map(self._unfinished.take, self._let_go)
        for unfinished in filter(None, waiting):
            self._store_article(unfinished, batch)
        self._let_go = []
        return batch

    def _settle(self, capture: Capture, outcome: CaptureOutcome, batch: Batch, number_of: NumberOf) -> None:
        unfinished = self._unfinished.continued_by(capture)
        before = None
        if isinstance(outcome, AsBefore):
            before = self._state_of(outcome.refers_to, batch, number_of)
        article = outcome if isinstance(outcome, Article) else self._page_before(capture, before, batch)
        begins = article is not None and article.continued_at and article.url == capture.url
        if unfinished is not None:
            if article is not None:
                return self._go_on(unfinished.continued(capture, article), batch)
            self._store_article(unfinished, batch)
        if article is not None and (begins or isinstance(outcome, Article)):
            return self._go_on(Joined((capture,), article), batch)
        if isinstance(outcome, AsBefore):
            self._repeat(capture, before, batch)
        elif isinstance(outcome, NoArticle):
            self._note(capture, "no-article", outcome.reason, batch, outcome.kind)
        elif isinstance(outcome, Failure):
            self._fail(capture, outcome.reason, batch)
        return None

    def _go_on(self, joined: Joined, batch: Batch) -> None:
        """Wait for the page that continues an article, or store the article if there is none."""
        ready = self._unfinished.add(joined) if joined.waits else [joined]
        for whole in ready:
            self._store_article(whole, batch)

    def _page_before(self, capture: Capture, before: CaptureState | None, batch: Batch) -> Article | None:
        """What a revisited page alone holds of the article that it was part of; None where that is not known."""
        if before is None or before.text_number is None:
            return None
        name = self._numbered(before.text_number, batch)
        try:
            record = self._record(name, batch) or self._store.read_record(name)
            content = batch.contents.get(name) or self._store.read(name)
        except CollectionError:
            return None  # told of where the revisit itself is settled
        return page_of(article_of(record, content), capture.url)

    def _store_article(self, joined: Joined, batch: Batch) -> None:
        article = joined.article
        content = text_file_bytes(article)
        value = text_hash(content)
        row = batch.texts.get(value) or self._catalogue.text_by_hash(value)
        captures = [capture_json(capture) for capture in joined.captures]
        own = article_json(article, captures, {"versions": extraction_versions()})
        own["versions"] = self._earlier(joined.captures[0], value, batch)
        if row is None:
            name = TextName(self.numbers.take(value), value)
            batch.contents[name] = content
            batch.records[name] = own
            batch.texts[value] = text_row(name, article)
        else:
            name = row.name
            if name not in batch.contents and not self._store.holds(name, content):
                batch.contents[name] = content  # a text is a derivative: someone may have deleted it
            self._join(name, article, own, batch)
        first, *further = joined.captures
        shown = own | {"body": article.body, "text_file": str(self._store.path(name))}
        self._link(first, name, batch, shown, new=row is None)
        for capture in further:
            self._link(capture, name, batch)

    def _earlier(self, capture: Capture, value: str, batch: Batch) -> list[str]:
        """Names of the other texts that the same address had before this capture, in their order, and of the one that
        this very capture had before it was extracted again."""
        had: dict[int, int | None] = dict(self._catalogue.texts_at(capture.url))
        for number in batch.linked.get(capture.url, ()):
            had[number] = batch.changes[number].text_number
        before = (had[number] for number in sorted(had) if number <= capture.number)
        names = (self._numbered(text, batch) for text in dict.fromkeys(before) if text is not None)
        return [name.text for name in names if name.hash != value]

    def _join(self, name: TextName, article: Article, own: Json, batch: Batch) -> None:
        """Add captures to the text that they have too. The fields are those of the text's first capture, so they
        are set anew when that one is extracted again."""
        record = self._record(name, batch)
        if record is None:
            linked = [capture_json(known) for known in self._catalogue.captures_of(name.number)]
            record = batch.records[name] = own | {"captures": linked}
        own["versions"] = list(dict.fromkeys([*record.get("versions", ()), *own["versions"]]))
        for capture in own["captures"]:
            _add_capture(record, capture)
        if record["captures"][0]["record_id"] == own["captures"][0]["record_id"]:
            batch.records[name] = own | {"captures": record["captures"]}
            if name.hash in batch.texts:
                batch.texts[name.hash] = text_row(name, article)
            else:
                batch.refreshed[name.number] = text_row(name, article)

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
        _add_capture(record, capture_json(capture))
        body = "\n\n".join(paragraphs_of(record, content))
        shown = record | {"body": body, "text_file": str(self._store.path(name))}
        further = capture.url in [part["url"] for part in record.get("parts", ())[1:]]
        return self._link(capture, name, batch, None if further else shown)

    def _link(
        self, capture: Capture, name: TextName, batch: Batch, shown: Json | None = None, *, new: bool = False
    ) -> None:
        self._unlink(capture, name, batch)
        batch.changes[capture.number] = CaptureState(capture.number, "text", name.number)
        batch.linked.setdefault(capture.url, []).append(capture.number)
        if shown is not None:  # as it is now: how many captures of a later turn share the commit is chance
            shown = shown | {"captures": list(shown["captures"])}
        batch.settled.append(Settled(capture, "text", shown, new_text=new))

    def _note(
        self, capture: Capture, state: State, note: str | None, batch: Batch, kind: Kind | None = None
    ) -> None:
        self._unlink(capture, None, batch)
        batch.changes[capture.number] = CaptureState(capture.number, state, note=note)
        batch.settled.append(Settled(capture, state, note=note, kind=kind))

    def _fail(self, capture: Capture, reason: str, batch: Batch) -> None:
        """A page that was extracted before keeps its text: what failed may have been the machine."""
        before = batch.changes.get(capture.number) or self._catalogue.state(capture.number)
        if before is None or before.text_number is None:
            return self._note(capture, "failed", reason, batch)
        batch.changes[capture.number] = CaptureState(capture.number, "text", before.text_number)
        note = f"{reason}; the text that it had is kept"
        batch.settled.append(Settled(capture, "failed", note=note))
        return None

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
        return row.name

    def _record(self, name: TextName, batch: Batch) -> Json | None:
        """The JSON of a text as it will be after this batch; None where it is missing or broken."""
        if name not in batch.records:
            try:
                batch.records[name] = self._store.read_record(name)
            except CollectionError:
                return None  # whoever can write it anew does so
        return batch.records[name]


def _add_capture(record: Json, entry: Json) -> None:
    if all(known["record_id"] != entry["record_id"] for known in record["captures"]):
        record["captures"].append(entry)


def text_row(name: TextName, article: Article) -> TextRow:
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
