"""The headline: what several sources agree on, without the site's name.

Order of trust: the h1 that agrees best with another source; the first h1 that reads like a headline; JSON-LD
headline, og:title, twitter:title, other <meta>, microdata; <title>; any h1. The h1 goes first because it is what a
reader saw; the others are cut, padded for search engines or older. An h1 that links to the home page is the site's
name, wherever it stands.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.extraction.folding import key, size
from archive.extraction.metadata.jsonld import first
from archive.extraction.metadata.marks import Marks
from archive.extraction.metadata.vicinity import visible

_SEPARATOR = re.compile(
    r"\s+[|·•»«–—:-]{1,2}\s+|\s*[|｜]\s*|\s+[-–—]\s*$|(?<=[\u3040-\u9fff\uff01-\uff60])[-_](?=[\u3400-\u9fff])"
)
_BAR = re.compile(r"\s*[|｜]\s*")
_SITE_LENGTH = 45
_SHORT = 15
_AGREED = 3
"""Sources with the same headline, against which a short h1 has no say."""


def choose(marks: Marks, root: HtmlElement, names: list[str]) -> tuple[str, HtmlElement | None]:
    """The headline, empty if the page has none, and the h1 that shows it. `names` are names of the site."""
    stated = _stated(marks, names)
    site = {key(name) for name in names}
    h1s = [(element, text) for element in root.iter("h1") if (text := visible(element)) and len(text) < 400]
    h1s = [
        (element, text)
        for element, text in h1s
        if key(text) not in site and not _leads_home(element, marks.url)
    ]
    keys = [key(text) for text in stated]
    best = max(h1s, key=lambda entry: _agreement(key(entry[1]), keys), default=None)
    if best and not _agreement(key(best[1]), keys):
        agreed = max((keys.count(said) for said in keys), default=0) >= _AGREED
        lax = len(h1s) == 1 and not agreed
        best = next((entry for entry in h1s if _reads_like_a_headline(*entry, lax)), None)
    if best:
        return _polished(best[0], strip_site(best[1], names), stated), best[0]
    if stated:
        return _uncut(stated), None
    return (strip_site(h1s[0][1], names), h1s[0][0]) if h1s else ("", None)


def _leads_home(h1: HtmlElement, url: str) -> bool:
    link = h1.find(".//a[@href]")
    if link is None:
        link = next(
            (outer for outer in list(h1.iterancestors())[:2] if outer.tag == "a" and outer.get("href")), None
        )
    if link is None:
        return False
    try:
        address = urlsplit(link.get("href").strip())
        own = urlsplit(url)
    except ValueError:
        return False
    at_home = not address.netloc or address.netloc.removeprefix("www.") == own.netloc.removeprefix("www.")
    return (
        at_home
        and address.path in ("/", "")
        and not address.query
        and not address.fragment
        and own.path not in ("/", "")
    )


def _reads_like_a_headline(element: HtmlElement, text: str, lax: bool) -> bool:
    """Whether an h1 that no other source bears out is a headline: some words, outside the page's head and margins.

    Two words will do (`lax`) for the page's only h1, unless the other sources agree on something else.
    """
    outside = any(parent.tag in ("nav", "aside", "footer") for parent in element.iterancestors())
    words = len(text.split())
    enough = (
        words >= 2 and size(text) >= 10 if lax else size(text) >= 20 and (words >= 4 or not text.isascii())
    )
    return enough and not outside


def _polished(h1: HtmlElement, text: str, stated: list[str]) -> str:
    """`text` in the spelling of a stated headline that says the same, without a kicker or deck set off in the h1."""
    shown = key(text)
    for title in stated:
        said = key(title)
        if said == shown:
            # The same letters: the one that is not shouted, and whose words do not run together.
            runs_together = len(title.split()) > len(text.split())
            return title if runs_together or (text.isupper() and not title.isupper()) else text
    for title in stated:
        said = key(title)
        if len(said) > 15 and said != shown and 2 * len(said) > len(shown) and _set_off(h1, said, shown):
            return title
    return text


def _set_off(h1: HtmlElement, said: str, shown: str) -> bool:
    """Whether what the h1 shows beyond the stated headline is a part of its own, before or after it."""
    if not len(h1) or not (shown.startswith(said) or shown.endswith(said)):
        return False
    extra = shown[len(said) :] if shown.startswith(said) else shown[: -len(said)]
    parts = [key(visible(child)) for child in h1.iter("*") if child is not h1]
    own = key(h1.text or "")
    return any(part in (extra, said) for part in [*parts, own]) and not _joined(h1, extra)


def _joined(h1: HtmlElement, extra: str) -> bool:
    """A part that ends in a colon goes on in the rest: `Harbour: Ferry queue grows`."""
    return any(visible(child).endswith(":") and key(visible(child)) == extra for child in h1.iter("*"))


def _stated(marks: Marks, names: list[str]) -> list[str]:
    found = [first(value) for value in marks.node("headline")]
    found += [
        marks.first(name) for name in ("og:title", "twitter:title", "parsely-title", "title", "dc.title")
    ]
    found += marks.props.get("headline", [])[:1]
    found.append(marks.title)
    return [text for value in found if value and (text := strip_site(value, names)) and text not in names]


def _uncut(stated: list[str]) -> str:
    """The first stated headline, or the one that goes on where that one was cut off."""
    begun = re.sub(r"\s*(?:\.\.\.|…)$", "", stated[0])
    for title in stated[1:]:
        rest = title.removeprefix(begun).strip() if title.startswith(begun) else ""
        if rest and rest[0] not in "|-–—·•»:":
            return title
    return stated[0]


def _agreement(shown: str, stated: list[str]) -> int:
    """3 the same, 2 one begins with the other, 1 one holds the other; 0 for no agreement."""
    best = 0
    for other in stated:
        if shown == other:
            return 3
        short, long = sorted((shown, other), key=len)
        if len(short) > 9 and long.startswith(short):
            best = max(best, 2)
        elif len(short) > 12 and len(short) > 0.4 * len(long) and short in long:
            best = max(best, 1)
    return best


def strip_site(title: str, names: list[str]) -> str:
    """`title` without the site's name, which stands after or before a bar, dash or dot.

    A bar divides nothing but titles: what follows the first one goes, whatever it names.
    """
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
    bar = _BAR.search(title)
    return (
        title[: bar.start()]
        if bar and size(title[: bar.start()]) >= _SHORT and " " in title[: bar.start()]
        else title
    )


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
