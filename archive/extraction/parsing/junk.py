"""Elements that never hold text of the page."""

from __future__ import annotations

from lxml.html import HtmlElement

_JUNK = (
    "script", "style", "template", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video", "map",
    "select", "textarea", "button", "input", "applet", "datalist", "noframes", "frameset",
)  # fmt: skip
_SWALLOWERS = frozenset(
    {"button", "svg", "math", "frameset", "object", "map", "canvas", "audio", "video", "select"}
)


def strip_junk(root: HtmlElement) -> None:
    """Take elements out of the tree that never hold text of the page.

    A button or drawing that was never closed has swallowed the page after it: that one goes alone.
    """
    for element in list(root.iter(*_JUNK)):
        if element.tag == "input" and (element.get("type") or "").lower() == "email":
            continue  # has no text, and tells what its box is for
        if element.tag in _SWALLOWERS and element.find(".//p") is not None:
            element.drop_tag()
        else:
            element.drop_tree()
