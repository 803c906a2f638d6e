"""One parse of the page, worked on in place by everything after it."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlComment, HtmlElement

from archive.errors import ExtractionError

MAX_DEPTH = 1_000
"""Deepest nesting that is followed. Browsers stop at 512, libxml2 drops what lies below 2,048."""

MAX_ELEMENTS = 50_000
"""Most elements that are worked on. Of two thousand real pages the largest had 10,000."""

# Controls but tab, line feed, form feed, carriage return and next line; no XML tree may hold most of them. In UTF-8 the
# second set (C1, U+FFFE and U+FFFF) takes more bytes, and its first byte stands at the start of a character alone.
_C0 = bytes([*range(1, 9), 11, *range(14, 32), 127])
_C1 = re.compile(b"\xc2[\x80-\x84\x86-\x9f]")
_NO_CHARACTER = re.compile(b"\xef\xbf[\xbe\xbf]")
_PARSER = etree.HTMLParser(
    encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
)
# Without per-class lookup a call into Python for every node is saved.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))

# One step a level: evaluated inside libxml2, four times faster than a walk from Python.
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")
_TOO_MANY = etree.XPath(f"count(//*) > {MAX_ELEMENTS}")


def parse(markup: str | bytes, url: str) -> HtmlElement | None:
    """The page's tree, or None where the markup holds no element at all. `markup` in bytes is UTF-8.

    Raises ExtractionError where elements nest deeper than MAX_DEPTH, or are more than MAX_ELEMENTS.
    """
    data = markup.encode("utf-8") if isinstance(markup, str) else markup
    data = data.translate(None, _C0)
    if not data.isascii():
        data = _NO_CHARACTER.sub(b"", _C1.sub(b"", data))
    if not data.strip():
        return None
    try:
        root = etree.fromstring(data, parser=_PARSER)
    except etree.XMLSyntaxError as error:
        raise ExtractionError(f"{url}: the markup can't be parsed ({error}); look at the capture") from error
    if root is None:
        return None
    _refuse_size(root, url)
    _fill_body(root)
    return root


def _refuse_size(root: HtmlElement, url: str) -> None:
    if _TOO_DEEP(root):
        raise ExtractionError(
            f"{url}: elements nest deeper than {MAX_DEPTH}, which no article needs; leave the page out"
        )
    if _TOO_MANY(root):
        raise ExtractionError(f"{url}: the page has more than {MAX_ELEMENTS} elements; leave it out")


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
