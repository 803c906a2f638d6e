"""Articles that their outlet cut into pages: where the next page is.

A link leads to the next page of the same article where its address is the page's own with the next number in a place
for page numbers, and where the link says so too: by `rel=next` (HTML, 4.6.6.13), by the number as its text, or by the
word `next` in its class, id or label. `rel=next` alone often leads to the next story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from urllib.parse import quote, urljoin, urlsplit

from lxml.html import HtmlElement

from archive.extraction.article import Page
from archive.extraction.parsing.decode import utf8
from archive.extraction.parsing.tree import parse

_WORDS = "page|pagina|página|pag|seite|strona|stranica|stranka|sivu|sida|side|oldal|sayfa|halaman|trang|p|pg"
_PARAMETER = re.compile(
    rf"(?:^|&)((?:{_WORDS})(?:_?n(?:o|r|um|umber))?|current_?page|paged|story_?page)=(\d{{1,3}})(?=&|$)", re.I
)
_PLACES = (
    re.compile(rf"(?P<before>.+?)/(?:{_WORDS})[/_-]?(?P<number>\d{{1,3}})(?P<after>/?)", re.I),
    re.compile(
        rf"(?P<before>.+?)[-_,.](?:{_WORDS})[-_]?(?P<number>\d{{1,2}})(?P<after>\.[a-z]{{3,5}}|/?)", re.I
    ),
)
_BARE = (
    re.compile(r"(?P<before>.+?)/(?P<number>\d{1,2})(?P<after>/?)"),
    re.compile(r"(?P<before>.+?)[-_,.](?P<number>\d{1,2})(?P<after>\.[a-z]{3,5})", re.I),
)
_TRACKING = re.compile(r"(?:^|&)(?:utm_\w+|fbclid|gclid)=[^&]*", re.I)
_ESCAPED = "/:@!$&'()*+,;=~%?"
_MAX_LINKS = 5_000
_BEFORE = "/=,._" + "".join(sorted({word[-1] + word[-1].upper() for word in _WORDS.split("|")})) + "-"
_HREF = re.compile(rb"href\s*=\s*$", re.I)
_LONGEST_NAME = 12  # bytes of `href`, the equals sign, and a few blanks around that
_LONGEST = 2_000  # bytes of an address before and after its page's number


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a URL: as page `number` of what lies at `stem` (path and query). `bare` says that nothing but
    the number tells, which may be part of a name as well."""

    number: int
    stem: tuple[str, str]
    bare: bool = False


def next_page(root: HtmlElement, url: str) -> str | None:
    """The absolute URL, escaped and without fragment, of the page on which the article at `url` goes on, or None."""
    own = _readings(url)
    base = next((str(element.get("href")) for element in root.iter("base") if element.get("href")), "")
    try:
        here = urljoin(url, base)
    except ValueError:  # `http://[` and the like
        here = url
    links = list(islice(root.iter("a", "link"), _MAX_LINKS))
    numbered = _LAST_DIGIT if base else _numbered(own)
    for link in links:
        href = link.get("href")
        if not href or not numbered.search(href) or not _LAST_DIGIT.search(href):
            continue
        if (said := _said(link)) is None:
            continue
        address = _address(here, href)
        if address is None:
            continue
        for reading, before in _following(address, url, own):
            if said not in (0, reading.number):
                continue
            if not before.bare or any(_leads_to(reading.stem, here, other) for other in links):
                return address
    return None


def _following(address: str, url: str, own: list[_Reading]) -> Iterator[tuple[_Reading, _Reading]]:
    """The ways to read an address as the page after the one at `url`, each with the way in which `own` is read then."""
    if urlsplit(address)[:2] != urlsplit(url)[:2]:
        return
    for reading in _readings(address):
        before = [r for r in own if (r.number, r.stem) == (reading.number - 1, reading.stem)]
        if before and reading.number > 1:
            yield reading, before[0]


def continued_at(body: bytes, url: str) -> str | None:
    """`next_page` of a page whose codings are undone. Raises DecodeError or ExtractionError."""
    root = parse(utf8(Page(url, body)), url)
    return None if root is None else next_page(root, url)


def _numbered(own: list[_Reading]) -> re.Pattern[str]:
    """Finds what ends as the number of a page after one of `own` does: few addresses have it."""
    return re.compile(rf"(?:{'|'.join(_next_numbers(own))})(?!\d)")


def _next_numbers(own: list[_Reading]) -> list[str]:
    return sorted({str(reading.number + 1) for reading in own})


def may_be_continued(body: bytes, url: str) -> bool:
    """Whether a page might have a `next_page`: told from its bytes, in a hundredth of the time."""
    own = _readings(url)
    # The number first, by which the regular expression finds its places as fast as memory is read: several times as
    # fast as by what may stand before it.
    patterns = (rf"{n}(?<=[{_BEFORE}]{n})(?:/|\.[a-z]+)?[\"'#&?]".encode() for n in _next_numbers(own))
    places = [match.start() for p in patterns for match in islice(re.finditer(p, body), _MAX_LINKS + 1)]
    if len(places) > _MAX_LINKS:
        return True
    links = dict.fromkeys(_links_around(places, body))
    if any(_may_follow(link, url, own) for link in links):
        return True
    return bool(links) and (b"<base" in body or b"<BASE" in body)  # which lets them lead elsewhere


def _links_around(places: list[int], body: bytes) -> Iterator[bytes]:
    """The values of `href` in which the places lie."""
    for place in places:
        for quote_mark in (b'"', b"'"):
            begin = body.rfind(quote_mark, max(0, place - _LONGEST), place)
            if begin > 0 and _HREF.search(body, max(0, begin - _LONGEST_NAME), begin):
                yield body[begin + 1 : body.find(quote_mark, place, place + _LONGEST)]


def _may_follow(link: bytes, url: str, own: list[_Reading]) -> bool:
    if not link.isascii():
        return True  # what it says depends on the page's encoding
    address = _address(url, unescape(link.decode("ascii")))
    return address is not None and any(_following(address, url, own))


_LAST_DIGIT = re.compile(r"\d\D{0,40}$")


def _said(link: HtmlElement) -> int | None:
    """The number that a link shows, 0 if it says no more than `next`, None for any other link."""
    if "next" in (link.get("rel") or "").lower().split():
        return 0
    if link.tag == "link":
        return None
    text = "".join(link.itertext()).strip() if len(link) < 5 else ""
    if text.isdecimal() and len(text) < 4:
        return int(text)
    named = " ".join(link.get(name) or "" for name in ("class", "id", "aria-label", "title")).lower()
    return 0 if "next" in named and "next" in re.split(r"[\W_]+", named) else None


def _leads_to(stem: tuple[str, str], base: str, link: HtmlElement) -> bool:
    """Whether a link leads to the first page. It is no proof, but a story whose name ends in a number has none."""
    href = link.get("href")
    if link.tag != "a" or not href or href.startswith("#"):
        return False
    address = _address(base, href)
    if address is None:
        return False
    parts = urlsplit(address)
    return (parts.path.rstrip("/"), parts.query) == stem


def _address(base: str, href: str) -> str | None:
    try:
        address = urljoin(base, href.strip())
    except ValueError:
        return None
    return quote(address.partition("#")[0], safe=_ESCAPED)


def _readings(url: str) -> list[_Reading]:
    parts = urlsplit(url)
    parts = parts._replace(query=_TRACKING.sub("", parts.query).strip("&"))
    path = parts.path.rstrip("/")
    found = [_Reading(1, (path, parts.query))]
    for match in _PARAMETER.finditer(parts.query):
        rest = parts.query[: match.start()] + parts.query[match.end() :]
        found.append(_Reading(int(match[2]), (path, rest.strip("&"))))
    for places, bare in ((_PLACES, False), (_BARE, True)):
        for place in places:
            if placed := place.fullmatch(parts.path):
                stem = (placed["before"] + placed["after"]).rstrip("/")
                number = int(placed["number"])
                found.append(_Reading(number, (stem, parts.query), bare and number > 1))
    return found
