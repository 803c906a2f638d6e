"""Trafilatura at work on a tree: the text of what it takes for the main text.

`quick` takes the steps of Trafilatura's fast mode (`core.trafilatura_sequence`, 2.3) in its own functions, without
metadata, comments, and copies that only its public entry needs. It answers where the first step of the cascade is all
that the public entry would use, and is silent where more would follow: `thorough` is the public entry.
"""

from __future__ import annotations

import importlib.util
import logging
from copy import copy
from types import ModuleType

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.core import ESCALATION_MAX_LENGTH, ESCALATION_PAGE_SHARE
from trafilatura.htmlprocessing import convert_tags, prune_unwanted_nodes, tree_cleaning
from trafilatura.settings import Document, Extractor
from trafilatura.xpaths import RAW_TREE_PRUNE_XPATH, REMOVE_COMMENTS_AND_LISTS_XPATH

from archive.extraction.selection import compiled

# Refusals and retries are answers to Trafilatura's own command line; ours are the outcomes of `extract`.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_FAST = Extractor(output_format="python", fast=True, comments=False)
_CASCADE = Extractor(output_format="python", comments=False)


def _instance(name: str) -> ModuleType:
    """An instance of Trafilatura's module of our own, with compiled selections; the package's stays as it is."""
    spec = importlib.util.find_spec(f"trafilatura.{name}")
    if spec is None or spec.loader is None:
        raise ImportError(f"trafilatura has no module {name}; install the version that pyproject.toml names")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for constant, value in list(vars(module).items()):
        if isinstance(value, list) and value and all(isinstance(one, etree.XPath) for one in value):
            setattr(module, constant, [compiled(one) for one in value])
    return module


_EXTRACTOR = _instance("main_extractor")
_PRUNED = [compiled(one) for one in (*RAW_TREE_PRUNE_XPATH, *REMOVE_COMMENTS_AND_LISTS_XPATH)]


def quick(root: HtmlElement) -> str | None:
    """The main text in fast mode, None where a rescue may replace it. `root` is left as it is.

    Scripts are no part of `root`: a forum thread, which only they declare, is treated as any page.
    """
    tree = convert_tags(tree_cleaning(prune_unwanted_nodes(copy(root), _PRUNED), _FAST), _FAST)
    body, text = _EXTRACTOR.extract_content(tree, _FAST)
    if len(text) < _FAST.min_extracted_size:
        return None
    if len(text) < ESCALATION_MAX_LENGTH and len(text) < ESCALATION_PAGE_SHARE * _most_text(root):
        return None
    return "".join(body.itertext())


def _most_text(root: HtmlElement) -> int:
    """No fewer characters than Trafilatura counts on the page: it sets a space beside and inside each block."""
    return int(root.xpath("string-length()")) + 2 * int(root.xpath("count(.//*)"))


def thorough(root: HtmlElement, cascade: bool) -> str:
    """The main text by the public entry, in fast mode or with the whole cascade. `root` is left as it is."""
    document = bare_extraction(root, options=_CASCADE if cascade else _FAST)
    return (document.text or "") if isinstance(document, Document) else ""
