"""Which addresses are an outlet's pages at all."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

from crawler.discovery.errors import UrlError
from crawler.discovery.urls import identity
from crawler.outlets.model import Outlet

logger = logging.getLogger(__name__)
_NO_PAGE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|od[tps]|rtf|epub|csv|txt|ics|vcf"
    r"|jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|heic"
    r"|mp[34]|m4[av]|m3u8?|mpe?g|mov|avi|webm|mkv|flv|wmv|og[agv]|wav|aac|flac|ts"
    r"|zip|gz|tgz|bz2|xz|7z|rar|tar|exe|dmg|apk|iso|bin"
    r"|css|m?js|map|json|xml|rss|atom|rdf|woff2?|ttf|eot|swf)/?$",
    re.IGNORECASE,
)


def is_page(url: str) -> bool:
    """Whether the path's extension allows for a page; `.pdf`, `.jpg`, `.mp4`, `.xml` and the like don't."""
    return not _NO_PAGE.search(urlsplit(url).path)


def identity_in(url: str, outlet: Outlet) -> str | None:
    """The identity of an address that a list names; None, and a line in the log, for what is not the outlet's."""
    try:
        if not in_scope(url, outlet):
            logger.info("%s: not fetched, it lies outside %s", url, outlet.name)
            return None
        return identity(url)
    except UrlError as error:
        logger.warning("%s", error)
        return None


def in_scope(url: str, outlet: Outlet) -> bool:
    """Whether the URL is http or https, on a host of the outlet, and may be a page."""
    try:
        return is_page(url) and outlet.publishes_at(url)
    except (UrlError, ValueError):
        return False  # whatever can't be read as an http(s) URL is nobody's page
