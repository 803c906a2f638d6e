"""The headline: what several sources agree on, without the site's name.

Order of trust: the h1 that agrees best with another source; the only h1, if it reads like a headline; JSON-LD
headline; og:title and twitter:title; any h1; <title>. The h1 goes first because it is what a reader saw; the others
are cut, padded for search engines or older.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.extraction.folding import key
from archive.extraction.metadata.jsonld import first
from archive.extraction.metadata.marks import Marks
from archive.extraction.metadata.vicinity import visible

_SEPARATOR = re.compile(r"\s+[|·•»«–—:-]{1,2}\s+|\s*[|｜]\s*|\s+[-–—]\s*$")
_SITE_LENGTH = 45


def choose(marks: Marks, root: HtmlElement, names: list[str]) -> tuple[str, HtmlElement | None]:
    """The headline, empty if the page has none, and the h1 that shows it. `names` are names of the site."""
    stated = _stated(marks, names)
    site = {key(name) for name in names}
    h1s = [(element, text) for element in root.iter("h1") if (text := visible(element)) and len(text) < 400]
    h1s = [(element, text) for element, text in h1s if key(text) not in site]
    keys = [key(text) for text in stated]
    scored = [
        (_agreement(key(text), keys), -index, element, text) for index, (element, text) in enumerate(h1s)
    ]
    if scored:
        score, _, element, text = max(scored, key=lambda entry: entry[:2])
        if score or (len(h1s) == 1 and _reads_like_a_headline(element, text)):
            return _without_kicker(strip_site(text, names), stated), element
    if stated:
        return stated[0], None
    if h1s:
        return strip_site(h1s[0][1], names), h1s[0][0]
    return (strip_site(marks.title, names), None) if marks.title else ("", None)


def _reads_like_a_headline(element: HtmlElement, text: str) -> bool:
    """Whether an h1 that no other source bears out is a headline: some words, outside the page's head and margins."""
    outside = any(parent.tag in ("nav", "aside", "footer") for parent in element.iterancestors())
    return not outside and len(text) >= 20 and (len(text.split()) >= 4 or not text.isascii())


def _without_kicker(text: str, stated: list[str]) -> str:
    """`text` from where a stated headline begins, if the rest of it is just that: a kicker stands before."""
    shown = key(text)
    for title in stated:
        said = key(title)
        if len(said) > 15 and shown != said and shown.endswith(said) and 2 * len(said) > len(shown):
            return title
    return text


def _stated(marks: Marks, names: list[str]) -> list[str]:
    found = [first(value) for value in marks.node("headline")]
    found += [
        marks.first(name) for name in ("og:title", "twitter:title", "parsely-title", "title", "dc.title")
    ]
    found += marks.props.get("headline", [])[:1]
    found.append(marks.title)
    return [text for value in found if value and (text := strip_site(value, names))]


def _agreement(shown: str, stated: list[str]) -> int:
    """3 the same, 2 one begins with the other, 1 one holds the other; 0 for no agreement."""
    best = 0
    for other in stated:
        if shown == other:
            return 3
        short, long = sorted((shown, other), key=len)
        if len(short) > 12 and len(short) > 0.4 * len(long):
            best = max(best, 2 if long.startswith(short) else 1 if short in long else 0)
    return best


def strip_site(title: str, names: list[str]) -> str:
    """`title` without the site's name, which stands after or before a bar, dash or dot."""
    title = " ".join(title.split())
    keys = {key(name) for name in names if name}
    parts = [match.span() for match in _SEPARATOR.finditer(title)]
    while parts:
        tail, head = title[parts[-1][1] :], title[: parts[0][0]]
        if _is_site(tail, keys):
            title = title[: parts.pop()[0]].rstrip()
        elif _is_site(head, keys):
            cut = parts[0][1]
            title, parts = title[cut:].lstrip(), [(a - cut, b - cut) for a, b in parts[1:]]
        else:
            break
    return title


def _is_site(part: str, keys: set[str]) -> bool:
    said = key(part)
    if not said:
        return True
    if len(part) > _SITE_LENGTH:
        return False
    return any(
        said == name or (len(name) > 3 and (said.startswith(name) or name.startswith(said)))
        for name in keys
        if name
    )
