"""Trafilatura at work on a tree: the text of what it takes for the main text.

Its own sequence of steps runs, in an instance of its modules of our own, where node selections are compiled, and words
that jusText would put into lower case anew for every page are so already. The package's own modules stay as they are.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Callable
from copy import copy
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import cast

from lxml import etree
from lxml.html import HtmlElement
from trafilatura.htmlprocessing import convert_tags
from trafilatura.settings import INLINE_CONSUMING, Extractor
from trafilatura.xml import NEWLINE_ELEMS, xmltotxt

from archive.extraction.main_text.paragraphs import Lines, Path
from archive.extraction.main_text.selection import attributes_of, compiled, elements

# Refusals and retries are answers to Trafilatura's own command line; ours are the outcomes of `extract`.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_FAST = Extractor(output_format="python", fast=True, comments=False)
_CASCADE = Extractor(output_format="python", comments=False)
_ALWAYS_TOLD = NEWLINE_ELEMS | {"cell", "item"}


def _instance(name: str, **replaced: object) -> ModuleType:
    """A module of Trafilatura or jusText once more, with compiled selections and `replaced` in place of its own."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ImportError(f"there is no module {name}; install the versions that pyproject.toml names")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for constant, value in list(vars(module).items()):
        if isinstance(value, etree.XPath):
            setattr(module, constant, compiled(value))
        elif isinstance(value, list) and value and all(isinstance(one, etree.XPath) for one in value):
            setattr(module, constant, [compiled(one) for one in value])
    for attribute, value in replaced.items():
        if not hasattr(module, attribute):
            raise ImportError(f"{name} has no {attribute}; install the versions that pyproject.toml names")
        setattr(module, attribute, value)
    return module


def _text_joined(work: Callable[..., HtmlElement]) -> Callable[..., HtmlElement]:
    """`work`, the text nodes of its tree joined: it leaves one wherever it took an inline element out.

    Going through a paragraph of thousands of them takes as long as their square.
    """

    def joined(*arguments: object, **named: object) -> HtmlElement:
        tree = work(*arguments, **named)
        for element in elements(_IN_PIECES, tree):
            element.text = element.text
            for child in element:
                child.tail = child.tail
        return tree

    return joined


class _ByDensity:
    """`work`, which deletes by the density of links, on the elements that hold links, and once where it finds nothing.

    Trafilatura goes through each tag twice, in case the first pass has left something denser behind.
    """

    def __init__(self, work: Callable[..., HtmlElement]) -> None:
        self._work = work
        self._settled: set[str] = set()
        self._linked: dict[HtmlElement, int] | None = None

    def begin(self) -> None:
        """Forget the tree: another one comes, or this one has changed."""
        self._settled.clear()
        self._linked = None

    def __call__(self, tree: HtmlElement, tag: str, **named: object) -> HtmlElement:
        if tag in self._settled:
            return tree
        if self._linked is None:
            self._linked = _linked(tree)
        linked = self._linked
        shown = [
            element
            for element in tree.iter(tag)
            if element in linked and not _is_told(element, linked[element])
        ]
        parents = [element.getparent() for element in shown]
        if shown:
            self._work(_Shown(shown), tag, **named)
        if any(element.getparent() is not parent for element, parent in zip(shown, parents, strict=True)):
            self.begin()
        else:
            self._settled.add(tag)
        return tree


def _linked(tree: HtmlElement) -> dict[HtmlElement, int]:
    """The elements that hold links, and how many characters are in those."""
    linked: dict[HtmlElement, int] = {}
    chains: list[list[HtmlElement]] = []
    for link in tree.iter("ref"):
        chain: list[HtmlElement] = []
        for holder in link.iterancestors():
            chain.append(holder)
            if holder in linked:
                break
            linked[holder] = 0
        if chain:
            linked[chain[0]] += len(link.text_content())
            chains.append(chain)
    # A chain ends in one that was found before it, so that its sum is complete when that one's turn comes.
    for chain in reversed(chains):
        for inner, outer in pairwise(chain):
            linked[outer] += linked[inner]
    return linked


def _is_told(element: HtmlElement, linked: int) -> bool:
    """Whether an element has so much text beside its links that they are no matter, told by as little of it as tells.

    Trafilatura takes links for a matter in elements of less than 300 characters, and from nine tenths of the text on.
    It measures trimmed text: what its parts have when they are trimmed one by one is the least that it may find.
    """
    missing = max(300.0, linked / 0.8)
    for text in element.itertext():
        missing -= len(_trim(text))
        if missing < 0:
            return True
    return False


class _Shown:
    def __init__(self, elements: list[HtmlElement]) -> None:
        self._elements = elements

    def iter(self, tag: str) -> list[HtmlElement]:
        return self._elements


def _pruning(work: Callable[..., HtmlElement], density: _ByDensity) -> Callable[..., HtmlElement]:
    def pruned(*arguments: object, **named: object) -> HtmlElement:
        density.begin()
        tree = work(*arguments, **named)
        density.begin()
        return tree

    return pruned


def _trim(text: str | None) -> str:
    """Its own `trim`, without an exception for each missing text, of which there are more than others."""
    return " ".join(text.split()) if text else ""


_ELEMENTS = etree.XPath("count(descendant-or-self::*)")
_IN_PIECES = etree.XPath("descendant-or-self::*[count(text()) > 50]")
_JUSTEXT = _instance("justext.core", define_stoplist=lambda words: words, Paragraph=Lines, PathInfo=Path)
_BASELINE = _instance("trafilatura.baseline")
_PROCESSING = _instance("trafilatura.htmlprocessing", trim=_trim)
_EXTRACTOR = _instance(
    "trafilatura.main_extractor",
    trim=_trim,
    delete_by_link_density=_PROCESSING.delete_by_link_density,
    handle_textnode=_PROCESSING.handle_textnode,
    process_node=_PROCESSING.process_node,
)
_DENSITY = _ByDensity(_EXTRACTOR.delete_by_link_density)
vars(_EXTRACTOR)["delete_by_link_density"] = _DENSITY
vars(_EXTRACTOR)["prune_unwanted_sections"] = _text_joined(
    _pruning(_EXTRACTOR.prune_unwanted_sections, _DENSITY)
)
_EXTERNAL = _instance(
    "trafilatura.external",
    ParagraphMaker=_JUSTEXT.ParagraphMaker,
    classify_paragraphs=_JUSTEXT.classify_paragraphs,
    basic_cleaning=_BASELINE.basic_cleaning,
    convert_tags=_text_joined(convert_tags),
)
_CORE = _instance(
    "trafilatura.core",
    extract_content=_EXTRACTOR.extract_content,
    compare_extraction=_EXTERNAL.compare_extraction,
    justext_rescue=_EXTERNAL.justext_rescue,
    baseline=_BASELINE.baseline,
    html2txt=_BASELINE.html2txt,
    convert_tags=_text_joined(convert_tags),
)


@cache
def load_stoplists() -> None:
    """Load jusText's words of all languages, half a second once: on first need, or before workers are forked."""
    vars(_EXTERNAL)["JT_STOPLIST"] = frozenset(word.lower() for word in _EXTERNAL.jt_stoplist_init())


def main_text(root: HtmlElement, cascade: bool = False) -> str:
    """The main text in fast mode, or with the whole cascade. `root` is left as it is.

    Scripts are no part of `root`: a forum thread, which only they declare, is treated as any page.
    """
    if cascade:
        load_stoplists()
    with attributes_of(root):
        try:
            body = None if cascade else _plainly(root)
            if body is None:
                body, *_ = _CORE.trafilatura_sequence(copy(root), _CASCADE if cascade else _FAST)
        except (TypeError, ValueError):  # what its public entry takes for a page without text
            return ""
    if any(_half_told(element) for element in body.iter("*")):
        return str(xmltotxt(body, include_formatting=False))
    return "".join(map(str, body.itertext()))


def _plainly(root: HtmlElement) -> etree._Element | None:
    """What the sequence gives in fast mode where its first step is its last, or None where others follow.

    What they need (two more copies of the tree, the length of the page) is not made ready.
    """
    tree = copy(root)
    for unwanted in (_CORE.RAW_TREE_PRUNE_XPATH, _CORE.REMOVE_COMMENTS_AND_LISTS_XPATH):
        tree = _CORE.prune_unwanted_nodes(tree, unwanted)
    tree = _CORE.convert_tags(_CORE.tree_cleaning(tree, _FAST), _FAST)
    body, text = _CORE.extract_content(tree, _FAST)
    found = len(text)
    if found < _FAST.min_extracted_size:
        return None
    # More than its own measure of the page, for which it deletes some elements and joins spaces.
    most = len(root.text_content()) + 2 * cast(float, _ELEMENTS(root))
    enough = found >= _CORE.ESCALATION_MAX_LENGTH or found >= _CORE.ESCALATION_PAGE_SHARE * most
    return cast(etree._Element, body) if enough else None


def _half_told(element: etree._Element) -> bool:
    """Whether Trafilatura's own text may leave something of the element or behind it out."""
    if element.tag in _ALWAYS_TOLD:
        return False
    return bool(element.tail and not element.text) or (element.tag in INLINE_CONSUMING and len(element) > 0)
