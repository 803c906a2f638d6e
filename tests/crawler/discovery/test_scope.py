from __future__ import annotations

import pytest

from crawler.discovery.scope import in_scope
from crawler.outlets.model import Outlet

OUTLET = Outlet(name="paper", domains=("example.com", "127.0.0.1:8001"), extra_hosts=("cdn.example.net",))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "http://www.example.com/2026/01/02/story.html",
        "https://example.com/story.php?file=a.pdf",
        "https://example.com/about-node.js-today",
        "http://127.0.0.1:8001/story",
    ],
)
def test_pages_of_the_outlet_are_in_scope(url: str) -> None:
    assert in_scope(url, OUTLET)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/report.pdf",
        "https://example.com/photo.JPG",
        "https://example.com/clip.mp4?t=3",
        "https://example.com/sitemap.xml.gz",
        "https://other.com/story",
        "https://cdn.example.net/story",
        "http://127.0.0.1:8002/story",
        "ftp://example.com/story",
        "mailto:editor@example.com",
        "https://[broken/story",
        "",
    ],
)
def test_files_and_foreign_hosts_are_out_of_scope(url: str) -> None:
    assert not in_scope(url, OUTLET)
