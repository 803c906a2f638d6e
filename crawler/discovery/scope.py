"""Which addresses are an outlet's pages at all."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.discovery.errors import UrlError
from crawler.outlets.model import Outlet

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


def in_scope(url: str, outlet: Outlet) -> bool:
    """Whether the URL is http or https, on a host of the outlet, and may be a page."""
    try:
        return is_page(url) and outlet.publishes_at(url)
    except (UrlError, ValueError):
        return False  # whatever can't be read as an http(s) URL is nobody's page
