"""What the page says about itself in <head> and microdata, gathered in one pass over the tree."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Protocol, cast
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.metadata.jsonld import Node, articles, nodes


class _Attribute(Protocol):
    """The text of an attribute as XPath gives it, which knows its element."""

    def lower(self) -> str: ...
    def getparent(self) -> HtmlElement: ...


@dataclass(slots=True)
class Marks:
    """Raw statements, untrusted and uncleaned.

    meta      values of <meta> by lower-case property, name or itemprop
    props     texts (or `content`, `datetime`, `href`) of microdata by itemprop, comments left out
    articles  JSON-LD nodes that describe an article, the fullest first; `nodes` are all of them
    """

    url: str
    meta: dict[str, list[str]] = field(default_factory=dict)
    props: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    articles: list[Node] = field(default_factory=list)
    title: str | None = None
    language: str | None = None
    canonical: str | None = None
    amp: str | None = None

    def first(self, *names: str) -> str | None:
        """The first value of the first of these <meta> names that has one."""
        return next((value for name in names for value in self.meta.get(name, ())), None)

    def node(self, *names: str) -> list[object]:
        """The values of the first of these keys, from every article node that has it."""
        return [node[name] for name in names for node in self.articles if node.get(name)]


def gather(root: HtmlElement, url: str) -> Marks:
    """The statements of one page; relative addresses are resolved against `url`."""
    marks = Marks(url)
    marks.language = root.get("lang") or root.get("xml:lang")
    scripts: list[str] = []
    for element in root.iter("meta", "link", "script"):
        tag = element.tag
        if tag == "meta":
            _add_meta(element, marks)
        elif tag == "script":
            kind = element.get("type")
            if kind and "ld+json" in kind.lower() and (text := element.text):
                scripts.append(text)
        elif marks.canonical is None and "canonical" in (element.get("rel") or "").lower().split():
            marks.canonical = absolute(url, href) if (href := element.get("href")) else None
    # The first one alone: those of drawings follow.
    title = next(root.iter("title"), None)
    if title is not None and title.text and len(title.text) <= _LONGEST_VALUE:
        marks.title = " ".join(title.text.split())
    _microdata(root, marks)
    marks.nodes = nodes(scripts)
    marks.articles = articles(marks.nodes)
    return marks


def _add_meta(element: HtmlElement, marks: Marks) -> None:
    name = element.get("property") or element.get("name") or element.get("itemprop")
    value = element.get("content") or element.get("value")
    if name and value and len(value) <= _LONGEST_VALUE and (value := " ".join(value.split())):
        # Some systems escape twice: an entity that is left over is never meant.
        value = html.unescape(value) if "&" in value else value
        marks.meta.setdefault(name.strip().lower(), []).append(value)


_PROPS = frozenset({"headline", "author", "datepublished", "datemodified"})
# Attributes, not elements: most of them are dropped by their text alone, and libxml2 finds them twice as fast.
_ITEMPROPS = etree.XPath("//@itemprop")
_ELSEWHERE = re.compile("Comment|WPHeader|WPFooter|SiteNavigation")


def _microdata(root: HtmlElement, marks: Marks) -> None:
    authored: set[HtmlElement] = set()
    stated = 0
    for itemprop in cast("list[_Attribute]", _ITEMPROPS(root)):
        named = _PROPS.intersection(itemprop.lower().split())
        if not named:
            continue
        stated += 1
        if stated > _MOST:
            break
        element = itemprop.getparent()
        around = list(element.iterancestors())
        if any(_ELSEWHERE.search(kind) for outer in around if (kind := outer.get("itemtype"))):
            continue
        for name in named:
            said = element
            if name == "author":
                # One article has one group of authors; those of a related one stand under another parent.
                if authored and not authored.intersection(around):
                    continue
                authored.update(around[:2])
                said = next(
                    (inner for inner in element.iterdescendants() if inner.get("itemprop") == "name"), element
                )
            value = said.get("content") or said.get("datetime") or _brief(said)
            if value and len(value) < _LONGEST:
                marks.props.setdefault(name, []).append(value)


_LONGEST = 1_000
_LONGEST_VALUE = 20_000  # of a <meta>; longer ones are settings of scripts
_MOST = 300  # statements that are read, each with all that stands around it; an article's own come first


def _brief(element: HtmlElement) -> str:
    """The element's text, or nothing where it is longer than a statement: statements nest, and all would be read."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(part)
        length += len(part)
        if length > 20 * _LONGEST:
            return ""
    return " ".join("".join(parts).split())


_LONGEST_ADDRESS = 8_000  # no server takes a longer one
_ABSOLUTE = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/[^\s?#]*)?(?:\?[^\s#]+)?")
"""Addresses that joining leaves as they are."""


def absolute(base: str, href: str) -> str | None:
    """`href` as an absolute http(s) address, or None where it is no such thing."""
    if len(href) > _LONGEST_ADDRESS:
        return None
    if _ABSOLUTE.fullmatch(href):
        return href
    try:
        joined = urljoin(base, href.strip())
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname else None
