"""JSON-LD: the blocks of a page, mended where they are nearly JSON, and the node that describes the article."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

Node = dict[str, Any]

MAX_BLOCK = 500_000
"""Characters of one JSON-LD block that are read; longer ones hold product lists, not articles. Of two thousand real
pages the longest had 41,000."""
MAX_BLOCKS = 2_000_000
"""Characters of all JSON-LD blocks of a page that are read."""
_MAX_DEPTH = 8
_NESTED = 250
_MAX_NODES = 5_000

_ARTICLE = re.compile(r"Article|BlogPosting|Report\b|LiveBlog|^Review$|^NewsItem$")
_LONE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$|;\s*$")


def nodes(scripts: Iterable[str]) -> list[Node]:
    """Every JSON-LD object of some blocks that has a type, in document order, nested ones after those around them."""
    found: list[Node] = []
    read = 0
    for script in scripts:
        if len(script) <= MAX_BLOCK:
            read += len(script)
            if read > MAX_BLOCKS:
                break
            found.extend(_walk(load(script), 0))
            if len(found) > _MAX_NODES:
                break
    return found[:_MAX_NODES]


def load(text: str) -> Any:
    """The value of one block, mended if it is not JSON; None if that does not help."""
    for mend in (_as_it_is, _unwrapped, _mend):
        try:
            value = orjson.loads(mend(text))
        except orjson.JSONDecodeError:
            continue
        return None if _nests(text, value) else value
    return None


def _nests(text: str, value: Any) -> bool:
    """Whether the value nests deeper than orjson writes, 254 levels: what reads it goes down level by level."""
    if text.count("{") + text.count("[") < _NESTED:
        return False
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return True
    return False


def _as_it_is(text: str) -> str:
    return text


def _unwrapped(text: str) -> str:
    """Comment and CDATA marks around it and a semicolon after it taken off."""
    return _WRAPPING.sub("", text.strip()).strip()


def _mend(text: str) -> str:
    """Raw line breaks in strings, wrong escapes, commas before a closing bracket, lone surrogates, escaped quotes."""
    text = _CONTROL.sub(" ", _unwrapped(text))
    text = _BAD_ESCAPE.sub(r"\\\\", text)
    text = _LONE.sub("", text)
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    return _TRAILING_COMMA.sub(r"\1", text)


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart"):
            if isinstance(value.get(name), dict | list):
                yield from _walk(value[name], depth + 1)


def types(node: Node) -> list[str]:
    """The node's types without schema.org's prefix."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return [name.rsplit("/", 1)[-1].removeprefix("schema:") for name in names if isinstance(name, str)]


def articles(found: list[Node]) -> list[Node]:
    """The nodes that describe an article, the fullest first."""
    some = [node for node in found if any(_ARTICLE.search(name) for name in types(node))]
    return sorted(some, key=lambda node: -sum(name in node for name in _TELLING))


_TELLING = ("headline", "datePublished", "author", "articleBody", "description", "mainEntityOfPage")


def strings(value: Any) -> list[str]:
    """The texts of a value that may be a string, an object with a name, or a list of either."""
    if isinstance(value, str):
        text = " ".join(html.unescape(value).split())
        return [text] if text else []
    if isinstance(value, dict):
        return strings(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return []


def first(value: Any) -> str | None:
    """The first text of a value, or None."""
    return next(iter(strings(value)), None)


def urls(value: Any) -> list[str]:
    """The addresses of a value that may be a string, an object with `url`, `@id` or `contentUrl`, or a list."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, dict):
        return urls(value.get("url") or value.get("contentUrl") or value.get("@id"))
    if isinstance(value, list):
        return [url for item in value for url in urls(item)]
    return []
