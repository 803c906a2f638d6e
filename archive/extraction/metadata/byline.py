"""The byline that a reader sees.

Habits in order of trust, the first that names a person wins:

    1  links to an author's page of the same site, near the headline
    2  elements near the headline whose class says that they are a byline
    3  lines there that open as bylines do: `By`, `Von`, `بقلم`; the name may stand on the next line
    4  a full name right before or after the date on one line

A name that nothing marks as an author's is never taken, nor is one that stands after `Edited by`, `Photos:` and the
like. The words stand in `wording/`. Where this finds nobody, `signatures.py` looks at the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.extraction.metadata import dates
from archive.extraction.metadata.names import Name, clean, is_label
from archive.extraction.metadata.vicinity import Vicinity, short_text, visible
from archive.extraction.parsing.naming import class_and_id
from archive.extraction.wording import vocabulary
from archive.extraction.wording.folding import fold, has_digit
from archive.extraction.wording.lexicon import LEXICON

_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autori|people|person|profiles?|staff|writers?|contributors?|producers?"
    r"|reporters?|journalists?|columnists?|experts?|yazar(?:lar)?|users|skribent|byline|muhabir|kontributor|penulis"
    r"|redakteure?|redaktion|redactores?|firmas?|giornalist[ai]|jornalistas?|avtor(?:y|s)?|avtori)/[^/]+",
    re.I,
)
_CLASS = re.compile(
    r"by-?line|author|autor|auteur|creator|writer|writeby|written-?by|contributor|journalist|reporter", re.I
)
_NOT_CLASS = re.compile(
    r"bio|desc|avatar|image|img|comment|related|social|follow|title(?!_)|job|role|recent|promo", re.I
)
# Words that begin with a capital, with particles between them, or any in a script that has no capitals.
_NAME = re.compile(
    r"^(?:(?:(?:[^\W\d_a-zß-öø-ÿа-я][\w.'’-]*)|al-\w+"
    rf"|{vocabulary.written('names.particle', 'names.joint')})(?:,?\s|$)){{1,6}}$"
)
ENOUGH = 140
# Scripts that tell a name from other words neither by capitals nor by spaces.
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_REPORTER = re.compile(rf"{vocabulary.written('names.title')}\b")
_OTHER_HAND = vocabulary.anywhere("names.other_hand")
_SIGNED_ONLY = vocabulary.Opening("names.signed", then=r"[\W_]*$")
SIGNED = vocabulary.Opening("names.signed")


def find(near: Vicinity, site: frozenset[str]) -> list[Name]:
    """The persons of the first habit that names one, or else the first organisation."""
    others: list[Name] = []
    for look in (_author_links, _marked, _opened, _dated):
        found = look(near, site)
        persons = [name for name in found if name.person]
        if persons:
            return persons
        others = others or found
    return others


def near_headline(near: Vicinity, site: frozenset[str]) -> list[Name]:
    """The persons whom a link, a class or an opening near the headline names, if each has a full name."""
    return next(
        (found for look in (_author_links, _marked, _opened) if (found := _full(look(near, site)))), []
    )


def opened(near: Vicinity, site: frozenset[str]) -> list[Name]:
    """The persons of a line near the headline that opens as bylines do, if each has a full name."""
    return _full(_opened(near, site))


def _full(names: list[Name]) -> list[Name]:
    persons = [name for name in names if name.person]
    return persons if all(FULL_NAME.match(name.text) for name in persons) else []


def _author_links(near: Vicinity, site: frozenset[str]) -> list[Name]:
    links = [link for link in near.elements() if link.tag == "a" and leads_to_author(link, near.host)]
    for link in links:
        if clean([visible(link)], site) and not _is_of_other_hand(link):
            group = [other for other in links if _together(link, other) and not _is_of_other_hand(other)]
            texts = [visible(other) for other in group]
            return clean([text for text in texts if 0 < len(text.split()) <= 6], site)
    return []


def _is_of_other_hand(link: HtmlElement) -> bool:
    """Whether the words right before the link, in its parent or before that, say that this is no author."""
    for element in (link, link.getparent()):
        previous = element.getprevious()
        parent = element.getparent()
        before = previous.tail if previous is not None else parent.text if parent is not None else None
        if not (before and before.strip()) and previous is not None:
            before = short_text(previous)
        if before and before.strip():
            return any(match.end() >= len(before.strip()) - 2 for match in _OTHER_HAND.finditer(fold(before)))
    return False


def leads_to_author(link: HtmlElement, host: str) -> bool:
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
    return one is other or any(parent in around for parent in islice(other.iterancestors(), 2))


def _marked(near: Vicinity, site: frozenset[str]) -> list[Name]:
    for element, line in near.shown():
        marks = class_and_id(element)
        parent = element.getparent()
        around = f"{marks} {parent.get('class') or ''}" if parent is not None else marks
        if len(line) < ENOUGH and _CLASS.search(around) and not _NOT_CLASS.search(marks):
            names = of_line(line, site, marked=True)
            if names:
                return names
    return []


def _opened(near: Vicinity, site: frozenset[str]) -> list[Name]:
    lines = [line for line in near.lines() if len(line) < ENOUGH]
    for index, line in enumerate(lines):
        if not is_opened(line):
            continue
        alone = is_opening(line) and index + 1 < len(lines)
        names = of_line(lines[index + 1] if alone else line, site, marked=alone)
        if names:
            return names
    return []


def _dated(near: Vicinity, site: frozenset[str]) -> list[Name]:
    """A full name right before the date on one line, or a part of that line that is one or opens as bylines do."""
    for line in near.lines():
        if not (len(line) < _STAMP and has_digit(line) and dates.parse(line)):
            continue
        for part in _parts_of_stamp(line):
            if _STAMPED.match(fold(part)):
                continue
            names = clean([_before_date(part)], site)
            if names and (is_opened(part) or all(_is_full(name) for name in names)):
                return names
    return []


def _is_full(name: Name) -> bool:
    """A person's full name that its capitals tell: in a script without any it may be a weekday."""
    return name.person and name.text[0].isupper() and bool(FULL_NAME.match(name.text))


_BAR = re.compile(r"\s*[|•·●]\s*|\s+[–—-]\s+")


def _parts_of_stamp(line: str) -> Iterator[str]:
    """The line, its parts between bars, and what of it begins with a word like `by` past its date."""
    yield line
    parts = _BAR.split(line)
    if len(parts) > 1:
        yield from parts
    said = line.split()
    for index in range(1, len(said)):
        if said[index - 1][-1].isalnum() and any(
            hit.category == "byline" and hit.kind == "start" for hit in LEXICON.hits(fold(said[index]))
        ):
            yield " ".join(said[index:])


_STAMP = 110
FULL_NAME = re.compile(
    r"^[^\W\d_a-zß-öø-ÿа-я][\w'’-]+\s(?:[^\W\d_a-zß-öø-ÿа-я][\w'’-]*\.?\s)?"
    rf"(?:{vocabulary.written('names.particle')}\s){{0,2}}[^\W\d_a-zß-öø-ÿа-я][\w'’-]+$"
)


def is_opened(line: str) -> bool:
    """Whether the line begins as bylines do."""
    folded = fold(line)
    signed = SIGNED.match(folded)
    return (
        is_label(folded)
        or (signed is not None and " " in signed[0].strip())
        or any(
            hit.category == "byline" and (hit.kind == "start" or hit.separated or not hit.rest)
            for hit in LEXICON.hits(folded)
        )
    )


def is_signing(line: str) -> bool:
    """Whether the line is nothing but a label such as `Written by`."""
    return bool(_SIGNED_ONLY.match(fold(line)))


def is_opening(line: str) -> bool:
    """Whether the line is nothing but such an opening, and the name stands on the next one."""
    return is_signing(line) or any(
        hit.category == "byline" and not hit.rest for hit in LEXICON.hits(fold(line))
    )


def of_line(line: str, site: frozenset[str], marked: bool) -> list[Name]:
    """The names of one line up to its date; without `marked` it has to begin as bylines do."""
    if (not marked and not is_opened(line)) or _begins_with_other_hand(line):
        return []
    names = clean([_before_date(line)], site)
    if len(names) == 1 and " " not in names[0].text:
        return names if is_opened(line) and _key(line) != _key(names[0].text) else []
    if WIDE.search(line) and not is_opened(line) and not _REPORTER.search(line):
        return []
    good = all(
        (_NAME.match(name.text) and not name.text[0].islower()) or (not name.person and is_opened(line))
        for name in names
    )
    return names if good else []


def _begins_with_other_hand(line: str) -> bool:
    return bool(_OTHER_HAND.match(fold(line)))


def _key(text: str) -> str:
    return fold(text).strip(" :")


def _before_date(line: str) -> str:
    """`line` up to where a date, a number, a bar or a word such as `Published` begins."""
    kept: list[str] = []
    said = line.split()
    for index, word in enumerate(said):
        following = said[index + 1 : index + 3]
        month = fold(word).strip(".,") in LEXICON.months and any(map(has_digit, following))
        if has_digit(word) or month or word in _BARS or word in _BEFORE_DATE:
            break
        if kept and _STAMPED.match(fold(" ".join(said[index : index + 4]))):
            break
        kept.append(word)
    return " ".join(kept)


_BARS = frozenset("|•·-–—")
_BEFORE_DATE = frozenset(LEXICON.lists["dates.before"])
_STAMPED = vocabulary.Opening("dates.published", "dates.updated")
