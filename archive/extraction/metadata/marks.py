"""What the page says about itself in <head> and microdata, gathered in one pass over the tree."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.metadata.jsonld import Node, articles, nodes


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
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        value = " ".join((element.get("content") or "").split())
        if name and value:
            # Some systems escape twice: an entity that is left over is never meant.
            value = html.unescape(value) if "&" in value else value
            marks.meta.setdefault(name.strip().lower(), []).append(value)
    for element in root.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and (href := element.get("href")):
            marks.canonical = marks.canonical or absolute(url, href)
    title = root.find(".//title")
    if title is not None and title.text:
        marks.title = " ".join(title.text.split())
    _microdata(root, marks)
    marks.nodes = nodes(root)
    marks.articles = articles(marks.nodes)
    return marks


_PROPS = frozenset({"headline", "author", "datepublished", "datemodified"})
_WITH_PROPS = etree.XPath("/descendant::*[@itemprop]")
_ELSEWHERE = re.compile("Comment|WPHeader|WPFooter|SiteNavigation")


def _microdata(root: HtmlElement, marks: Marks) -> None:
    authored: set[HtmlElement] = set()
    for element in cast("list[HtmlElement]", _WITH_PROPS(root)):
        named = _PROPS.intersection((element.get("itemprop") or "").lower().split())
        if not named or any(
            _ELSEWHERE.search(outer.get("itemtype") or "") for outer in element.iterancestors()
        ):
            continue
        for name in named:
            # One article has one group of authors; those of a related one stand under another parent.
            if name == "author" and authored and not authored.intersection(element.iterancestors()):
                continue
            inner = element.xpath(".//*[@itemprop='name']") if name == "author" else []
            if name == "author":
                authored.update(list(element.iterancestors())[:2])
            for one in inner[:1] or [element]:
                value = one.get("content") or one.get("datetime") or " ".join(one.text_content().split())
                if value and len(value) < 1_000:
                    marks.props.setdefault(name, []).append(value)


def absolute(base: str, href: str) -> str | None:
    """`href` as an absolute http(s) address, or None where it is no such thing."""
    try:
        joined = urljoin(base, href.strip())
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.hostname else None
