"""Elements that are not the article by what they are: tag, role, hidden state, and the names in class and id.

The names stand in `regions.toml`: general words of the trade, never one site's. Every rule is held back by prose: an
element that carries much of the page's prose is not furniture, whatever it is called.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib.resources import files

from lxml.html import HtmlElement

from archive.extraction.parsing.naming import plain
from archive.extraction.parsing.outline import HEADINGS, Block, Outline


def _load() -> tuple[tuple[str, re.Pattern[str], float], ...]:
    table = tomllib.loads((files(__package__) / "regions.toml").read_text(encoding="utf-8"))
    return tuple((region["rule"], _words(region["names"]), region["limit"]) for region in table["region"])


def _words(names: list[str]) -> re.Pattern[str]:
    return re.compile(r"(?:^|[\s_-])(?:" + "|".join(names) + r")(?=$|[\s_-])")


# Rule, names, and the share of the page's prose up to which the rule may take an element.
_NAMED = _load()
_ANY = re.compile("|".join(pattern.pattern for _, pattern, _ in _NAMED))
_TAGS = {
    "nav": ("chrome.nav", 0.05),
    "menu": ("chrome.nav", 0.05),
    "form": ("chrome.form", 0.0),
    "dialog": ("chrome.dialog", 0.1),
    "footer": ("chrome.footer", 0.1),
    "noscript": ("chrome.noscript", 0.05),
    "aside": ("related.aside", 0.15),
    "figure": ("caption.figure", 0.3),
    "figcaption": ("caption.figure", 0.3),
}
_CHROME_ROLES = frozenset(
    ["navigation", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar", "tablist"],
)
_NEVER = frozenset({"html", "body", "main"})
_NAMING = ("class", "id", "data-component", "data-testid")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_LONG_CAPTION = 700
_LONG_NOTICE = 900
_LONG_NAMES = 2_000


class _Prose:
    """The page's prose: all of it, and what elements of the same names hold together."""

    def __init__(self, outline: Outline) -> None:
        self.total = max(1, outline.prose)
        self._blocks = outline.blocks

    @cached_property
    def of_names(self) -> dict[str, int]:
        """How much prose all elements of the same names hold."""
        prose: dict[str, int] = {}
        for block in self._blocks:
            if block.prose:
                names = _named(dict(block.element.items()))
                prose[names] = prose.get(names, 0) + block.prose
        return prose


def prune(outline: Outline, keep: HtmlElement | None) -> None:
    """Drop the regions; `keep` is the h1, whose ancestors are never dropped."""
    prose = _Prose(outline)
    safe = {id(element) for element in keep.iterancestors()} | {id(keep)} if keep is not None else set()
    done = 0
    for block in outline.blocks:
        if (
            block.start < done
            or block.end <= block.start
            or id(block.element) in safe
            or (outline.safe and block.element in outline.safe)
        ):
            continue
        rule = _verdict(outline, block, prose)
        if rule and outline.drop(block.start, block.end, rule):
            done = block.end


def _verdict(outline: Outline, block: Block, prose: _Prose) -> str | None:
    tag = block.element.tag
    attributes = dict(block.element.items())
    if tag in _NEVER or not (attributes or tag in _TAGS):
        return None
    share = block.prose / prose.total
    if not block.prose and _hidden(attributes):
        return "chrome.hidden"
    if tag in _TAGS:
        rule, limit = _TAGS[tag]
        if share <= limit and not _holds_content(outline, block):
            return rule
    role = attributes.get("role", "").lower()
    if share <= 0.2 and (role == "complementary" or role in _CHROME_ROLES):
        return "related.role" if role == "complementary" else "chrome.role"
    if "Comment" in attributes.get("itemtype", "") or attributes.get("itemprop") == "comment":
        return "comments.region"
    if tag in HEADINGS:
        # Classes and ids of headings are slugs of their own text.
        return None
    return _by_name(block, _named(attributes), prose)


def _hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or ("style" in attributes and bool(_HIDDEN.search(attributes["style"])))


def _holds_content(outline: Outline, block: Block) -> bool:
    """A figure around a table or quotation is content; a footer inside an article may be its last part."""
    tag = block.element.tag
    if tag == "figure":
        return block.prose > _LONG_CAPTION or any(
            True for _ in block.element.iter("table", "blockquote", "pre")
        )
    if tag == "footer":
        return block.prose > 0 and any(
            outline.blocks[i].element.tag == "article" for i in outline.ancestors(block.parent)
        )
    return False


def _named(attributes: Mapping[str, str]) -> str:
    """The element's class, id and the attributes in which components are named."""
    return " ".join(filter(None, map(attributes.get, _NAMING)))


@lru_cache(1 << 14)
def rules_of(names: str) -> tuple[tuple[str, float], ...]:
    """Rules that the names fall under, with their limits. Pages of one site use the same names over and over."""
    if not names:
        return ()
    said = plain(names)
    if not _ANY.search(said):
        return ()
    return tuple((rule, limit) for rule, pattern, limit in _NAMED if pattern.search(said))


def _by_name(block: Block, own: str, prose: _Prose) -> str | None:
    element = block.element
    # A name that is no name is not remembered.
    for rule, limit in rules_of(own) if len(own) <= _LONG_NAMES else rules_of.__wrapped__(own):
        # A body cut into pieces of the same name (`paywall` is as often the paid part of it) is judged as one.
        share = (block.prose if rule in _REPEATING else prose.of_names.get(own, 0)) / prose.total
        if element.tag == "p" and rule.split(".")[0] in _NOT_PARAGRAPHS and block.prose:
            continue
        if rule == "newsletter.region" and block.prose and block.chars > _LONG_NOTICE:
            continue
        if rule == "caption.region" and element.tag != "p" and block.chars > _LONG_CAPTION:
            continue
        if rule == "related.region" and block.prose and block.density < 0.15:
            limit = 0.05
        if rule == "comments.region" and share > 0.5:
            continue
        if share <= limit:
            return rule
    return None


# Of these a page may well hold many, each with prose of its own.
_REPEATING = frozenset({"related.region", "comments.region", "caption.region", "author.region"})
_NOT_PARAGRAPHS = frozenset({"tags", "chrome", "comments", "share"})
