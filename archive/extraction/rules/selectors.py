"""CSS selectors: how a person points at elements of a page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement


@cache
def compiled(css: str) -> CSSSelector:
    """The selector, ready for use on HTML; made once in each process.

    Raises ValueError, with the reason, for what is no selector or selects no elements (`p::text`).
    """
    try:
        selector = CSSSelector(css, translator="html")
        # A prefix without a namespace is noticed no earlier than this.
        selector(etree.Element("html"))
    except (SelectorError, etree.XPathError, ValueError) as error:
        raise ValueError(f'"{css}" is no CSS selector ({str(error).rstrip(".")}); correct it') from error
    return selector


def select(selectors: Iterable[str], root: HtmlElement) -> list[HtmlElement]:
    """The elements that any of the selectors matches, each once, those of an earlier selector first."""
    found = (element for css in selectors for element in cast("list[HtmlElement]", compiled(css)(root)))
    return list(dict.fromkeys(found))
