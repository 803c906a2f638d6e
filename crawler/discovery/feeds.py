"""Feeds: RSS 0.9 to 2.0, RDF, Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import re
from calendar import timegm
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time
from typing import Any

import feedparser
import orjson
from lxml import etree

from crawler.discovery.compressed import plain
from crawler.discovery.dates import aware, parse_date
from crawler.discovery.errors import DiscoveryError
from crawler.discovery.found import Found, first_of_each
from crawler.discovery.titles import title_text
from crawler.discovery.urls import absolute
from crawler.outlets.codes import language_code

MAX_ENTRIES = 1000
"""Entries read of one feed. Feeds list 10 to 200; the few that list an archive have sitemaps for that."""
MAX_BYTES = 32 << 20
"""Bytes read of one feed: 1000 entries with whole articles and styles in each stay well below."""

MAX_BROKEN = 1 << 19
"""Bytes read of a feed that is not well-formed: the lenient parser takes some 7 s for the worst of them."""

_NO_FEED = "it is no feed (no RSS, RDF, Atom or JSON Feed); look at it in a browser"
_ROOT = re.compile(rb"<((?:[A-Za-z][\w.-]*:)?(?:rss|RDF|feed))[\s>]")
_END_OF_ENTRY = re.compile(rb"</(?:[A-Za-z][\w.-]*:)?(?:item|entry)\s*>")


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed as read.

    entries   in the feed's order, those with an http(s) link only
    next_url  the page of older entries (RFC 5005, 3; `next_url` of JSON Feed), or None
    cut       it lists more than was read
    """

    entries: tuple[Found, ...]
    next_url: str | None = None
    title: str | None = None
    cut: bool = False


def parse_feed(body: bytes, url: str, content_type: str | None = None, most: int = MAX_ENTRIES) -> Feed:
    """The links of the first `most` entries that a feed lists; content codings must be undone, a gzip file is read
    as well.

    `url` is where the feed came from, relative links are resolved against it; `content_type` is the header's
    value. Entries of a broken feed are kept as far as they can be read. Raises DiscoveryError if it is no
    feed or breaks before its first entry.
    """
    data, _ = plain(body, url, MAX_BYTES)
    data = data.lstrip().removeprefix(BOM_UTF8).lstrip()
    if not data:
        raise DiscoveryError(url, "the feed is empty; look at the address in a browser")
    if data.startswith(b"{"):
        return _json_feed(data, url, most)
    data, cut = _bounded(data, most)
    return _xml_feed(data, url, content_type, cut=cut)


def _xml_feed(data: bytes, url: str, content_type: str | None, *, cut: bool) -> Feed:
    headers = {"content-location": url}
    if content_type:
        headers["content-type"] = content_type
    # A stream: of a string or of bare bytes feedparser might make an address to fetch or a file to open.
    parsed = feedparser.parse(BytesIO(data), response_headers=headers, sanitize_html=False)
    language = language_code(parsed.feed.get("language"))
    found = (_entry(entry, url, language) for entry in parsed.entries)
    entries = first_of_each(entry for entry in found if entry is not None)
    if not entries:
        _require_feed(parsed, url)
    following = (link.get("href") for link in parsed.feed.get("links", ()) if link.get("rel") == "next")
    return Feed(
        entries=entries,
        next_url=_elsewhere(url, next(following, None)),
        title=title_text(parsed.feed.get("title")),
        cut=cut,
    )


def _require_feed(parsed: feedparser.FeedParserDict, url: str) -> None:
    """A feed without a single entry may be a broken one, or none at all."""
    if parsed.get("bozo") and not isinstance(parsed.bozo_exception, _HARMLESS):
        reason = " ".join(str(parsed.bozo_exception).removeprefix("<unknown>:").split())
        raise DiscoveryError(url, f"the feed is broken ({reason}); no entry can be read")
    if not parsed.get("version"):
        raise DiscoveryError(url, _NO_FEED)


# Faults of the frame that leave the entries as they are.
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


def _entry(entry: Mapping[str, Any], url: str, language: str | None) -> Found | None:
    # FeedBurner's link counts a click and redirects; origLink is where it leads.
    link = entry.get("feedburner_origlink") or entry.get("link")
    address = absolute(url, link) if link else None
    if address is None:
        return None
    own = (entry.get("title_detail") or {}).get("language")
    return Found(
        url=address,
        date=_date(dict(entry)),
        title=title_text(entry.get("title")),
        language=language_code(entry.get("language") or own) or language,
        origin="feed",
    )


def _date(fields: Mapping[str, Any]) -> datetime | None:
    """When the entry was published, else changed, else made.

    `fields` is a plain dict, as feedparser's own answers with another date, and warns, where one is missing.
    """
    for key in ("published", "updated", "created"):
        moment = fields.get(f"{key}_parsed")
        if date := _moment(moment) if moment else parse_date(fields.get(key)):
            return date
    return None


def _moment(moment: struct_time) -> datetime | None:
    """feedparser's dates are in UTC; one without a zone is taken for it."""
    try:
        return aware(datetime.fromtimestamp(timegm(moment), UTC))
    except (ValueError, OverflowError, OSError):
        return None  # a year that no calendar has: the entry stays, undated


def _json_feed(data: bytes, url: str, most: int) -> Feed:
    try:
        feed = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise DiscoveryError(url, f"its JSON is broken ({error}); fetch it again") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise DiscoveryError(
            url, "it is JSON without a list `items`, so no JSON Feed; look at it in a browser"
        )
    language = language_code(_text(feed.get("language")))
    entries = (_json_entry(item, url, language) for item in items[:most] if isinstance(item, dict))
    return Feed(
        entries=first_of_each(entry for entry in entries if entry is not None),
        next_url=_elsewhere(url, _text(feed.get("next_url"))),
        title=title_text(_text(feed.get("title"))),
        cut=len(items) > most,
    )


def _json_entry(item: Mapping[str, object], url: str, language: str | None) -> Found | None:
    # JSON Feed 1.1, "Items": url is the permalink, and an id is ideally one too.
    name = _text(item.get("id")) or ""
    link = _text(item.get("url")) or (name if name.startswith(("http://", "https://")) else None)
    address = absolute(url, link) if link else None
    if address is None:
        return None
    return Found(
        url=address,
        date=parse_date(_text(item.get("date_published")) or _text(item.get("date_modified"))),
        title=title_text(_text(item.get("title"))),
        language=language_code(_text(item.get("language"))) or language,
        origin="feed",
    )


def _bounded(data: bytes, most: int) -> tuple[bytes, bool]:
    """The feed's first entries, as the parser builds the whole of what it gets in memory, and whether it has more.

    A well-formed feed stays so. One that breaks off loses its last entry, whose link may be half a link, and
    is closed, which spares it the lenient parser.
    """
    ends = [match.end() for match in _END_OF_ENTRY.finditer(data)]
    root = _ROOT.search(data)
    if ends and root and b"</" + root[1] not in data[ends[-1] :]:
        data = data[: ends[-1]] + (b"</channel>" if root[1] == b"rss" else b"") + b"</" + root[1] + b">"
    cut = len(ends) > most
    if cut:
        data = data[: ends[most - 1]] + data[ends[-1] :]
    if len(data) <= MAX_BROKEN or _well_formed(data):
        return data, cut
    return data[: max((end for end in ends if end <= MAX_BROKEN), default=MAX_BROKEN)], True


def _well_formed(data: bytes) -> bool:
    try:
        for _, element in etree.iterparse(BytesIO(data), resolve_entities=False, no_network=True):
            element.clear()
    except etree.XMLSyntaxError:
        return False
    return True


def _elsewhere(url: str, link: str | None) -> str | None:
    address = absolute(url, link) if link else None
    return None if address == absolute(url, "") else address


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
