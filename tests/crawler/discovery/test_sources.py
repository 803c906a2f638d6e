from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.discovery.errors import DiscoveryError
from crawler.discovery.sources import Listing, lists_comments, read_source

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://www.daily.example/rss.xml"


def rss(*items: str, title: str = "Daily") -> bytes:
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'.encode()


def item(link: str, date: str = "") -> str:
    published = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><title>A story</title><link>{link}</link>{published}</item>"


def test_a_feed_lists_entries_with_its_title_and_newest_date() -> None:
    body = rss(
        item("https://www.daily.example/1", "Fri, 20 Nov 2026 10:00:00 GMT"),
        item("https://www.daily.example/2", "Sat, 21 Nov 2026 10:00:00 GMT"),
        item("https://www.daily.example/3"),
    )
    listing = read_source("feed", body, URL, "application/rss+xml")
    assert (len(listing), listing.title) == (3, "Daily")
    assert listing.newest(NOW) == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_a_date_that_lies_ahead_is_not_the_newest() -> None:
    body = rss(
        item("https://www.daily.example/1", "Fri, 20 Nov 2026 10:00:00 GMT"),
        item("https://www.daily.example/2", "Sun, 22 Nov 2037 10:00:00 GMT"),
    )
    assert read_source("feed", body, URL).newest(NOW) == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_an_index_lists_sitemaps() -> None:
    body = (
        b"<sitemapindex><sitemap><loc>https://www.daily.example/a.xml</loc>"
        b"<lastmod>2026-11-19</lastmod></sitemap></sitemapindex>"
    )
    listing = read_source("sitemap", body, "https://www.daily.example/sitemap.xml")
    assert (len(listing), len(listing.entries), len(listing.indexes)) == (1, 0, 1)
    assert listing.newest(NOW) == datetime(2026, 11, 19, tzinfo=UTC)


def test_a_section_lists_the_articles_that_it_links_to() -> None:
    page = b'<html lang="en"><p><a href="/2026/11/20/harbour-opens-again">Harbour opens again</a>'
    listing = read_source("section", page, "https://www.daily.example/news/")
    assert [entry.url for entry in listing.entries] == [
        "https://www.daily.example/2026/11/20/harbour-opens-again"
    ]
    assert listing.language == "en"


def test_what_is_no_source_of_its_kind_is_an_error() -> None:
    with pytest.raises(DiscoveryError):
        read_source("feed", b"<!doctype html><html><body><p>Hello</p></body></html>", URL)


def test_an_empty_listing_has_neither_language_nor_date() -> None:
    assert (len(Listing(())), Listing(()).language, Listing(()).newest(NOW)) == (0, None, None)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.daily.example/comments/feed/",
        "https://www.daily.example/?feed=comments-rss2",
        "https://www.daily.example/feeds/comments/default",
        "https://www.daily.example/comments.rss",
    ],
)
def test_comment_feeds_are_told_by_their_address(address: str) -> None:
    assert lists_comments(rss(item("https://www.daily.example/1")), address)


def test_comment_feeds_are_told_by_links_to_comments_in_whatever_language() -> None:
    comments = rss(*(item(f"https://www.daily.example/1#comment-{number}") for number in range(3)))
    assert lists_comments(comments, URL)


def test_feeds_of_articles_may_name_a_comment_page_or_commentary() -> None:
    articles = rss(item("https://www.daily.example/1"), item("https://www.daily.example/2#comment-7"))
    assert not lists_comments(articles, URL)
    assert not lists_comments(articles, "https://www.daily.example/commentary/feed/")
