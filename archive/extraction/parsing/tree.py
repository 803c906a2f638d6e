"""One parse of the page, worked on in place by everything after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree
from lxml.html import HtmlComment, HtmlElement

from archive.errors import ExtractionError

MAX_DEPTH = 2_040
"""Deepest nesting that is read: libxml2 drops what lies below 2,048. Of two thousand real pages the deepest has 55."""

MAX_ELEMENTS = 50_000
"""Most elements that are worked on. Of two thousand real pages the largest had 10,000."""

MAX_TEXT = 1_000_000
"""Most characters of text outside scripts and styles. Of two thousand real pages the longest had 113,000."""

MAX_TAGS = 500_000
"""Most `<` of a page: each may become an element, and those past MAX_ELEMENTS should not be built first."""

MAX_ATTRIBUTES = 2_000
"""Most attributes of an element: libxml2 takes the square of their number. Of real pages the most had 50."""

MAX_NAMES = 500_000
"""Most characters of names in class, id and the like, each name counted once: the patterns on them are many. Of two
thousand real pages the most had 67,000."""
_LONG_NAME = 2_000
"""What is longer counts every time, since no verdict on it is remembered."""
_NO_NAME = 20_000
"""What is longer is no name. The longest of a real page had 7,500 characters."""

_DEEP = 64
"""Levels above and below which nesting is left as it is; what lies between is levelled."""

# Controls but tab, line feed, form feed, carriage return and next line; no XML tree may hold most of them. In UTF-8 the
# second set (C1, U+FFFE and U+FFFF) takes more bytes, and its first byte stands at the start of a character alone.
# A form feed is white space in HTML and not allowed in XML.
_C0 = bytes([*range(1, 9), 11, *range(14, 32), 127])
_C1 = re.compile(b"\xc2[\x80-\x84\x86-\x9f]")
_NO_CHARACTER = re.compile(b"\xef\xbf[\xbe\xbf]")
# References to the same: libxml2 would put the character that they name into the tree.
_REFERENCE = re.compile(
    rb"&#(?:0*([0-9]|[12][0-9]|3[01]|12[7-9]|1[3-5][0-9]|6553[45])(?![0-9])"
    rb"|[xX]0*(1?[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F]|[fF]{3}[eEfF])(?![0-9a-fA-F]));?"
)
_PARSER = etree.HTMLParser(
    encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
)
# Without per-class lookup a call into Python for every node is saved.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))

# One step a level: evaluated inside libxml2, four times faster than a walk from Python.
_IS_DEEP = etree.XPath("boolean(" + "/*" * (2 * _DEEP + 1) + ")")
_HOLDING_PARAGRAPHS = etree.XPath("/descendant::p[ancestor::p[2]]/ancestor::p")
_TOO_MANY = etree.XPath(f"count(//*) > {MAX_ELEMENTS}")
_NAMING = ("class", "id", "data-component", "data-testid")
# One by one: putting the attributes of all of them in their order takes longer than finding them.
_NAMES = [etree.XPath(f"//@{name}", smart_strings=False) for name in _NAMING]
_WITH_NAMES = etree.XPath("//*[" + " or ".join(f"@{name}" for name in _NAMING) + "]")
_LONG_TAG = 16_000
_RAW = ((b"<script", b"</script"), (b"<style", b"</style"), (b"<!--", b"-->"))
_ATTRIBUTE = re.compile(rb"""[^\s=/>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?""")


def parse(markup: str | bytes, url: str) -> HtmlElement | None:
    """The page's tree, or None where the markup holds no element at all. `markup` in bytes is UTF-8.

    Raises ExtractionError where the page passes one of the bounds above. Deep nesting within its bound is levelled, as
    browsers do; no text is lost by it.
    """
    data = markup.encode("utf-8") if isinstance(markup, str) else markup
    data = _without_controls(data)
    if not data.strip():
        return None
    _refuse_tags(data, url)
    try:
        root = etree.fromstring(data, parser=_PARSER)
    except etree.XMLSyntaxError as error:
        raise ExtractionError(f"{url}: the markup can't be parsed ({error}); look at the capture") from error
    if root is None:
        return None
    _refuse_size(root, len(data), url)
    if _IS_DEEP(root):
        _level(root, url)
    # A paragraph can't hold one in HTML; libxml2 lets it, where tags in between were not closed.
    for paragraph in cast("list[HtmlElement]", _HOLDING_PARAGRAPHS(root)):
        paragraph.tag = "div"
    _fill_body(root)
    return root


def _without_controls(data: bytes) -> bytes:
    data = data.translate(None, _C0).replace(b"\f", b" ")
    # One byte is looked for in no time, two bytes in twice that of the patterns.
    if b"\xc2" in data:
        data = _C1.sub(b"", data)
    if b"\xef" in data:
        data = _NO_CHARACTER.sub(b"", data)
    return _REFERENCE.sub(_referred, data)


def _referred(reference: re.Match[bytes]) -> bytes:
    """What a reference to a control stands for: C1 is Windows-1252 (WHATWG HTML, 13.2.5.80), most others nothing."""
    code = int(reference[1] or reference[2], 10 if reference[1] else 16)
    if code in (9, 10, 13):
        return reference[0]
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "ignore").encode("utf-8")
    return b" " if code == 12 else b""


def _refuse_tags(data: bytes, url: str) -> None:
    if len(data) > MAX_TAGS and (tags := data.count(b"<")) > MAX_TAGS:
        raise ExtractionError(
            f"{url}: the markup has {tags} tags, over the bound of {MAX_TAGS}; leave it out"
        )
    for start, end in _long_pieces(data):
        opening = data.rfind(b"<", start, end)
        if opening < 0 or end - opening < _LONG_TAG or not data[opening + 1 : opening + 2].isalpha():
            continue
        tag = data[opening:end]
        count = sum(1 for _ in _ATTRIBUTE.finditer(tag)) - 1
        if count > MAX_ATTRIBUTES and not _is_raw(data[: end + 1 - len(tag)]):
            raise ExtractionError(
                f"{url}: a tag has {count} attributes, over the bound of {MAX_ATTRIBUTES}; leave the page out"
            )


def _long_pieces(data: bytes) -> Iterator[tuple[int, int]]:
    """Where at least `_LONG_TAG` bytes follow on each other without the end of a tag, found by leaps of that length."""
    start = 0
    while len(data) - start >= _LONG_TAG:
        last = data.rfind(b">", start, start + _LONG_TAG)
        if last < 0:
            end = data.find(b">", start)
            last = end if end >= 0 else len(data)
            yield start, last
        start = last + 1


def _is_raw(before: bytes) -> bool:
    """Whether what follows is a script, a style sheet or a comment, where `<` opens no tag."""
    before = before.lower()
    return any(before.rfind(opening) > before.rfind(closing) for opening, closing in _RAW)


def _refuse_size(root: HtmlElement, size: int, url: str) -> None:
    if _TOO_MANY(root):
        raise ExtractionError(f"{url}: the page has more than {MAX_ELEMENTS} elements; leave it out")
    # Characters are no more than bytes, and few pages have as many of these.
    if size > MAX_TEXT and (length := _text_length(root)) > MAX_TEXT:
        raise ExtractionError(
            f"{url}: the page has {length} characters of text, over the bound of {MAX_TEXT}; leave it out"
        )
    if size > MAX_NAMES and (length := _names_length(root)) > MAX_NAMES:
        raise ExtractionError(
            f"{url}: the page has {length} characters of class and id, over the bound of {MAX_NAMES}; leave it out"
        )


def _names_length(root: HtmlElement) -> int:
    """Characters of the names that are to be matched, those that are none taken out of the tree."""
    names = [name for named in _NAMES for name in cast("list[str]", named(root))]
    if any(len(name) > _NO_NAME for name in names):
        for element in cast("list[HtmlElement]", _WITH_NAMES(root)):
            for name in _NAMING:
                if len(element.get(name, "")) > _NO_NAME:
                    del element.attrib[name]
    return sum(map(len, {name for name in names if len(name) <= _LONG_NAME})) + sum(
        len(name) for name in names if _LONG_NAME < len(name) <= _NO_NAME
    )


def _text_length(root: HtmlElement) -> int:
    return sum(
        (len(element.text or "") if element.tag not in ("script", "style") else 0) + len(element.tail or "")
        for element in root.iter()
    )


def _level(root: HtmlElement, url: str) -> None:
    """Put an element that is neither near the root nor near the leaves beside its parent, with all that follows in it.

    Paragraphs and what holds them stay whole; every step of the work after this may take the levels for each element.
    """
    depth = 0
    heights: dict[HtmlElement, int] = {}
    tall: list[HtmlElement] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            depth += 1
            if depth > MAX_DEPTH:
                raise ExtractionError(
                    f"{url}: elements nest deeper than {MAX_DEPTH}, which no article needs; leave the page out"
                )
            if depth > _DEEP:
                tall.append(element)
        else:
            depth -= 1
            heights[element] = 1 + max((heights[child] for child in element), default=0)
    moved: dict[HtmlElement, list[HtmlElement]] = {}
    # Taken out from the bottom up and put back from the top down, no element is carried along more than twice.
    for element in reversed(tall):
        first = next((n for n, child in enumerate(element) if heights[child] > _DEEP), None)
        if first is not None:
            moved[element] = element[first:]
            for child in moved[element]:
                element.remove(child)
    for element in tall:
        if element in moved:
            _put_after(element, moved[element])


def _put_after(element: HtmlElement, children: list[HtmlElement]) -> None:
    following, parent, tail = element.getnext(), element.getparent(), element.tail
    element.tail = None
    for child in children:
        if following is None:
            parent.append(child)
        else:
            following.addprevious(child)
    if tail:
        children[-1].tail = (children[-1].tail or "") + tail


_HEAD_ONLY = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})


def _fill_body(root: HtmlElement) -> None:
    """Move what follows the head's own elements into the body, as browsers do (WHATWG HTML, 13.2.6.4.4, anything else).

    libxml2 knows no element younger than HTML 4: after an <article> without a <body> tag all of the page is its head.
    """
    head = root.find("head")
    if head is None:
        return
    first = next((index for index, element in enumerate(head) if element.tag not in _HEAD_ONLY), None)
    if first is None:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    for position, element in enumerate(head[first:]):
        body.insert(position, element)
