"""The byline that a reader sees.

Habits in order of trust, the first that names a person wins:

    1  links to an author's page of the same site, near the headline
    2  elements near the headline whose class says that they are a byline
    3  lines there that open as bylines do: `By`, `Von`, `بقلم`
    4  a full name right before the date on one line
    5  anywhere on the page, the one person whom all author's boxes outside lists and margins name

A name that nothing marks as an author's is never taken.
"""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.folding import fold
from archive.extraction.lexicon import LEXICON
from archive.extraction.metadata import dates
from archive.extraction.metadata.names import LABEL, Name, clean
from archive.extraction.metadata.vicinity import Vicinity, short_text, visible

_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autori|people|person|profiles?|staff|writers?|contributors?|producers?"
    r"|reporters?|journalists?|columnists?|experts?|yazar(?:lar)?|users|skribent|byline)/[^/]+",
    re.I,
)
_CLASS = re.compile(
    r"by-?line|author|autor|auteur|writer|writeby|written-?by|contributor|journalist|reporter", re.I
)
_NOT_CLASS = re.compile(
    r"bio|desc|avatar|image|img|comment|related|social|follow|title(?!_)|job|role|recent|promo", re.I
)
# One to four words that begin with a capital, with particles between them, or any in a script that has no capitals.
_NAME = re.compile(
    r"^(?:(?:(?:[^\W\d_a-zß-öø-ÿа-я][\w.'’-]*)|d[aeiu]|de[lr]?|la|v[ao]n|bin|al-\w+|y|e)(?:,?\s|$)){1,6}$"
)
_ENOUGH = 140
# Scripts that tell a name from other words neither by capitals nor by spaces.
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_REPORTER = re.compile(r"(?:기자|記者|记者|特派員|특파원)\b")


def find(root: HtmlElement, near: Vicinity, site: frozenset[str]) -> list[Name]:
    """The persons of the first habit that names one, or else the first organisation."""
    others: list[Name] = []
    for look in (_author_links, _marked, _opened, _dated, None):
        found = look(near, site) if look else _anywhere(root, near.host, site)
        persons = [name for name in found if name.person]
        if persons:
            return persons
        others = others or found
    return others


def _author_links(near: Vicinity, site: frozenset[str]) -> list[Name]:
    links = [link for link in near.elements() if link.tag == "a" and _leads_to_author(link, near.host)]
    for link in links:
        if clean([visible(link)], site):
            texts = [visible(other) for other in links if _together(link, other)]
            return clean([text for text in texts if 0 < len(text.split()) <= 6], site)
    return []


def _leads_to_author(link: HtmlElement, host: str) -> bool:
    if "author" in (link.get("rel") or "").lower().split():
        return True
    try:
        address = urlsplit(link.get("href") or "")
    except ValueError:
        return False
    # A profile on another site is a link of a share bar more often than not.
    at_home = not address.netloc or address.netloc.removeprefix("www.") == host
    return at_home and bool(_AUTHOR_PAGE.search(address.path))


def _together(one: HtmlElement, other: HtmlElement) -> bool:
    """Whether two links stand in one group: the same parent or the same parent's parent."""
    around = [element for element in (one.getparent(), one.getparent().getparent()) if element is not None]
    return one is other or any(parent in around for parent in list(other.iterancestors())[:2])


def _marked(near: Vicinity, site: frozenset[str]) -> list[Name]:
    for element, line in near.shown():
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        parent = element.getparent()
        around = f"{marks} {parent.get('class') or ''}" if parent is not None else marks
        if len(line) < _ENOUGH and _CLASS.search(around) and not _NOT_CLASS.search(marks):
            names = of_line(line, site, marked=True)
            if names:
                return names
    return []


def _opened(near: Vicinity, site: frozenset[str]) -> list[Name]:
    lines = [line for line in near.lines() if len(line) < _ENOUGH]
    for index, line in enumerate(lines):
        if not is_opened(line):
            continue
        alone = len(line.split()) == 1 and index + 1 < len(lines)
        names = of_line(lines[index + 1] if alone else line, site, marked=alone)
        if names:
            return names
    return []


def _dated(near: Vicinity, site: frozenset[str]) -> list[Name]:
    """A full name right before the date on one line."""
    for line in near.lines():
        opening = _before_date(line) if len(line) < _STAMP and dates.parse(line) else ""
        names = clean([opening], site) if opening else []
        if names and all(_FULL_NAME.match(name.text) and name.person for name in names):
            return names
    return []


_STAMP = 70
_FULL_NAME = re.compile(
    r"^[A-ZÀ-Þ][\w'’-]+\s(?:[A-ZÀ-Þ]\.?\s)?(?:(?:van|von|de|der|den|di|la)\s){0,2}[A-ZÀ-Þ][\w'’-]+$"
)


def _anywhere(root: HtmlElement, host: str, site: frozenset[str]) -> list[Name]:
    """The one person whom every link to an author's page and every author's box of the page names."""
    found: dict[str, Name] = {}
    for element in cast("list[HtmlElement]", _BOXES(root)):
        if element.tag == "a" and not _leads_to_author(element, host):
            continue
        text = short_text(element)
        if not 0 < len(text) < _BOX or _in_margin(element):
            continue
        named = clean([text], site) if element.tag == "a" else of_line(text, site, marked=True)
        found.update({name.text: name for name in named if name.person and _FULL_NAME.match(name.text)})
        if len(found) > 1:
            return []
    return list(found.values())


_BOXES = etree.XPath("/descendant::*[contains(@class, 'author') or contains(@class, 'byline')]")
_BOX = 80
_MARGIN = re.compile("comment|related|recent|teaser|card|popular|widget", re.I)


def _in_margin(element: HtmlElement) -> bool:
    return any(
        outer.tag in ("nav", "aside", "li") or _MARGIN.search(outer.get("class") or "")
        for outer in [element, *list(element.iterancestors())[:5]]
    )


def is_opened(line: str) -> bool:
    """Whether the line begins as bylines do."""
    return bool(LABEL.match(line)) or any(
        hit.category == "byline" and (hit.kind == "start" or hit.separated or not hit.rest)
        for hit in LEXICON.hits(fold(line))
    )


def of_line(line: str, site: frozenset[str], marked: bool) -> list[Name]:
    """The names of one line up to its date; without `marked` it has to begin as bylines do."""
    if not marked and not is_opened(line):
        return []
    names = clean([_before_date(line)], site)
    if len(names) == 1 and " " not in names[0].text:
        return names if is_opened(line) and _key(line) != _key(names[0].text) else []
    if _WIDE.search(line) and not is_opened(line) and not _REPORTER.search(line):
        return []
    good = all(_NAME.match(name.text) or (not name.person and is_opened(line)) for name in names)
    return names if good else []


def _key(text: str) -> str:
    return fold(text).strip(" :")


def _before_date(line: str) -> str:
    """`line` up to where a date, a number or a bar begins."""
    kept = []
    for word in line.split():
        if any(char.isdigit() for char in word) or fold(word).strip(".,") in LEXICON.months or word in _ENDS:
            break
        kept.append(word)
    return " ".join(kept)


_ENDS = frozenset(
    {"|", "•", "·", "on", "am", "le", "el", "-", "–", "—", "Published", "Updated", "Posted", "Last"}
)
