"""The page as a line of runs: what a reader sees, one line of text after the other.

A run is text between two block boundaries or line breaks. A paragraph with semantic classes, a `div` without any
and text broken by `<br>` all become the same runs, so that one rule serves every markup. A block element covers an
unbroken range of runs, so dropping an element is dropping a range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.folding import fold, key, size

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "html", "legend", "li", "main", "menu", "nav", "noscript", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Never text of a page, whatever stands inside.
JUNK = (
    "script", "style", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video", "map",
    "select", "textarea", "button", "input", "applet", "datalist", "noframes", "frameset",
)  # fmt: skip
_INVISIBLE = {ord(char): None for char in "\u00ad\u200b\u2060\ufeff"}
_BOLD = frozenset({"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th", "em", "i"})
_SENTENCE_END = tuple(".!?…。！？؟۔।:;\"”»«’')]」』）")
PROSE_SIZE = 80


@dataclass(slots=True, eq=False)
class Run:
    """One line of text.

    block   index of the innermost block that holds it
    linked  characters inside links; `hrefs` are where they lead
    strong  characters inside bold, italic or heading elements
    slots   where its text lies in the tree: the element, and whether it is the element's tail
    rule    the rule that dropped it, or None while it stands
    """

    text: str
    block: int
    linked: int = 0
    strong: int = 0
    hrefs: list[str] = field(default_factory=list)
    slots: list[tuple[HtmlElement, bool]] = field(default_factory=list)
    rule: str | None = None
    group: int = -1
    size: int = 0
    folded: str = ""
    _key: str | None = None

    @property
    def key(self) -> str:
        """Folded letters and digits."""
        if self._key is None:
            self._key = key(self.text)
        return self._key

    @property
    def density(self) -> float:
        """Share of the text that is linked."""
        return self.linked / len(self.text)

    @property
    def prose(self) -> bool:
        """Whether it reads like a paragraph: long enough, and not a link."""
        return self.size >= PROSE_SIZE and self.density < 0.5

    @property
    def sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return self.text.endswith(_SENTENCE_END)


@dataclass(slots=True, eq=False)
class Block:
    """A block element and the runs [start, end) that it covers, with sums over them."""

    element: HtmlElement
    parent: int
    start: int
    depth: int
    end: int = 0
    chars: int = 0
    linked: int = 0
    prose: int = 0

    @property
    def density(self) -> float:
        """Share of the text that is linked."""
        return self.linked / self.chars if self.chars else 0.0


class Outline:
    """Runs and blocks of one page, in document order."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.runs: list[Run] = []
        self.blocks: list[Block] = []
        self._groups = 0
        _Builder(self).walk(root)

    @property
    def prose(self) -> int:
        """Characters of prose on the page."""
        return self.blocks[0].prose if self.blocks else 0

    def ancestors(self, block: int) -> Iterator[int]:
        """`block` itself and the blocks around it, from the inside out."""
        while block >= 0:
            yield block
            block = self.blocks[block].parent

    def tag(self, run: Run) -> str:
        """Tag of the run's innermost block."""
        return str(self.blocks[run.block].element.tag)

    def within(self, run: Run, tags: frozenset[str]) -> bool:
        """Whether one of the blocks around the run has one of the tags."""
        return any(self.blocks[index].element.tag in tags for index in self.ancestors(run.block))

    def drop(self, start: int, end: int, rule: str) -> bool:
        """Drop the runs [start, end) that still stand, as one block. Whether there were any."""
        standing = [run for run in self.runs[start:end] if run.rule is None]
        if not standing:
            return False
        for run in standing:
            run.rule, run.group = rule, self._groups
        self._groups += 1
        return True

    def standing(self) -> list[Run]:
        """The runs that no rule has dropped."""
        return [run for run in self.runs if run.rule is None]


class _Builder:
    def __init__(self, outline: Outline) -> None:
        self.runs = outline.runs
        self.blocks = outline.blocks
        self.open: list[int] = []
        self.pieces: list[str] = []
        self.slots: list[tuple[HtmlElement, bool]] = []
        self.hrefs: list[str] = []
        self.linked = self.strong = self.links = self.bolds = 0

    def walk(self, root: HtmlElement) -> None:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag
            if event == "start":
                self._start(element, tag)
                if element.text:
                    self._text(element.text, element, False)
            else:
                self._end(tag)
                if element.tail and self.open:
                    self._text(element.tail, element, True)

    def _start(self, element: HtmlElement, tag: object) -> None:
        if tag in BLOCKS:
            self._enter(element)
        elif tag == "br" or tag == "hr":
            self._flush()
        elif tag == "a":
            self.links += 1
            if href := element.get("href"):
                self.hrefs.append(href)
        if tag in _BOLD:
            self.bolds += 1

    def _end(self, tag: object) -> None:
        if tag in BLOCKS:
            self._leave()
        elif tag == "a":
            self.links -= 1
        if tag in _BOLD:
            self.bolds -= 1

    def _text(self, text: str, element: HtmlElement, tail: bool) -> None:
        self.pieces.append(text)
        if text.isspace():
            return
        self.slots.append((element, tail))
        if self.links:
            self.linked += len(text.strip())
        if self.bolds:
            self.strong += len(text.strip())

    def _enter(self, element: HtmlElement) -> None:
        self._flush()
        parent = self.open[-1] if self.open else -1
        self.open.append(len(self.blocks))
        self.blocks.append(Block(element, parent, len(self.runs), len(self.open)))

    def _leave(self) -> None:
        self._flush()
        block = self.blocks[self.open.pop()]
        block.end = len(self.runs)
        if block.parent >= 0:
            around = self.blocks[block.parent]
            around.chars += block.chars
            around.linked += block.linked
            around.prose += block.prose

    def _flush(self) -> None:
        if self.slots and self.open:
            text = " ".join("".join(self.pieces).translate(_INVISIBLE).split())
            if text:
                self._add(text)
        self.pieces, self.slots, self.hrefs = [], [], []
        self.linked = self.strong = 0

    def _add(self, text: str) -> None:
        block = self.blocks[self.open[-1]]
        run = Run(text, self.open[-1], min(self.linked, len(text)), self.strong, self.hrefs, self.slots)
        run.size, run.folded = size(text), fold(text) if len(text) <= 400 else ""
        self.runs.append(run)
        block.chars += len(text)
        block.linked += run.linked
        if run.prose:
            block.prose += run.size


def strip_junk(root: HtmlElement) -> None:
    """Take elements out of the tree that never hold text of the page.

    A button or drawing that was never closed has swallowed the page after it: that one goes alone.
    """
    for element in list(root.iter(*JUNK)):
        if element.tag in _SWALLOWERS and element.find(".//p") is not None:
            element.drop_tag()
        else:
            element.drop_tree()


_SWALLOWERS = frozenset({"button", "svg", "object", "map", "canvas", "audio", "video", "select"})
