"""Elements that never hold text of the page."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement

_JUNK = ("script", "style", "template", "iframe", "embed", "textarea", "applet", "datalist", "noframes")
_SWALLOWERS = ("button", "svg", "math", "frameset", "object", "map", "canvas", "audio", "video", "select")


def strip_junk(root: HtmlElement) -> None:
    """Take elements out of the tree that never hold text of the page.

    A button or drawing that was never closed has swallowed the page after it: that one goes alone. A template that
    declares a shadow root (WHATWG HTML, 4.12.3) is shown, where its element stands.
    """
    for template in root.findall(".//template[@shadowrootmode]"):
        template.drop_tag()
    for element in list(root.iter("input", *_SWALLOWERS)):
        if element.tag == "input" and (element.get("type") or "").lower() == "email":
            continue  # has no text, and tells what its box is for
        if element.tag != "input" and next(element.iter("p"), None) is not None:
            element.drop_tag()
        else:
            element.drop_tree()
    etree.strip_elements(root, *_JUNK, with_tail=False)
