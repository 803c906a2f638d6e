"""What the page says about itself in <head> and microdata, gathered in one pass over the tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

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
        name = (
            (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        )
        value = " ".join((element.get("content") or "").split())
        if name and value:
            marks.meta.setdefault(name, []).append(value)
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


_PROPS = frozenset(
    {
        "headline",
        "author",
        "datepublished",
        "datemodified",
        "description",
        "articlesection",
        "alternativeheadline",
    }
)


def _microdata(root: HtmlElement, marks: Marks) -> None:
    for element in root.xpath("//body//*[@itemprop]"):
        for name in element.get("itemprop").lower().split():
            if name not in _PROPS or element.xpath("boolean(ancestor::*[contains(@itemtype, 'Comment')])"):
                continue
            inner = element.xpath(".//*[@itemprop='name']") if name == "author" else []
            for one in inner or [element]:
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
