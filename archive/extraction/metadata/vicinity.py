"""What stands around the headline: where a reader looks for the byline and the date."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

_BEFORE, _AFTER = 60, 220
"""Elements looked at before and after the headline; a theme's head of an article has some dozens."""
_CLIMB = 4
_PARAGRAPH = 220
"""Characters of a line that make it a paragraph of the article."""
_PARAGRAPHS = 2
_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "nav", "aside", "footer", "form", "svg", "figure", "iframe", "select",
     "picture", "video", "button"}
)  # fmt: skip
_INVISIBLE = {ord(char): None for char in "\u00ad\u200b\u2060\ufeff"}
_APART = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "small", "dt", "dd", "td"})


def visible(element: HtmlElement) -> str:
    """The element's text on one line, blocks and line breaks apart, without scripts and styles."""
    if not len(element):
        return _on_one_line(element.text or "")
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        inside = node is not element
        if inside and node.tag in _APART:
            parts.append(" ")
        if event == "start":
            parts.append(node.text or "" if node.tag not in ("script", "style") else "")
        elif inside:
            parts.append(node.tail or "")
    return _on_one_line("".join(parts))


def _on_one_line(text: str) -> str:
    return " ".join((text if text.isascii() else text.translate(_INVISIBLE)).split())


class Vicinity:
    """Elements around the headline, those after it before those that precede it, gathered when first asked for.

    It ends with the second paragraph of the article, and leaves out navigation, forms, figures and margins. Without
    an h1 it is the beginning of <article>, <main> or the body.
    """

    def __init__(self, root: HtmlElement, h1: HtmlElement | None, host: str = "") -> None:
        self._root, self._h1 = root, h1
        self.host = host
        self._under: list[HtmlElement] | None = None
        self._over: list[HtmlElement] | None = None
        self._shown_under: list[tuple[HtmlElement, str]] | None = None
        self._shown_over: list[tuple[HtmlElement, str]] | None = None

    def elements(self) -> list[HtmlElement]:
        """The elements themselves."""
        if self._over is None:
            self._over = _before(self._h1) if self._h1 is not None else []
        return [*self._elements_under(), *self._over]

    def below(self) -> list[str]:
        """The texts of `shown` that stand in the headline or under it."""
        if self._shown_under is None:
            self._shown_under = _shown(self._elements_under())
        return [text for _, text in self._shown_under]

    def times(self) -> list[HtmlElement]:
        """The <time> elements."""
        return [element for element in self.elements() if element.tag == "time"]

    def shown(self) -> list[tuple[HtmlElement, str]]:
        """The elements that hold text of their own, each with all of its text."""
        self.below()
        if self._shown_over is None:
            self.elements()
            self._shown_over = _shown(self._over or [])
        return [*(self._shown_under or []), *self._shown_over]

    def lines(self) -> list[str]:
        """The texts of `shown`."""
        return [text for _, text in self.shown()]

    def _elements_under(self) -> list[HtmlElement]:
        if self._under is None:
            self._under = _after(self._h1) if self._h1 is not None else _opening(self._root)
        return self._under


def _shown(elements: list[HtmlElement]) -> list[tuple[HtmlElement, str]]:
    return [
        (element, text) for element in elements if _has_own_text(element) and (text := short_text(element))
    ]


def short_text(element: HtmlElement) -> str:
    """The element's text if it is shorter than a paragraph; parts of a line are taken apart."""
    if not len(element):
        text = _on_one_line(element.text or "")
        return text if len(text) < _PARAGRAPH else ""
    parts: list[str] = []
    room = 2 * _PARAGRAPH
    for part in element.itertext():
        parts.append(part)
        room -= len(part)
        if room < 0:
            return ""
    text = _on_one_line(" ".join(parts))
    return text if len(text) < _PARAGRAPH else ""


def _has_own_text(element: HtmlElement) -> bool:
    text = element.text
    if text and not text.isspace():
        return True
    for child in element:
        tail = child.tail
        if tail and not tail.isspace():
            return True
    return False


def _walk(top: HtmlElement) -> Iterator[HtmlElement]:
    """The elements under `top` and itself, in document order, without the subtrees of `_SKIPPED`."""
    pending = [top]
    while pending:
        element = pending.pop()
        if element.tag not in _SKIPPED:
            yield element
            pending.extend(reversed(element))


def _before(h1: HtmlElement) -> list[HtmlElement]:
    """What precedes the headline inside the containers around it, in document order."""
    found = list(islice(_backwards(h1), _BEFORE))
    return found[::-1]


def _backwards(h1: HtmlElement) -> Iterator[HtmlElement]:
    """The elements before `h1`, the nearest first: from there, since a container may hold all of the page."""
    inner = h1
    for outer in islice(h1.iterancestors(), _CLIMB):
        if outer.tag in ("body", "html"):
            return
        for sibling in inner.itersiblings(preceding=True):
            yield from _last_first(sibling)
        if outer.tag not in _SKIPPED:
            yield outer
        inner = outer


def _last_first(top: HtmlElement) -> Iterator[HtmlElement]:
    """`_walk` the other way round."""
    pending = [(top, False)]
    while pending:
        element, done = pending.pop()
        if done or not len(element):
            if element.tag not in _SKIPPED:
                yield element
        elif element.tag not in _SKIPPED:
            pending.append((element, True))
            pending.extend((child, False) for child in element)


def _after(h1: HtmlElement) -> list[HtmlElement]:
    """The headline's own parts and what follows it."""
    return _until_text(element for top in _following(h1) for element in _walk(top))


def _following(h1: HtmlElement) -> Iterator[HtmlElement]:
    yield from h1
    for outer in (h1, *h1.iterancestors()):
        yield from outer.itersiblings()


def _opening(root: HtmlElement) -> list[HtmlElement]:
    for tag in ("article", "main", "body"):
        top = next(root.iter(tag), None)
        if top is not None:
            return _until_text(_walk(top))
    return []


def _until_text(elements: Iterator[HtmlElement]) -> list[HtmlElement]:
    found: list[HtmlElement] = []
    paragraphs = 0
    for element in elements:
        found.append(element)
        paragraphs += element.tag == "p" and len("".join(element.itertext())) >= _PARAGRAPH
        if paragraphs == _PARAGRAPHS or len(found) == _AFTER:
            break
    return found
