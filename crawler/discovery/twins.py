"""AMP twins: two addresses of one article, where nothing in the addresses themselves says so.

A page of an outlet may name its AMP version with a link of type amphtml, and an AMP page names what it is a version of
with its canonical link (AMP HTML specification, "Required markup"). The canonical link of any other page is left aside:
too many sites put their front page there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from crawler.discovery.urls import absolute

_HEAD = 1 << 18
"""Bytes of a page in which its links are looked for: an AMP page's styles, 75,000 bytes at the most, may come first."""
_AMP = re.compile(
    rb"<html(?=[\s/])[^>]{0,1000}?\s(?:amp|\xe2\x9a\xa1(?:\xef\xb8\x8f)?)(?=[\s=/>])", re.IGNORECASE
)
_LINK = re.compile(rb"<link\s[^>]{1,8000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""\b(rel|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Twins:
    """canonical  of an AMP page: the address of the article that it is a version of
    amp        of any other page: the address of its AMP version
    """

    canonical: str | None = None
    amp: str | None = None


def twins_of(body: bytes, url: str) -> Twins:
    """What a page says of its twins, as absolute addresses; content codings must be undone."""
    head = body[:_HEAD]
    if _AMP.search(head):
        return Twins(canonical=_link(head, b"canonical", url))
    if b"amphtml" in head:
        return Twins(amp=_link(head, b"amphtml", url))
    return Twins()


def _link(head: bytes, relation: bytes, url: str) -> str | None:
    for link in _LINK.finditer(head):
        found = {
            match[1].lower(): match[2] or match[3] or match[4] or b""
            for match in _ATTRIBUTE.finditer(link[0])
        }
        if relation in found.get(b"rel", b"").lower().split() and (href := found.get(b"href")):
            return absolute(url, unescape(href.decode("utf-8", "replace")))
    return None
