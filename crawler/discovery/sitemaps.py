"""Sitemaps (sitemaps.org protocol 0.9), news sitemaps and sitemap indexes."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from lxml import etree

from crawler.discovery.compressed import plain
from crawler.discovery.dates import parse_date
from crawler.discovery.errors import DiscoveryError
from crawler.discovery.found import Found, first_of_each
from crawler.discovery.titles import title_text
from crawler.discovery.urls import absolute
from crawler.outlets.codes import language_code

MAX_ENTRIES = 50_000
"""Addresses in one sitemap or index: the protocol's own limit."""
MAX_BYTES = 50 << 20
"""Bytes of one sitemap, uncompressed: the protocol's own limit (52,428,800)."""

MAX_BROKEN = 8 << 20
"""Bytes read of one that is not well-formed: each fault costs time, and there may be one a byte."""

_START_OF_ENTRY = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?(?:url|sitemap)[\s>]")
_END_OF_ENTRY = re.compile(rb"</(?:[A-Za-z][\w.-]*:)?(?:url|sitemap)\s*>")
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w+;)")
_ROOTS = frozenset(["urlset", "sitemapindex"])


@dataclass(frozen=True, slots=True)
class ChildSitemap:
    """A sitemap that an index lists, and when it last changed."""

    url: str
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One sitemap as read.

    entries  pages, in the file's order
    indexes  further sitemaps, in the file's order
    cut      there was more than the bound on entries or MAX_BYTES allow, or the file breaks off
    """

    entries: tuple[Found, ...]
    indexes: tuple[ChildSitemap, ...] = ()
    cut: bool = False


def parse_sitemap(body: bytes, url: str, most: int = MAX_ENTRIES) -> Sitemap:
    """The first `most` pages and further sitemaps that a sitemap lists: XML, gzip of it, or one URL a line (UTF-8).

    Content codings must be undone; relative addresses are resolved against `url`. A broken file is kept as
    far as it can be read. Raises DiscoveryError if it is no sitemap or nothing can be read.
    """
    data, cut = plain(body, url, MAX_BYTES)
    data = data.lstrip().removeprefix(BOM_UTF8).lstrip()
    if not data:
        raise DiscoveryError(url, "the sitemap is empty; look at the address in a browser")
    if not data.startswith((b"<", BOM_UTF16_BE, BOM_UTF16_LE)):
        return _lines(data, url, cut, most)
    found = _Reading(most)
    try:
        _read(data, url, found, strict=True)
    except etree.XMLSyntaxError as error:
        # A bare & in an address is the commonest fault.
        mended = _Reading(most)
        _read(_BARE_AMPERSAND.sub(b"&amp;", _whole_entries(data)), url, mended, strict=False)
        mended.cut = mended.cut or len(data) > MAX_BROKEN
        found.cut = True
        found = max(mended, found, key=len)
        if not len(found):
            raise DiscoveryError(
                url, f"the sitemap is broken ({error.msg}); no address can be read"
            ) from error
    return Sitemap(first_of_each(found.entries), tuple(found.indexes), cut or found.cut)


@dataclass(slots=True)
class _Reading:
    most: int
    entries: list[Found] = field(default_factory=list)
    indexes: list[ChildSitemap] = field(default_factory=list)
    cut: bool = False

    def __len__(self) -> int:
        return len(self.entries) + len(self.indexes)


def _read(data: bytes, url: str, reading: _Reading, *, strict: bool) -> None:
    """Raises etree.XMLSyntaxError if `strict` and the XML is broken."""
    # Entities stay unresolved, so neither a bomb nor an external file can get in; depth is libxml2's 256.
    events = etree.iterparse(
        BytesIO(data), ("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, recover=not strict, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    depth = 0
    for event, element in events:
        if event == "start":
            if depth == 0:
                _require_sitemap(_name(element), url)
            depth += 1
            continue
        depth -= 1
        if depth != 1:
            continue
        if len(reading) >= reading.most:
            reading.cut = True
            break
        _take(element, url, reading)
        _forget(element)
    reading.cut = reading.cut or len(events.error_log) > 0


def _whole_entries(data: bytes) -> bytes:
    """The start of a broken sitemap, without an entry that breaks off: its address may be half an address."""
    end = max((match.end() for match in _END_OF_ENTRY.finditer(data, 0, MAX_BROKEN)), default=0)
    partial = len(data) > MAX_BROKEN or _START_OF_ENTRY.search(data, end)
    return data[: end or MAX_BROKEN] if partial else data


def _take(element: etree._Element, url: str, reading: _Reading) -> None:
    fields = {_name(child): child for child in reversed(element)}
    address = absolute(url, link) if (link := _text(fields.get("loc"))) else None
    if address is None:
        return
    changed = parse_date(_text(fields.get("lastmod")))
    if _name(element) == "sitemap":
        reading.indexes.append(ChildSitemap(address, changed))
    elif _name(element) == "url":
        reading.entries.append(_found(address, changed, fields.get("news")))


def _found(address: str, changed: datetime | None, news: etree._Element | None) -> Found:
    if news is None:
        return Found(address, changed, None, None, "sitemap")
    fields = {_name(element): element for element in news.iter()}
    return Found(
        url=address,
        date=parse_date(_text(fields.get("publication_date"))) or changed,
        title=title_text(_text(fields.get("title"))),
        language=language_code(_text(fields.get("language"))),
        origin="news-sitemap",
    )


def _require_sitemap(root: str, url: str) -> None:
    if root in _ROOTS:
        return
    if root in ("rss", "feed", "RDF"):
        raise DiscoveryError(url, "it is a feed; list it under feeds instead of sitemaps")
    raise DiscoveryError(url, f"it is no sitemap but <{root[:40]}>; look at the address in a browser")


def _lines(data: bytes, url: str, cut: bool, most: int) -> Sitemap:
    """A text sitemap: one absolute URL a line."""
    lines = data.decode("utf-8-sig", "replace").split("\n", most)
    addresses = [
        absolute(url, line)
        for line in lines[:most]
        if line.lstrip().lower().startswith(("http://", "https://"))
    ]
    entries = [Found(address, None, None, None, "sitemap") for address in addresses if address is not None]
    if not entries:
        raise DiscoveryError(url, "it is no sitemap: neither XML nor one URL a line; look at it in a browser")
    return Sitemap(first_of_each(entries), (), cut or len(lines) > most)


def _name(element: etree._Element) -> str:
    """The tag without its namespace, which many sitemaps write wrong or leave out."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element: etree._Element | None) -> str | None:
    """The element's text; None also where an entity stands in it, as what it means is not known."""
    if element is None or any(child.tag is etree.Entity for child in element):
        return None
    return "".join(str(piece) for piece in element.itertext()).strip()


def _forget(element: etree._Element) -> None:
    """Free what was read: a full sitemap's tree takes some 200 MB."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]  # type: ignore[union-attr]
