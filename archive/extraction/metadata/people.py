"""Authors: who the page says wrote it, cleaned of everything that is not a name.

Order of trust, the first that names a person wins:

    1  JSON-LD author, then creator, of the article nodes; a node that only refers to another is looked up
    2  <meta> names in the order of `_METAS`; values that count minutes are no names
    3  microdata author outside comments, then links with rel=author
    4  the byline near the headline (`byline.py`), then signatures elsewhere (`signatures.py`), and after all of them
       the lines that pruning took for a byline

What 1 to 3 state gives way to the reader's byline in two cases: a lone first name or the name of an account to the
full names of any byline near the headline, and other persons to the full names of a line there that opens with `By` or
the like and shares no word with them: systems name whoever put the page up.

Where no source names a person, the first organisation stated is the author: an agency, a desk, the site itself. It is
never made up from the site's name alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.metadata import byline, signatures
from archive.extraction.metadata.jsonld import Node, strings, types
from archive.extraction.metadata.marks import Marks
from archive.extraction.metadata.names import MAX_AUTHORS, Name, clean, is_own
from archive.extraction.metadata.vicinity import Vicinity, visible
from archive.extraction.wording.folding import fold, key, words

_METAS = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "cxenseparse:author",
    "dc.creator", "dcterms.creator", "dc.creator.name", "byl", "article.author", "articleauthor",
    "og:author", "citation_author", "creator", "twitter:data1",
)  # fmt: skip
_MOST = 100  # of one list; more are no authors of an article
_AUTHOR_LINKS = etree.XPath("/descendant::a[contains(@rel, 'author')]")


def choose(marks: Marks, root: HtmlElement, near: Vicinity, names: list[str]) -> tuple[str, ...]:
    """The authors in the page's order, at most MAX_AUTHORS. `names` are the site's."""
    site = _keys(names)
    organisations: list[Name] = []
    for stated in _sources(marks, root, near, site):
        persons = [name for name in stated if name.person]
        if persons:
            stated = _as_shown(stated, persons, near, site)
            return tuple(name.text for name in stated if name.person or not is_own(name.text, site))[
                :MAX_AUTHORS
            ]
        organisations = organisations or stated
    return tuple(name.text for name in organisations[:MAX_AUTHORS])


def _as_shown(stated: list[Name], persons: list[Name], near: Vicinity, site: frozenset[str]) -> list[Name]:
    """`stated`, or the byline near the headline where systems name an account or whoever put the page up."""
    if all(_is_lone(name.text) for name in persons):
        return byline.near_headline(near, site) or stated
    said = {word for name in persons for word in words(fold(name.text))}
    shown = byline.opened(near, site)
    return stated if any(said.intersection(words(fold(name.text))) for name in shown) else shown or stated


def _is_lone(name: str) -> bool:
    """Whether a name is a first name or that of an account: `ruth`, `nadia.okoro`. Wide scripts need no space."""
    return " " not in name and not byline.WIDE.search(name)


def from_byline(lines: list[str], names: list[str]) -> tuple[str, ...]:
    """The persons of lines that a byline rule took: `By` and a name, or a name alone where a class says so."""
    site = _keys(names)
    for index, line in enumerate(lines):
        alone = byline.is_opening(line) and index + 1 < len(lines)
        found = byline.of_line(lines[index + 1] if alone else line, site, marked=True)
        persons = [
            name.text
            for name in found
            if name.person and (" " in name.text or (byline.is_opened(line) and not name.text[0].islower()))
        ]
        if persons:
            return tuple(persons[:MAX_AUTHORS])
    return ()


def _keys(names: list[str]) -> frozenset[str]:
    return frozenset(key(name) for name in names if name)


def _sources(marks: Marks, root: HtmlElement, near: Vicinity, site: frozenset[str]) -> Iterator[list[Name]]:
    persons = {str(node["@id"]): node for node in marks.nodes if "@id" in node and _is_agent(node)}
    for value in marks.node("author", "creator"):
        yield _of_json(value, persons, site)
    for name in _METAS:
        yield clean(marks.meta.get(name, []), site)
    yield clean(marks.props.get("author", [])[:MAX_AUTHORS], site)
    links = cast("list[HtmlElement]", _AUTHOR_LINKS(root))
    yield clean([visible(link) for link in links[:1]], site)
    yield byline.find(near, site)
    yield signatures.find(root, near.host, site)


def _of_json(value: object, agents: dict[str, Node], site: frozenset[str]) -> list[Name]:
    """The names of a JSON-LD value: text, an object, a reference to one, or a list of them."""
    if isinstance(value, list):
        found = {name.text: name for item in value[:_MOST] for name in _of_json(item, agents, site)}
        return list(found.values())
    if not isinstance(value, dict):
        return clean(strings(value), site)
    if not value.get("name") and str(value.get("@id")) in agents:
        value = agents[str(value["@id"])]
    said = strings(value.get("name")) or [
        " ".join([*strings(value.get("givenName")), *strings(value.get("familyName"))])
    ]
    return clean(said, site, organisation=any("Organization" in name for name in types(value)))


def _is_agent(node: Node) -> bool:
    return any(name.lower() == "person" or "Organization" in name for name in types(node))
