"""Where a page that was saved to a file came from."""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement

from archive.extraction.article import Page
from archive.extraction.metadata.marks import absolute


def located(page: Page, root: HtmlElement) -> Page:
    """`page` at the address that it calls its own, where the one it has is that of a file; else as it is.

    The canonical link goes before og:url, as in the metadata.
    """
    if not page.url.startswith("file:"):
        return page
    stated = [
        link.get("href")
        for link in root.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    stated += [
        meta.get("content") for meta in root.iter("meta") if (meta.get("property") or "").lower() == "og:url"
    ]
    return next(
        (replace(page, url=url) for href in stated if href and (url := absolute(page.url, href))), page
    )
