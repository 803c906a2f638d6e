"""What a page without text offers instead: buttons, forms, players, pictures, scripts.

Only pages that look like no article are read this second time, from the bytes: by then extraction has taken out of the
tree what these lines rest on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from archive.extraction.article import Page
from archive.extraction.parsing.decode import utf8
from archive.extraction.parsing.tree import parse
from archive.extraction.wording.folding import fold

_MOUNT = re.compile(
    r"^(?:__)?(?:app|root|next|nuxt|gatsby|svelte|main)(?:[-_]?(?:app|root|mount|container))?$", re.I
)
_CHALLENGE = re.compile(r"captcha|challenge|turnstile|are-?you-?human|bot-?(?:detect|manag|protect)", re.I)
_PLAYER = re.compile(r"embed|player|video|/live", re.I)
_REFRESH = re.compile(r"^\s*(\d+)(?:\.\d*)?\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.I)
_MOVES = re.compile(r"\blocation(?:\.href)?\s*=[^=]|\blocation\.(?:replace|assign)\s*\(")
_SILENT = ("script", "style", "template", "title", "noscript")
_MOST = 20_000
_SCRIPT = 1_500
_SOON = 10
"""Seconds; who waits longer is to read the page, or to see a newer one."""


@dataclass(frozen=True, slots=True)
class Surface:
    """One reading of the page.

    said        all text, folded: title and buttons too, and what is shown where scripts don't run; at most 20,000
                characters
    shown       characters of text, title and <noscript> left out
    scripts     number of <script> elements; `mount` says that an empty element waits for what they build
    moves       whether the page sends its reader elsewhere at once, by <meta http-equiv=refresh> or by a short script
    challenge   whether a form, frame or script is named for a challenge
    """

    said: str
    shown: int
    scripts: int
    mount: bool
    moves: bool
    password: bool
    email: bool
    players: int
    images: int
    challenge: bool


def read(page: Page) -> Surface:
    """The surface of `page`, whose bytes must have been parsed without error before."""
    root = parse(utf8(page), page.url)
    if root is None:
        return Surface("", 0, 0, False, False, False, False, 0, 0, False)
    inputs = [(element.get("type") or "").lower() for element in root.iter("input")]
    moves = _refreshes(root, page.url) or _sends_on(root)
    scripts = [element for element in root.iter("script") if "json" not in (element.get("type") or "")]
    mount = any(_mounts(element) for element in root.iter("div", "main", "section"))
    players = sum(1 for _ in root.iter("video")) + sum(
        bool(_PLAYER.search(element.get("src") or element.get("data-src") or ""))
        for element in root.iter("iframe")
    )
    images = sum(1 for _ in root.iter("img"))
    challenge = any(map(_challenges, root.iter("form", "iframe", "script", "div")))
    said, shown = _texts(root)
    return Surface(
        said,
        shown,
        len(scripts),
        mount,
        moves,
        "password" in inputs,
        "email" in inputs,
        players,
        images,
        challenge,
    )


def _texts(root: HtmlElement) -> tuple[str, int]:
    """What the page says, folded, and how many characters of it stand in the body where scripts run."""
    pieces: list[str] = []
    shown = size = 0
    title = root.find(".//title")
    if title is not None and title.text:
        pieces.append(title.text)
    body = root.find("body")
    for element in (body if body is not None else root).iter():
        silent = element.tag in _SILENT
        for text in (element.text if not silent or element.tag == "noscript" else None, element.tail):
            if text and not text.isspace():
                pieces.append(text)
                shown += 0 if silent and text is element.text else len(text.strip())
                size += len(text)
        if size > _MOST:
            break
    return fold(" ".join(" ".join(pieces).split())[:_MOST]), shown


def _refreshes(root: HtmlElement, url: str) -> bool:
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh":
            found = _REFRESH.match(meta.get("content") or "")
            if found and int(found[1][:6]) <= _SOON and found[2].strip() != url:
                return True
    return False


def _sends_on(root: HtmlElement) -> bool:
    inline = [element.text or "" for element in root.iter("script") if not element.get("src")]
    return sum(map(len, inline)) < _SCRIPT and any(map(_MOVES.search, inline))


def _mounts(element: HtmlElement) -> bool:
    names = [element.get("id") or "", *(element.get("class") or "").split()]
    return any(map(_MOUNT.match, names)) and not "".join(element.itertext("*")).strip()


def _challenges(element: HtmlElement) -> bool:
    get = element.get
    return any(
        _CHALLENGE.search(value)
        for name in ("id", "class", "src", "action")
        if (value := get(name)) is not None
    )
