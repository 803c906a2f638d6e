"""Listed titles as plain text."""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize

# A tag begins with a letter, a slash or a mark right after the bracket; "5 < 6" is text.
_TAG = re.compile(r"<(?:/?([a-zA-Z][a-zA-Z0-9]*)[^<>]*|![^<>]*)>")
_BREAKING = frozenset(["br", "p", "div", "li", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "td", "tr", "hr"])
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")


def title_text(raw: str | None) -> str | None:
    """The title on one line, without markup, NFC; None if nothing is left."""
    if not raw:
        return None
    text = unescape(_TAG.sub(_gap, raw))
    return normalize("NFC", " ".join(_UNSEEN.sub("", text).split())) or None


def _gap(tag: re.Match[str]) -> str:
    return " " if (tag[1] or "").lower() in _BREAKING else ""
