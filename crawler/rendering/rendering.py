"""What a browser made of a page: the values that rendering hands to capture."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from archive.exchange import Exchange


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a page is rendered.

    limit       seconds that a page may take in all; what is there by then is kept
    idle        seconds without network traffic after which a page counts as loaded
    scroll      whether the page is scrolled to its end, within bounds, so that lazy content loads
    expand      whether "read more" controls are clicked
    consent     whether consent banners are closed
    block_ads   whether advertisements and trackers are kept from loading
    left_out    kinds of subresources that are not loaded: "image", "font", "media"
    screenshot  whether a full-page PNG is taken
    pdf         whether the page is printed to PDF
    user_agent  the User-Agent to send, or None for the browser's own
    """

    limit: float = 60.0
    idle: float = 1.0
    scroll: bool = True
    expand: bool = True
    consent: bool = True
    block_ads: bool = False
    left_out: frozenset[str] = frozenset()
    screenshot: bool = True
    pdf: bool = False
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Rendering:
    """A rendered page.

    url         absolute URL that was asked for, without fragment
    final_url   URL of the document in the end, without fragment
    status      HTTP status of the document, or None where none came
    started     when the browser was sent there; aware, UTC
    exchanges   all that the browser fetched for the page, in the order in which the requests went out, redirects,
                frames and workers included
    dom         the document's markup once it had settled, UTF-8, doctype included; empty where there is none
    screenshot  a PNG of the whole page, or None
    pdf         or None
    notes       what was cut short or left out, a sentence each
    failure     why the page was lost, such as a crash of its tab, or None: of a lost page there is what was fetched
    """

    url: str
    final_url: str
    status: int | None
    started: datetime
    exchanges: tuple[Exchange, ...]
    dom: bytes
    screenshot: bytes | None = None
    pdf: bytes | None = None
    notes: tuple[str, ...] = field(default=())
    failure: str | None = None
