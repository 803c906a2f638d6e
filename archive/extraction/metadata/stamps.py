"""The dates that a reader is shown, and where they correct what the page states for machines.

A stated date gives way to a shown one in these cases:

    a moment in UTC          to a <time> near the headline that names the same hour in the outlet's own offset
    a moment in UTC          to the day before or after it, shown with a clock time that an offset explains
    any                      to the day with which it has changed places, `9/3` for `3/9`, shown so that it is no other
    any                      to a day that a label near the headline says to be that of publication
    any                      to an earlier day that stands alone under the headline, not said to be that of a change:
                             systems overwrite the day of publication when they move or renew a page, editors do not
    any                      to a day that stands there alone and is later by six weeks at most: systems keep the day
                             on which a text was made, editors show the one on which it came out
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.metadata import dates
from archive.extraction.metadata.vicinity import Vicinity, short_text, visible
from archive.extraction.parsing.naming import class_and_id
from archive.extraction.wording import vocabulary
from archive.extraction.wording.folding import fold, has_digit
from archive.extraction.wording.lexicon import LEXICON

_LINE_WORDS = 12
_BARE = 3
"""Words beside a date on a line that says little else."""
_MOVED_BACK = timedelta(days=1000)
"""Most that a machine's day is brought back by; a day shown that is older belongs to another story."""
_MOVED_ON = timedelta(days=42)
_UPDATED = vocabulary.anywhere("dates.updated")
_PUBLISHED = vocabulary.anywhere("dates.published")


def as_shown(moment: dates.Moment, near: Vicinity, month_first: bool) -> dates.Moment:
    """`moment`, or what the reader is shown where that tells more."""
    in_utc = isinstance(moment, datetime) and moment.tzinfo == UTC
    if isinstance(moment, datetime) and in_utc:
        moment = _in_own_offset(moment, near)
    day = dates.day_of(moment)
    for line in near.below():
        if not (is_stamp(line) and _is_bare(line)) or not (shown := dates.parse(line, month_first)):
            continue
        there = dates.day_of(shown)
        if isinstance(moment, datetime) and in_utc and abs(there - day) == timedelta(days=1):
            shown = dates.in_offset_of(moment, there, line) or shown
        if there != day and (there.year, there.day, there.month) == (day.year, day.month, day.day):
            # A moment is a machine's, with its month in the place of the month.
            return shown if not isinstance(moment, datetime) and _is_plain(line) else moment
        return shown if _corrects(line, there, day, near, month_first) else moment
    return moment


_STOPPED = re.compile(r"(?<!\d)\d\d?\.\s?\d\d?\.\s?\d{4}(?!\d)")


def _is_plain(line: str) -> bool:
    """Whether there is no doubt which is the day: `3/4` may be either of two, a month in words and `3.4.` may not."""
    return dates.in_words(line) is not None or _STOPPED.search(line) is not None


def _corrects(line: str, shown: date, stated: date, near: Vicinity, month_first: bool) -> bool:
    """Whether the day that a line shows is better than the one stated."""
    label = fold(line)
    if shown == stated or not -_MOVED_ON <= stated - shown <= _MOVED_BACK:
        return False
    if _PUBLISHED.search(label) and (shown < stated or not _UPDATED.search(label)):
        return True
    if _UPDATED.search(label) or (shown > stated and ":" in re.sub(r"\d:\d", "", label)):
        return False
    return stated not in _days_shown(near, month_first)


def first(near: Vicinity, month_first: bool) -> dates.Moment | None:
    """The first day of a line near the headline, one that is not said to be that of a change before others."""
    changed: dates.Moment | None = None
    for stamp in (stamp for line in near.lines() for stamp in _stamps_of(line)):
        if not (day := dates.parse(stamp, month_first)):
            continue
        label = fold(stamp)
        if not _UPDATED.search(label) or _PUBLISHED.search(label):
            return day
        changed = changed or day
    return changed


_DATELINE = re.compile(
    r"\W{0,2}(?P<day>\d{1,2}(?:\.\s?\d{1,2}\.\s?|\.?\s[^\W\d]{3,12}\.?\s)\d{4}|[^\W\d]{3,12}\.?\s\d{1,2},\s\d{4})"
    r"(?:\s?\)|\s?[-–—|:/]|\s[„“\"«»])"
)
_HEAD = 40


def datelines(near: Vicinity) -> Iterator[str]:
    """The days with which paragraphs near the headline open: `(3 May 2024) The ...`, `3.5.2024 - The ...`."""
    for element in near.elements():
        if element.tag == "p" and (found := _DATELINE.match(visible(element)[:_HEAD])):
            yield found["day"]


def labelled(root: HtmlElement) -> Iterator[str]:
    """Lines anywhere on the page that open with a label of publication, outside of comments and teasers."""
    for element in root.iter("p", "span", "div", "small", "em", "i", "li", "td"):
        for text in (element.text, *(child.tail for child in element)):
            line = " ".join((text or "").split()) if text and len(text) < 2 * _HEAD else ""
            if is_stamp(line) and _PUBLISHED.match(fold(line)) and not _is_elsewhere(element):
                yield line


_CLASS = re.compile("date|publish|posted|time|meta|submitted|author|byline", re.I)
_MOST = 60
_ELSEWHERE = re.compile("comment|related|recent|teaser|popular|sidebar|widget|card|copyright|event", re.I)
_OUTSIDE = frozenset({"nav", "footer", "head", "form"})


def anywhere(root: HtmlElement) -> Iterator[str]:
    """Texts of the page's elements whose class, or whose parent's, speaks of a date; short ones with a digit.

    Those of comments, teasers and margins are left out, and those said to be of a change.
    """
    for element in islice(_dated(root), _MOST):
        text = element.get("datetime") or (element.get("title") if element.tag == "abbr" else "")
        text = text or short_text(element)
        if is_stamp(text) and not _UPDATED.search(fold(text)) and not _is_elsewhere(element):
            yield text


def _dated(root: HtmlElement) -> Iterator[HtmlElement]:
    speaks: dict[str, bool] = {"": False}
    under: HtmlElement | None = None
    for element in root.iter(etree.Element):
        name = element.get("class") or ""
        if name not in speaks:
            speaks[name] = bool(_CLASS.search(name))
        if (
            speaks[name]
            or element.tag in ("time", "abbr")
            or (under is not None and element.getparent() is under)
        ):
            yield element
        if speaks[name]:
            under = element


def _is_elsewhere(element: HtmlElement) -> bool:
    outers = [element, *islice(element.iterancestors(), 8)]
    return any(outer.tag in _OUTSIDE or _ELSEWHERE.search(class_and_id(outer)) for outer in outers)


_IN_STATE = re.compile(
    r'"(?:date_?published|published_?(?:at|date|time|on)|publication_?date|first_?published(?:_?at)?'
    r'|publish_?(?:date|time)|publish_?at)\\?"\s*:\s*\\?"(\d{4}-\d\d-\d\d[^"\\]{0,30})',
    re.I,
)
_LARGEST_STATE = 400_000
"""Characters of one script that are searched: a page's own state is rarely longer, bundles of code are."""


def in_scripts(root: HtmlElement) -> list[str]:
    """The dates of publication in the state that scripts carry, if they are all of one day."""
    found: list[str] = []
    for script in root.iter("script"):
        text = script.text or ""
        if len(text) < _LARGEST_STATE and "ubli" in text:
            found += _IN_STATE.findall(text)
    return found if len({stated[:10] for stated in found}) == 1 else []


_BAR = re.compile(r"\s[|•·●]\s")


def _stamps_of(line: str) -> list[str]:
    """The line if it is a stamp, or those of its parts between bars that are."""
    if is_stamp(line):
        return [line]
    parts = _BAR.split(line) if has_digit(line) else []
    return [part for part in parts if len(parts) > 1 and is_stamp(part)]


def is_stamp(line: str) -> bool:
    """Whether a line with a digit is short and hardly says more than who and when."""
    return len(line) < 110 and has_digit(line) and len(line.split()) <= _LINE_WORDS


def time_text(element: HtmlElement) -> str:
    """What a <time> says: its attribute, or what it shows."""
    return element.get("datetime") or visible(element)


def _in_own_offset(moment: datetime, near: Vicinity) -> datetime:
    for element in near.times():
        other = dates.parse(element.get("datetime") or "")
        if isinstance(other, datetime) and other.utcoffset() and abs(other - moment) <= timedelta(hours=1):
            return other
    return moment


def _days_shown(near: Vicinity, month_first: bool) -> set[date]:
    shown = [*filter(is_stamp, near.lines()), *map(time_text, near.times())]
    return {dates.day_of(day) for stamp in shown if (day := dates.parse(stamp, month_first))}


def _is_bare(line: str) -> bool:
    """Whether a line with a date says little else."""
    said = [word for word in line.split() if not has_digit(word)]
    return sum(fold(word).strip(".,") not in LEXICON.months for word in said) <= _BARE
