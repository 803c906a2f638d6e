"""What an outlet tells machines: RSS 2.0 or Atom (RFC 4287), a news sitemap, robots.txt (RFC 9309)."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from crawler.demo.edition import Edition
from crawler.demo.newsroom import Story

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def rss(edition: Edition) -> str:
    """RSS 2.0, the newest stories first; then the pages that should no longer be listed, yet are."""
    outlet = edition.outlet
    stories = edition.stories[: outlet.feed_length]
    items = [_rss_item(edition, story) for story in stories]
    items += [
        f"<item><title>{escape(page.title)}</title><link>{edition.url_of_page(page)}</link>"
        f"<pubDate>{format_datetime(stories[-1].published)}</pubDate></item>"
        for page in outlet.pages
        if page.in_feed
    ]
    return (
        f'{_XML}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"<title>{escape(outlet.title)}</title><link>{edition.base_url}/</link>"
        f"<description>{escape(outlet.title)}</description><language>{outlet.language}</language>"
        f"<lastBuildDate>{format_datetime(edition.updated)}</lastBuildDate>\n"
        + "\n".join(items)
        + "\n</channel></rss>\n"
    )


def _rss_item(edition: Edition, story: Story) -> str:
    url = edition.url_of(story)
    creators = "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in story.authors)
    categories = "".join(f"<category>{escape(tag)}</category>" for tag in story.tags)
    return (
        f"<item><title>{escape(story.headline)}</title><link>{url}</link>"
        f'<guid isPermaLink="true">{url}</guid>'
        f"<pubDate>{format_datetime(story.published)}</pubDate>{creators}{categories}"
        f"<description>{escape(story.standfirst or story.paragraphs[0])}</description></item>"
    )


def atom(edition: Edition) -> str:
    """An Atom feed; its entries carry `updated` and `published`."""
    outlet = edition.outlet
    stories = edition.stories[: outlet.feed_length]
    entries = [_atom_entry(edition, story) for story in stories]
    entries += [
        f"<entry><id>{edition.url_of_page(page)}</id><title>{escape(page.title)}</title>"
        f'<link rel="alternate" href="{edition.url_of_page(page)}"/>'
        f"<updated>{stories[-1].modified.isoformat()}</updated></entry>"
        for page in outlet.pages
        if page.in_feed
    ]
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        f"<id>{edition.base_url}/</id><title>{escape(outlet.title)}</title>"
        f"<updated>{edition.updated.isoformat()}</updated>"
        f'<link rel="self" href="{edition.base_url}{outlet.feed_path}"/>\n'
        + "\n".join(entries)
        + "\n</feed>\n"
    )


def _atom_entry(edition: Edition, story: Story) -> str:
    url = edition.url_of(story)
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in story.authors)
    return (
        f"<entry><id>{url}</id><title>{escape(story.headline)}</title>"
        f'<link rel="alternate" type="text/html" href="{url}"/>{authors}'
        f"<published>{story.published.isoformat()}</published><updated>{story.modified.isoformat()}</updated>"
        f"<summary>{escape(story.standfirst or story.paragraphs[0])}</summary></entry>"
    )


def news_sitemap(edition: Edition) -> str:
    """A sitemap with the news extension (schema sitemap-news/0.9)."""
    name, language = escape(edition.outlet.title), edition.outlet.language
    urls = [
        f"<url><loc>{edition.url_of(story)}</loc><lastmod>{story.modified.isoformat()}</lastmod><news:news>"
        f"<news:publication><news:name>{name}</news:name><news:language>{language}</news:language>"
        f"</news:publication><news:publication_date>{story.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.headline)}</news:title></news:news></url>"
        for story in edition.stories
    ]
    return (
        f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n' + "\n".join(urls) + "\n</urlset>\n"
    )


def robots(edition: Edition) -> str:
    """robots.txt, for all robots alike."""
    closed = [
        *edition.outlet.disallow,
        *(quote(page.path) for page in edition.outlet.pages if page.disallowed),
    ]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    if edition.outlet.news_sitemap_path:
        lines += ["", f"Sitemap: {edition.base_url}{edition.outlet.news_sitemap_path}"]
    return "\n".join(lines) + "\n"
