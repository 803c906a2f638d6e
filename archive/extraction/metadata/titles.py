"""The headline: what the reader is shown as such and another source bears out, without the site's name.

Order of trust:

    1  the h1 that agrees best with another source; else the first h1 that reads like a headline
    2  instead of it, the heading that says word for word what JSON-LD, og:title or twitter:title state, where that h1
       is the last step of a breadcrumb trail, where it says something else and such a heading follows right after
       it, or where no source bears it out
    3  JSON-LD headline, <meta> in the order of `_METAS`, microdata headline, <title>; any h1

A heading goes before what machines are told, because it is what a reader saw; the others are cut, padded for search
engines or older. Where the two differ in nothing but a kicker, the machines decide: set off as a part of its own, or
by punctuation where two sources leave it out, it goes; where a source states it, it stays. An h1 that links to the
home page is the site's name, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from archive.extraction.metadata.headings import ends_trail, in_margin, leads_home, without_kicker
from archive.extraction.metadata.jsonld import first
from archive.extraction.metadata.marks import Marks
from archive.extraction.metadata.sitenames import SiteNames, key
from archive.extraction.metadata.vicinity import visible
from archive.extraction.wording.folding import size

Heading = tuple[HtmlElement, str]
"""A heading and the text that it shows."""

_METAS = ("headline", "og:title", "twitter:title", "parsely-title", "title", "dc.title")
_SHORT = 15
_LONGEST = 200
"""Characters that a headline has at most if nothing but its heading states it; longer ones are standfirsts."""
_AGREED = 3
"""Sources with the same headline, against which a short h1 has no say."""
_NEAR = 2
"""Headings after the h1 that may be the headline; those further down divide the article or lead to others."""
_DIVIDED = re.compile(r"[:|/–—]\s|\s-\s")


def choose(marks: Marks, root: HtmlElement, site: SiteNames) -> tuple[str, HtmlElement | None]:
    """The headline, empty if the page has none, and the heading that shows it."""
    stated = _stated(marks, site)
    keys = [key(text) for text in stated]
    h1s = _h1s(root, marks.url, site)
    best = max(h1s, key=lambda entry: _agreement(key(entry[1]), keys), default=None)
    borne_out = best is not None and _agreement(key(best[1]), keys) > 0
    if best and not borne_out:
        agreed = max((keys.count(said) for said in keys), default=0) >= _AGREED
        lax = len(h1s) == 1 and (not agreed or len(best[1].split()) > 2)
        best = next((entry for entry in h1s if _reads_like_a_headline(*entry, lax)), None)
    if best:
        best = _shown_elsewhere(root, best, borne_out, _written(marks, site)) or best
        worded = _worded(*best, _told(marks, site), site)
        return _polished(best[0], worded, stated), best[0]
    if stated:
        return _uncut(stated), None
    return (site.strip(h1s[0][1]), h1s[0][0]) if h1s else ("", None)


def _h1s(root: HtmlElement, url: str, site: SiteNames) -> list[Heading]:
    """The h1 elements that may show the headline."""
    shown = [(element, visible(element)) for element in root.iter("h1")]
    return [
        (element, text)
        for element, text in shown
        if 0 < len(text) < 400 and key(text) not in site.keys and not leads_home(element, url)
    ]


def _stated(marks: Marks, site: SiteNames) -> list[str]:
    """The headline from each source."""
    return _told(marks, site, marks.props.get("headline", [])[:1])


def _told(marks: Marks, site: SiteNames, shown: Sequence[str] = ()) -> list[str]:
    """The headline as machines are told it. Microdata, which is the very heading that is `shown`, tells no more."""
    found = [first(value) for value in marks.node("headline")]
    found += [*map(marks.first, _METAS), *shown, marks.title]
    return [text for value in found if value and (text := site.strip(value)) and text not in site.names]


def _written(marks: Marks, site: SiteNames) -> list[str]:
    """Keys of what the site states for this page; a further JSON-LD node may be that of a page linked to."""
    found = [first(value) for value in marks.node("headline")[:1]]
    found += [marks.first("og:title"), marks.first("twitter:title")]
    keys = [key(site.strip(value)) for value in found if value]
    return [said for said in keys if len(said) > _SHORT]


def _shown_elsewhere(root: HtmlElement, best: Heading, borne_out: bool, written: list[str]) -> Heading | None:
    """The other heading that is meant where the h1 is not the one, by the second rule of the order of trust."""
    h1, said = best[0], key(best[1])
    trail = ends_trail(h1)
    if not written or (said in written[:2] and not trail):
        return None
    past, seen = not borne_out, 0
    for element in root.iter("h1", "h2"):
        if element is h1:
            past = True
        elif past and not in_margin(element) and (text := visible(element)):
            seen += 1
            again = key(text) == said and not trail
            if not again and not ends_trail(element) and _says(key(text), [*written, said], trail):
                return element, text
            if borne_out and seen == _NEAR:
                return None
    return None


def _says(shown: str, written: list[str], trail: bool) -> bool:
    """Whether a heading says what one source states. Below a trail it may say more: its kicker comes first."""
    return any(
        shown == other or (trail and shown.endswith(other) and 2 * len(other) > len(shown))
        for other in written
    )


def _reads_like_a_headline(element: HtmlElement, text: str, lax: bool) -> bool:
    """Whether an h1 that no other source bears out is a headline: some words, outside the page's head and margins.

    Two words will do (`lax`) for the page's only h1, three if the other sources agree on something else.
    """
    words = len(text.split())
    enough = (
        words >= 2 and size(text) >= 10 if lax else size(text) >= 20 and (words >= 4 or not text.isascii())
    )
    return enough and size(text) <= _LONGEST and not in_margin(element)


def _worded(heading: HtmlElement, text: str, told: list[str], site: SiteNames) -> str:
    """What the heading shows, its kicker off where the sources `told` leave it out. Microdata is the heading itself."""
    keys = [key(title) for title in told]
    bare = without_kicker(heading)
    if bare != text and (key(bare) in keys or key(text) not in keys):
        text = bare
    text = site.strip(text)
    return text if key(text) in keys else next((title for title in told if _is_tail(title, text, keys)), text)


def _is_tail(title: str, text: str, keys: list[str]) -> bool:
    """Whether two sources state `title`, and `text` has something before it and punctuation between."""
    if keys.count(key(title)) < 2 or not text.endswith(title) or 2 * len(title) < len(text):
        return False
    return len(title) > _SHORT and text.removesuffix(title).rstrip().endswith((":", "/", "|", "–", "—", "-"))


def _polished(heading: HtmlElement, text: str, stated: list[str]) -> str:
    """`text` in the spelling of a stated headline that says the same, without a kicker or deck set off in it."""
    shown = key(text)
    for title in stated:
        if key(title) == shown:
            return title if _spells_better(title, text, heading) else text
    for title in stated:
        said = key(title)
        if len(said) > _SHORT and 2 * len(said) > len(shown) and _set_off(heading, said, shown):
            return title
    return text


def _spells_better(title: str, text: str, heading: HtmlElement) -> bool:
    """The same letters: whether `title` is not shouted, its words don't run together, its kicker stands apart."""
    divided = len(heading) > 0 and _DIVIDED.search(title) is not None and not _DIVIDED.search(text)
    runs_together = len(title.split()) > len(text.split())
    return divided or runs_together or (text.isupper() and not title.isupper())


def _set_off(heading: HtmlElement, said: str, shown: str) -> bool:
    """Whether what the heading shows beyond the stated headline is a part of its own, before or after it."""
    if not len(heading) or not (shown.startswith(said) or shown.endswith(said)):
        return False
    extra = shown[len(said) :] if shown.startswith(said) else shown[: -len(said)]
    parts = [key(visible(child)) for child in heading.iter("*") if child is not heading]
    own = key(heading.text or "")
    return any(part in (extra, said) for part in [*parts, own]) and not _joined(heading, extra)


def _joined(heading: HtmlElement, extra: str) -> bool:
    """A part that ends in a colon goes on in the rest: `Harbour: Ferry queue grows`."""
    return any(visible(child).endswith(":") and key(visible(child)) == extra for child in heading.iter("*"))


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
