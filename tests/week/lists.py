"""What the outlets of the week tell machines: RSS feeds and news sitemaps."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import format_datetime
from html import escape

from tests.week.stories import Story


def item(story: Story, link: str) -> str:
    """A feed's entry for a story, with a link of any kind."""
    headline = escape(story.versions[0].headline)
    return (
        f"<item><title>{headline}</title><link>{escape(link)}</link>"
        f"<pubDate>{format_datetime(story.published)}</pubDate></item>\n"
    )


def rss(title: str, language: str, items: Iterable[str]) -> str:
    """RSS 2.0."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>{escape(title)}</title><language>{language}</language>\n{''.join(items)}</channel></rss>\n"
    )


def news_sitemap(title: str, base_url: str, listed: Iterable[Story]) -> str:
    """A sitemap with the fields of news."""
    urls = "\n".join(
        f"<url><loc>{escape(base_url + story.path)}</loc><news:news><news:publication><news:name>{escape(title)}"
        f"</news:name><news:language>{story.language}</news:language></news:publication>"
        f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.versions[0].headline)}</news:title></news:news></url>"
        for story in listed
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}\n</urlset>\n'
    )
