"""The page as a line of runs: what a reader sees, one line of text after the other.

A run is text between two block boundaries or line breaks. A paragraph with semantic classes, a `div` without any
and text broken by `<br>` all become the same runs, so that one rule serves every markup. A block element covers an
unbroken range of runs, so dropping an element is dropping a range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from archive.extraction.wording.folding import fold, key, key_of, size
from archive.extraction.wording.punctuation import STOPS

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "html", "legend", "li", "main", "menu", "nav", "noscript", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_BLOCK, _BREAK, _LINK, _BOLD = 1, 2, 4, 8
_KINDS = {
    **dict.fromkeys(BLOCKS, _BLOCK),
    **dict.fromkeys(("b", "strong", "em", "i"), _BOLD),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "th"), _BLOCK | _BOLD),
    "br": _BREAK, "hr": _BREAK, "a": _LINK,
}  # fmt: skip
Slot = tuple[HtmlElement, bool]
"""Where a piece of text lies: in the element, or behind it as its tail."""
_SENTENCE_END = tuple(f"{STOPS}…:;\"”»«’')]」』）")
PROSE_SIZE = 80
_FOLDED = 400
MAX_LINES = 10_000
"""Most lines of text that are worked on, seconds of work: what chooses among them takes the square of their number."""


@dataclass(slots=True, eq=False)
class Run:
    """One line of text, the same as no other.

    block   index of the innermost block that holds it
    linked  characters inside links; `hrefs` are where they lead
    strong  characters inside bold, italic or heading elements
    slots   where its text lies in the tree: the element, and whether it is the element's tail
    size    length, of scripts that need fewer characters threefold
    prose   whether it reads like a paragraph: long enough, and not a link
    rule    the rule that dropped it, or None while it stands
    cut     pieces that were taken out of its text, while it stands itself
    """

    text: str
    block: int
    linked: int = 0
    strong: int = 0
    hrefs: list[str] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    rule: str | None = None
    group: int = -1
    cut: list[str] = field(default_factory=list)
    size: int = 0
    prose: bool = False
    _key: str | None = None
    _folded: str | None = None

    def resize(self) -> None:
        """Measure the text, when it is new or has changed."""
        self.size = size(self.text)
        self.prose = self.size >= PROSE_SIZE and self.linked < 0.5 * len(self.text)
        self._key = self._folded = None

    @property
    def folded(self) -> str:
        """The text folded, empty where it is too long to be a line of furniture."""
        if self._folded is None:
            self._folded = fold(self.text) if len(self.text) <= _FOLDED else ""
        return self._folded

    @property
    def key(self) -> str:
        """Folded letters and digits."""
        if self._key is None:
            self._key = key_of(self.folded) or key(self.text)
        return self._key

    @property
    def density(self) -> float:
        """Share of the text that is linked."""
        return self.linked / len(self.text)

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
        self.safe: set[HtmlElement] = set()
        """Elements that no rule drops as a whole."""
        self._groups = 0
        builder = _Builder(self)
        builder.walk(root)
        builder.add_up()

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

    def drop(self, start: int, end: int, rule: str) -> bool:
        """Drop the runs [start, end) that still stand, as one block. Whether there were any."""
        standing = [run for run in self.runs[start:end] if run.rule is None]
        if not standing:
            return False
        for run in standing:
            run.rule, run.group = rule, self._groups
        self._groups += 1
        return True

    def discount(self, dropped: int) -> None:
        """Take what a block holds out of its sums and of those around it: shares are of what is left."""
        own = self.blocks[dropped]
        chars, linked, prose = own.chars, own.linked, own.prose
        for number in self.ancestors(dropped):
            block = self.blocks[number]
            block.chars -= chars
            block.linked -= linked
            block.prose -= prose

    def standing(self) -> list[Run]:
        """The runs that no rule has dropped."""
        return [run for run in self.runs if run.rule is None]


class _Builder:
    def __init__(self, outline: Outline) -> None:
        self.runs = outline.runs
        self.blocks = outline.blocks
        self.inner = -1
        """Number of the innermost block that is open."""
        self.depth = 0
        self.pieces: list[str] = []
        self.slots: list[Slot] = []
        self.hrefs: list[str] = []
        self.linked = self.strong = self.links = self.bolds = 0

    def walk(self, root: HtmlElement) -> None:
        """Go through the tree from element to element: half the time of walking by events."""
        kinds = _KINDS
        around: list[tuple[HtmlElement, int]] = []
        element, kind = root, kinds.get(root.tag, 0)
        while True:
            if kind:
                self._start(element, kind)
            if (text := element.text) and (self.slots or not text.isspace()):
                self._text(text, element, False)
            if len(element):
                around.append((element, kind))
                element = element[0]
                kind = kinds.get(element.tag, 0)
                continue
            while True:
                if kind:
                    self._end(kind)
                if not around:
                    return
                if (text := element.tail) and (self.slots or not text.isspace()):
                    self._text(text, element, True)
                following = element.getnext()
                if following is not None:
                    break
                element, kind = around.pop()
            element = following
            kind = kinds.get(element.tag, 0)

    def _start(self, element: HtmlElement, kind: int) -> None:
        if kind & _BLOCK:
            if self.slots or self.hrefs:
                self._flush()
            self.depth += 1
            self.blocks.append(Block(element, self.inner, len(self.runs), self.depth))
            self.inner = len(self.blocks) - 1
        elif kind == _LINK:
            self.links += 1
            if href := element.get("href"):
                self.hrefs.append(href)
        elif kind == _BREAK:
            self._flush()
        if kind & _BOLD:
            self.bolds += 1

    def _end(self, kind: int) -> None:
        if kind & _BLOCK:
            if self.slots or self.hrefs:
                self._flush()
            block = self.blocks[self.inner]
            block.end = len(self.runs)
            self.inner = block.parent
            self.depth -= 1
        elif kind == _LINK:
            self.links -= 1
        if kind & _BOLD:
            self.bolds -= 1

    def _text(self, text: str, element: HtmlElement, tail: bool) -> None:
        if text.isspace():
            self.pieces.append(" ")
            return
        self.pieces.append(text)
        self.slots.append((element, tail))
        if self.links or self.bolds:
            length = len(text.strip())
            self.linked += length if self.links else 0
            self.strong += length if self.bolds else 0

    def _flush(self) -> None:
        """End the run that the pieces make, if they make one."""
        if self.slots:
            if self.inner >= 0:
                text = "".join(self.pieces)
                text = " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())
                if text:
                    linked = min(self.linked, len(text))
                    run = Run(text, self.inner, linked, self.strong, self.hrefs, self.slots)
                    run.resize()
                    self.runs.append(run)
            self.slots, self.pieces = [], []
            self.linked = self.strong = 0
        self.hrefs = []

    def add_up(self) -> None:
        """Give each block its sums, once all of them are there."""
        blocks = self.blocks
        for run in self.runs:
            block = blocks[run.block]
            block.chars += len(run.text)
            block.linked += run.linked
            if run.prose:
                block.prose += run.size
        for block in reversed(blocks):
            if block.chars and block.parent >= 0:
                around = blocks[block.parent]
                around.chars += block.chars
                around.linked += block.linked
                around.prose += block.prose
