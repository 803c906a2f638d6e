"""One parse of the page, worked on in place by everything after it."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlComment, HtmlElement

from archive.errors import ExtractionError

MAX_DEPTH = 1_000
"""Deepest nesting that is followed. Browsers stop at 512, libxml2 drops what lies below 2,048."""

# C0 controls but tab, line feed, form feed and carriage return: no XML tree may hold them.
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_PARSER = etree.HTMLParser(
    encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
)
# Without per-class lookup a call into Python for every node is saved.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))

# One step a level: evaluated inside libxml2, four times faster than a walk from Python.
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")


def parse(markup: str, url: str) -> HtmlElement | None:
    """The page's tree, or None where the markup holds no element at all.

    Raises ExtractionError where elements nest deeper than MAX_DEPTH.
    """
    data = _CONTROLS.sub("", markup).encode("utf-8")
    if not data.strip():
        return None
    try:
        root = etree.fromstring(data, parser=_PARSER)
    except etree.XMLSyntaxError as error:
        raise ExtractionError(f"{url}: the markup can't be parsed ({error}); look at the capture") from error
    if root is None:
        return None
    _refuse_depth(root, url)
    _fill_body(root)
    return root


def _refuse_depth(root: HtmlElement, url: str) -> None:
    if _TOO_DEEP(root):
        raise ExtractionError(
            f"{url}: elements nest deeper than {MAX_DEPTH}, which no article needs; leave the page out"
        )


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
