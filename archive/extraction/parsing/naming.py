"""The names that a page gives its elements in class and id, made comparable."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def class_and_id(element: HtmlElement) -> str:
    """Both attributes as they are, with a space between them."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def plain(names: str) -> str:
    """`names` in lower case with hyphens between their words: `storyBody`, `story__body` and `story-body` are one."""
    return _CAMEL.sub("-", names).replace("__", "-").lower()
