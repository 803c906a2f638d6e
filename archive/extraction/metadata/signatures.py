"""Authors named far from the headline: boxes at the foot of a story, lines such as `Posted by`.

In order of trust:

    1  the one person whom every author's box and link to an author's page names, outside lists and margins
    2  the one person whom the lines that open with `Written by`, `Autor:` and the like name, outside comments

Two persons are none: the page then speaks of other stories too.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.metadata import byline, dates
from archive.extraction.metadata.names import Name, clean
from archive.extraction.metadata.vicinity import short_text
from archive.extraction.parsing.naming import class_and_id
from archive.extraction.wording.folding import fold


def find(root: HtmlElement, host: str, site: frozenset[str]) -> list[Name]:
    """The one person whom the whole page names as its author, if there is one."""
    return _boxes(root, host, site) or _signed(root, site)


def _boxes(root: HtmlElement, host: str, site: frozenset[str]) -> list[Name]:
    """The one person whom every link to an author's page and every author's box of the page names."""
    found: dict[str, Name] = {}
    for element in cast("list[HtmlElement]", _WITH_CLASS(root)):
        if element.tag == "a" and not byline.leads_to_author(element, host):
            continue
        text = short_text(element)
        if not 0 < len(text) < _BOX or _in_margin(element):
            continue
        named = clean([text], site) if element.tag == "a" else byline.of_line(text, site, marked=True)
        found.update({name.text: name for name in named if name.person and byline.FULL_NAME.match(name.text)})
        if len(found) > 1:
            return []
    return list(found.values())


def _signed(root: HtmlElement, site: frozenset[str]) -> list[Name]:
    """The one person whom the lines that open with `Written by` and the like name."""
    found: dict[str, Name] = {}
    pending = ""
    for element in root.iter(etree.Element):
        text = element.text
        if not text or not 1 < len(text) < byline.ENOUGH or element.tag in _NO_TEXT:
            continue
        if not pending and (text.isspace() or _first_word(text) not in byline.SIGNED.firsts):
            continue
        if not pending and not byline.SIGNED.match(fold(text)):
            continue
        line, label = short_text(element), pending
        pending = ""
        if byline.is_signing(line):
            if not (element.tail and element.tail.strip()):
                pending = line
                continue
            line = f"{line} {element.tail.strip()}"
        if not 0 < len(line) < byline.ENOUGH or _in_comment(element):
            continue
        named = byline.of_line(f"{label} {line}" if label else line, site, marked=True)
        found.update({name.text: name for name in named if name.person and _is_signature(name.text, line)})
        if len(found) > 1:
            return []
    return list(found.values())


def _first_word(text: str) -> str:
    return text.split(None, 1)[0].lower().rstrip(":：")


def _is_signature(name: str, line: str) -> bool:
    """A full name, or one word with a capital on a line that tells the day as well: `Posted by Ruth on 3 May`."""
    return bool(byline.FULL_NAME.match(name)) or (not name[0].islower() and bool(dates.parse(line)))


_NO_TEXT = frozenset({"script", "style", "noscript", "template", "option", "title", "button", "label"})
_COMMENTS = re.compile("comment|related|recent|teaser|popular", re.I)


def _in_comment(element: HtmlElement) -> bool:
    outers = [element, *islice(element.iterancestors(), 8)]
    return any(_COMMENTS.search(class_and_id(outer)) for outer in outers)


_WITH_CLASS = etree.XPath("//@class[contains(., 'author') or contains(., 'byline')]/..")
_BOX = 80
_MARGIN = re.compile("comment|related|recent|teaser|card|popular|widget", re.I)


def _in_margin(element: HtmlElement) -> bool:
    return any(
        outer.tag in ("nav", "aside", "li") or _MARGIN.search(outer.get("class") or "")
        for outer in [element, *islice(element.iterancestors(), 5)]
    )
