"""What the texts on the disk prove: which captures have them, and which numbers they and their former versions have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.rows import CaptureState, TextRow
from archive.digests import text_hash
from archive.errors import CollectionError
from archive.repair.deeds import free_name
from archive.settling import text_row
from archive.text.names import TextName, parse_name
from archive.text.record import Json, article_of
from archive.text.store import TextStore

_AT_ONCE = 500  # texts added to the catalogue in one commit


@dataclass(slots=True)
class Evidence:
    """What was found in the folder of the texts.

    strays    texts that stand for no capture, in no known version, or are not what their names say
    numbered  hash -> number of texts that are named somewhere, and which the catalogue does not have
    moved     where strays lie now, text and JSON each on its own
    """

    strays: list[TextName] = field(default_factory=list)
    numbered: dict[str, int] = field(default_factory=dict)
    moved: list[Path] = field(default_factory=list)


def take_in_texts(catalogue: Catalogue, store: TextStore, *, dry_run: bool = False) -> tuple[int, Evidence]:
    """Take in texts that the catalogue lacks and that prove themselves: the name holds the hash of the bytes, and some
    of the captures that the JSON names are there, none with another text. Returns how many, and what else was found."""
    taking = _Taking(catalogue, dry_run=dry_run)
    evidence = Evidence()
    for name in sorted(store.names()):
        record = _record(store, name)
        row = catalogue.text(name.number)
        if row is not None and row.hash == name.hash:
            taking.link(store, name, record)
            _note_versions(record, evidence)
        elif taking.take(store, name, record):
            _note_versions(record, evidence)
        else:
            evidence.strays.append(name)
    taking.commit()
    for name in evidence.strays:
        evidence.numbered.setdefault(name.hash, name.number)
    evidence.numbered = {
        value: number
        for value, number in evidence.numbered.items()
        if number not in taking.numbers and value not in taking.hashes and not catalogue.text_by_hash(value)
    }
    return taking.count, evidence


class _Taking:
    """Adds texts to the catalogue, many at once."""

    def __init__(self, catalogue: Catalogue, *, dry_run: bool) -> None:
        self._catalogue = catalogue
        self._dry_run = dry_run
        self._rows: list[TextRow] = []
        self._links: list[CaptureState] = []
        self._linked: set[int] = set()
        self.numbers = set(catalogue.text_numbers())
        self.hashes: set[str] = set()
        self.count = 0

    def take(self, store: TextStore, name: TextName, record: Json | None) -> bool:
        """Whether the text proves itself, and is taken in."""
        if name.number in self.numbers or name.hash in self.hashes or self._catalogue.text_by_hash(name.hash):
            return False
        found = _proven(store, name, record, self._catalogue)
        if found is None or any(link.number in self._linked for link in found[1]):
            return False
        row, links = found
        self.numbers.add(name.number)
        self.hashes.add(name.hash)
        self._rows.append(row)
        self._link(links)
        self.count += 1
        return True

    def link(self, store: TextStore, name: TextName, record: Json | None) -> None:
        """Give a text that is known back those of its captures that wait for extraction."""
        content = store.read(name) if store.path(name).exists() else b""
        if record is None or text_hash(content) != name.hash:
            return
        links: list[CaptureState] = []
        for capture in filter(None, _captures(record, self._catalogue)):
            state = self._catalogue.state(capture.number)
            if state and (state.state, state.text_number) == ("pending", None):
                links.append(CaptureState(capture.number, "text", name.number))
        self._link(links)

    def _link(self, links: list[CaptureState]) -> None:
        self._links += links
        self._linked.update(link.number for link in links)
        if len(self._links) >= _AT_ONCE:
            self.commit()

    def commit(self) -> None:
        if not self._dry_run:
            self._catalogue.commit((), self._rows, self._links)
        self._rows, self._links = [], []


def lost_numbers(catalogue: Catalogue, evidence: Evidence) -> list[int]:
    """Numbers below the highest one known that no text has and nothing names."""
    has = set(catalogue.text_numbers()) | set(evidence.numbered.values())
    return [number for number in range(max(has, default=-1) + 1) if number not in has]


def _record(store: TextStore, name: TextName) -> Json | None:
    try:
        return store.read_record(name)
    except CollectionError:
        return None


def _note_versions(record: Json | None, evidence: Evidence) -> None:
    versions = (record or {}).get("versions", ())
    for version in versions if isinstance(versions, list) else ():
        if isinstance(version, str) and (name := parse_name(version)):
            evidence.numbered.setdefault(name.hash, name.number)


def _proven(
    store: TextStore, name: TextName, record: Json | None, catalogue: Catalogue
) -> tuple[TextRow, list[CaptureState]] | None:
    if record is None:
        return None
    try:
        content = store.read(name)
        article = article_of(record, content)
        captures = list(_captures(record, catalogue))
    except (CollectionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None  # JSON that has lost what it should hold: the text is made anew
    known = [capture for capture in captures if capture]
    if text_hash(content) != name.hash or (captures and not known):
        return None
    links = [CaptureState(capture.number, "text", name.number) for capture in known]
    states = [catalogue.state(link.number) for link in links]
    if any(state is not None and state.text_number is not None for state in states):
        return None
    return text_row(name, article), links


def _captures(record: Json, catalogue: Catalogue) -> Iterator[Capture | None]:
    for named in record["captures"]:
        capture = catalogue.by_record_id(named["record_id"])
        same = capture and (capture.warc, capture.offset) == (named.get("warc"), named.get("offset"))
        yield capture if same else None


def set_strays_aside(store: TextStore, strays: list[TextName], folder: Path) -> list[Path]:
    """Move texts and their JSON into `folder`; returns where they lie now. Raises OSError."""
    moved: list[Path] = []
    for name in strays:
        for path in (store.path(name), store.record_path(name)):
            if path.exists():
                folder.mkdir(parents=True, exist_ok=True)
                target = free_name(folder / path.name)
                path.rename(target)
                moved.append(target)
    return moved


def restore_versions(moved: list[Path], store: TextStore) -> None:
    """Let the JSON that was made again name the former versions that it named before: texts of former rules are linked
    to no capture, so nothing else tells of them. Raises CollectionError where the disk does not take it."""
    folder = TextStore(moved[0].parent) if moved else store
    for name in filter(None, (parse_name(path.name) for path in moved if path.suffix == ".json")):
        before, now = _record(folder, name), _record(store, name)
        if before and now and before != now and _but_versions(before) == _but_versions(now):
            store.write({}, {name: now | {"versions": before["versions"]}})
    store.sync()


def _but_versions(record: Json) -> Json:
    return {field: value for field, value in record.items() if field != "versions"}


def drop_copies(moved: list[Path], texts: Path) -> list[Path]:
    """Delete what was set aside and has been made again since, byte for byte; returns the rest. Raises OSError."""
    left: list[Path] = []
    for path in moved:
        again = texts / path.name
        if again.exists() and again.read_bytes() == path.read_bytes():
            path.unlink()
        else:
            left.append(path)
    return left
