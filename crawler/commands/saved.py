"""Pages that are at hand: in HTML files, in anybody's WARC, ARC and WACZ files, in a collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.capture import PAGE_LIMIT, Capture
from archive.collection import Collection
from archive.errors import CollectionError, RecordError, WaczError
from archive.extraction.article import Page
from archive.in_flight import too_large
from archive.places import WARC_SUFFIXES
from archive.spool import Spool
from archive.wacz.members import Member
from archive.wacz.reader import is_zip, read_members
from archive.warc.captures import page_of, read_captures
from archive.warc.kinds import recognise
from archive.warc.record import RecordWarning
from archive.warc.source import Opener, open_file
from archive.warc.writer import OPEN_SUFFIX
from crawler.commands.console import counted
from crawler.discovery.errors import UrlError
from crawler.discovery.urls import safe_http_url

_RECORD_NAMES = (*WARC_SUFFIXES, OPEN_SUFFIX)
_TEXT = re.compile(r"(\d{3,})(?:_[0-9a-f]{16}(?:\.txt|\.json)?)?")


@dataclass(frozen=True, slots=True)
class Saved:
    """A page: an entity, or the raw response of a capture.

    named   how the user named it, or the file that holds it
    file    the file that holds it
    wanted  whether the user asked for this very page, and not for all that a WARC file holds
    """

    named: str
    file: Path
    page: Page
    capture: Capture | None = None
    wanted: bool = True

    @property
    def key(self) -> str:
        """The JSON key of `named` in a row that tells a failure."""
        return "file" if self.named == str(self.file) else "url"

    @property
    def raw(self) -> bool:
        """Whether the page's body is a raw response: status line, header and body as received."""
        return self.capture is not None and self.capture.record_type == "response"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read, and why. `lost` is False for a fault by which no byte is lost."""

    named: str
    reason: str
    key: str = "file"
    lost: bool = True


def holds_records(file: Path) -> bool:
    """Whether the file is a WARC, ARC or WACZ file, or calls itself one."""
    if file.name.endswith(_RECORD_NAMES) or is_zip(file):
        return True
    try:
        recognise(file)
    except (RecordError, OSError):
        return False
    return True


def in_files(files: Iterable[Path], url: str | None) -> Iterator[Saved | Unreadable]:
    """The pages of the files in their order. `url` is where a saved page came from, and chooses among a WARC's."""
    for file in files:
        if is_zip(file):
            yield from _in_wacz(file, url)
        elif holds_records(file):
            yield from _in_warcs(file, url, [(file, open_file)])
        else:
            yield _in_html(file, url)


def _in_html(file: Path, url: str | None) -> Saved | Unreadable:
    try:
        if file.stat().st_size > PAGE_LIMIT:
            return Unreadable(str(file), "is larger than any page, and no WARC file; check the path")
        return Saved(str(file), file, Page(url or file.absolute().as_uri(), file.read_bytes()))
    except OSError as error:
        return Unreadable(str(file), f"can't be read ({error.strerror}); check the path")


def _in_wacz(file: Path, url: str | None) -> Iterator[Saved | Unreadable]:
    damages: list[WaczError] = []
    try:
        members = read_members(file, damages.append)
    except WaczError as error:
        yield Unreadable(str(file), str(error))
        return
    except OSError as error:
        yield Unreadable(str(file), f"can't be read ({error.strerror}); check the path")
        return
    for damage in damages:
        yield Unreadable(str(file), str(damage))
    if members or not damages:
        yield from _in_warcs(file, url, [(member.path, _opener(member)) for member in members])


def _opener(member: Member) -> Opener:
    return lambda _path: member.open()


def _in_warcs(
    file: Path, url: str | None, warcs: Iterable[tuple[Path, Opener]]
) -> Iterator[Saved | Unreadable]:
    """The pages of a WARC file, or of all those that lie in one file."""
    damages: list[RecordError] = []
    pages = found = unreadable = 0
    for path, opener in warcs:
        try:
            for capture, block in read_captures(path, damages.append, opener=opener):
                with block:
                    if not capture.is_page or capture.record_type == "revisit":
                        continue
                    pages += 1
                    if url is None or _same(url, capture.url):
                        found += 1
                        yield _stored(str(file), file, capture, block, wanted=url is not None)
        except (RecordError, WaczError) as error:
            unreadable += 1
            yield Unreadable(str(file), str(error))
        except OSError as error:
            unreadable += 1
            yield Unreadable(str(file), f"can't be read ({error.strerror}); check the path")
    for damage in damages:
        yield Unreadable(str(file), str(damage), lost=not isinstance(damage, RecordWarning))
    if not (found or unreadable):
        of = f"of {url} among its {counted(pages, 'page')}" if url and pages else "in it"
        yield Unreadable(str(file), f"there is no capture {of}; revisit records hold no page of their own")


def _same(url: str, other: str) -> bool:
    try:
        return url in (other, safe_http_url(other))
    except UrlError:
        return False


def _stored(
    named: str, file: Path, capture: Capture, block: Spool, *, wanted: bool = True
) -> Saved | Unreadable:
    if sentence := too_large(capture, block):
        return Unreadable(named, sentence)
    return Saved(named, file, page_of(capture, block), capture, wanted)


def in_collection(collection: Collection, names: Iterable[str]) -> Iterator[Saved | Unreadable]:
    """The newest capture of each URL, and for the number or name of a text file the page that it was made of."""
    for name in names:
        match = None if "://" in name else _TEXT.fullmatch(Path(name).name)
        try:
            captures = _of_text(collection, int(match[1])) if match else _newest(collection, name)
        except (UrlError, CollectionError) as error:
            yield Unreadable(name, str(error), key="url")
            continue
        if not captures:
            place = collection.places.root
            yield Unreadable(name, f"{place} holds no such page; `tearsheet scrape` fetches one", key="url")
        for capture in captures:
            yield _read(collection, name, capture)


def _of_text(collection: Collection, number: int) -> list[Capture]:
    """The capture that a text was made of first, or those of all pages of an article that was cut into several."""
    row = collection.catalogue.text(number)
    captures = collection.catalogue.captures_of(number)
    if row is None or not captures:
        return []
    _, record = collection.read_text(row)
    urls = [part["url"] for part in record.get("parts", ())] or [captures[0].url]
    first = {capture.url: capture for capture in reversed(captures)}
    return [first[url] for url in urls if url in first]


def _newest(collection: Collection, name: str) -> list[Capture]:
    catalogue = collection.catalogue
    for url in (safe_http_url(name), name):
        found = [each for each in (catalogue.latest(url), catalogue.nearest(url, None, "dom")) if each]
        if found:
            return [max(found, key=lambda capture: (capture.date, capture.number))]
    return []


def _read(collection: Collection, name: str, capture: Capture) -> Saved | Unreadable:
    try:
        capture = collection.original(capture)
        if not capture.is_page:
            mime = capture.mime or "of unknown type"
            return Unreadable(name, f"its capture is {mime}, not an HTML page", key="url")
        with collection.read_response(capture) as block:
            return _stored(name, collection.places.warc(capture.warc), capture, block)
    except RecordError as error:
        return Unreadable(name, str(error), key="url")
