from __future__ import annotations

import feedparser
from lxml import etree

from crawler.demo import feeds
from crawler.demo.edition import Edition
from crawler.demo.newsroom import Newsroom

NEWSROOM = Newsroom.load()
BASES = {outlet.name: f"http://127.0.0.1:{port}" for port, outlet in enumerate(NEWSROOM.outlets, start=8101)}


def _edition(outlet: str, number: int = 1) -> Edition:
    return Edition(NEWSROOM, NEWSROOM.outlet(outlet), BASES, number)


def test_the_couriers_rss_lists_its_six_newest_stories_and_two_dead_links() -> None:
    edition = _edition("harbour-courier")
    feed = feedparser.parse(feeds.rss(edition).encode())

    assert feed.bozo is False
    assert feed.version == "rss20"
    assert [entry.link for entry in feed.entries] == [
        *(edition.url_of(story) for story in edition.stories[:6]),
        "http://127.0.0.1:8101/2026/11/12/correction-to-tide-tables",
        "http://127.0.0.1:8101/2026/11/12/breakfast-briefing",
    ]
    assert feed.entries[0].published == "Fri, 13 Nov 2026 23:40:00 +0300"


def test_the_second_edition_puts_the_new_story_on_top_of_the_feed() -> None:
    feed = feedparser.parse(feeds.rss(_edition("harbour-courier", 2)).encode())

    assert feed.entries[0].link == "http://127.0.0.1:8101/2026/11/15/fog-bell-returns"


def test_al_marfas_atom_feed_lists_all_its_stories() -> None:
    edition = _edition("al-marfa")
    feed = feedparser.parse(feeds.atom(edition).encode())

    assert feed.bozo is False
    assert feed.version == "atom10"
    assert [entry.link for entry in feed.entries][:-1] == [edition.url_of(story) for story in edition.stories]
    assert feed.entries[0].title == "مديرة ميناء فيلمار تقرّ بوجود خلافات داخل الهيئة حول الرحلات الليلية"
    assert feed.entries[0].published == "2026-11-14T10:15:00+03:00"


def test_the_news_sitemap_lists_every_story_with_its_date() -> None:
    edition = _edition("harbour-courier", 2)
    names = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "n": "http://www.google.com/schemas/sitemap-news/0.9",
    }
    root = etree.fromstring(feeds.news_sitemap(edition).encode())

    listed = [
        (url.findtext("s:loc", None, names), url.findtext("n:news/n:publication_date", None, names))
        for url in root.iterfind("s:url", names)
    ]
    assert listed == [(edition.url_of(story), story.published.isoformat()) for story in edition.stories]


def test_robots_txt_closes_a_page_that_a_section_links_to() -> None:
    assert feeds.robots(_edition("harbour-courier")) == (
        "User-agent: *\n"
        "Disallow: /search\n"
        "Disallow: /print/\n"
        "Disallow: /2026/11/08/budget-tables-not-for-robots\n"
        "\n"
        "Sitemap: http://127.0.0.1:8101/news-sitemap.xml\n"
    )
