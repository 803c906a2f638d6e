from __future__ import annotations

import pytest

from crawler.discovery.front import Front, beside, read_front

URL = "https://www.daily.example/"
PAGE = """<!doctype html><html lang="ar-EG"><head>
<meta property="og:site_name" content=" The Daily &amp; Example ">
<title>Home - The Daily</title>
<link rel="stylesheet" href="/style.css">
<link rel="alternate" hreflang="en" href="/en/">
<link rel="alternate" type="application/rss+xml" title="All" href="/feed/">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="//feeds.example/daily.atom">
<link rel="alternate" type="application/feed+json" href="feed.json">
<link rel="alternate" type="application/rss+xml" href="/feed/#again">
</head><body>
<header><a href="/">Home</a><a href="/politics/">Politics</a>
<a href="/login">Log in</a><a href="/about-us">About</a></header>
<nav><a href="/world">World</a><a href="/world/#top">World</a><a href="/tag/sea">Sea</a><a href="/a.pdf">Paper</a>
<a href="https://shop.other.example/offers">Shop</a>
<a href="/2026/11/20/harbour-opens-again-today">Harbour opens</a></nav>
<div role="menubar"><a href="/culture/books/">Books</a><a href="/icon"><img src="/x.png" alt=""></a></div>
<p><a href="/opinion/">Opinion</a> <a href="/news.rss">RSS</a> <a href="/rss-explained">About RSS</a></p>
</body></html>"""


def test_a_front_page_names_its_outlet_its_feeds_and_its_sections() -> None:
    assert read_front(PAGE.encode(), URL) == Front(
        title="The Daily & Example",
        language="ar",
        feeds=(
            "https://www.daily.example/feed/",
            "https://feeds.example/daily.atom",
            "https://www.daily.example/feed.json",
            "https://www.daily.example/news.rss",
        ),
        sections=(
            "https://www.daily.example/politics/",
            "https://www.daily.example/world",
            "https://www.daily.example/culture/books/",
        ),
    )


def test_addresses_are_resolved_against_the_base_element() -> None:
    page = b'<base href="https://www.daily.example/ar/"><link rel=alternate type=application/rss+xml href=rss.xml>'
    assert read_front(page, URL).feeds == ("https://www.daily.example/ar/rss.xml",)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Daily | News from the coast and the islands", "The Daily"),
        ("News, sport and opinion from the coast - The Daily", "The Daily"),
        ("The Daily", "The Daily"),
        ("", None),
    ],
)
def test_without_a_site_name_the_short_end_of_the_title_is_taken(title: str, name: str | None) -> None:
    page = f"<html><head><title>{title}</title></head><body><p>Hello</p></body></html>"
    assert read_front(page.encode(), URL).title == name


def test_no_more_feeds_are_taken_than_a_person_would_look_at() -> None:
    links = "".join(f'<link rel=alternate type=application/rss+xml href="/feed/{n}">' for n in range(500))
    assert len(read_front(f"<head>{links}</head>".encode(), URL).feeds) == 10


@pytest.mark.parametrize(
    "url", ["https://x.example/ar", "https://x.example/ar/", "https://x.example/ar/home.html?a=/b"]
)
def test_common_addresses_are_in_the_folder_of_the_front_page(url: str) -> None:
    assert beside(url, ("feed/", "rss.xml")) == ("https://x.example/ar/feed/", "https://x.example/ar/rss.xml")


def test_the_root_has_its_common_addresses_below_itself() -> None:
    assert beside("https://x.example/", ("feed/",)) == ("https://x.example/feed/",)
