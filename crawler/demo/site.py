"""Everything that an outlet serves in one edition: path -> reply."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from crawler.demo import feeds
from crawler.demo.edition import Edition
from crawler.demo.newsroom import Story
from crawler.demo.pages import article_page, odd_page, section_page
from crawler.demo.themes import Theme

_HTML = "text/html; charset=utf-8"
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630">'
    '<rect width="1200" height="630" fill="#{sky}"/>'
    '<path d="M0 430q150-60 300 0t300 0 300 0 300 0v200H0z" fill="#274b63"/></svg>\n'
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent for one path, before it is fitted to the request.

    body           the entity, without any coding
    last_modified  aware; None where the reply has no validators (RFC 9110, 8.8)
    gzip           may be sent with that content coding
    chunked        is sent with that transfer coding to HTTP/1.1 clients
    retry_after    seconds after which a client may ask again (RFC 9110, 10.2.3)
    """

    status: int
    content_type: str
    body: bytes
    last_modified: datetime | None = None
    location: str | None = None
    gzip: bool = False
    chunked: bool = False
    retry_after: int | None = None

    def etag(self, *, coded: bool) -> str:
        """A strong validator, another one for the coded entity (RFC 9110, 8.8.3.3)."""
        digest = hashlib.sha256(self.body).hexdigest()[:16]
        return f'"{digest}-gzip"' if coded else f'"{digest}"'

    def coded_body(self) -> bytes:
        """The gzip-encoded entity, the same bytes every time."""
        return gzip.compress(self.body, mtime=0)


def site(edition: Edition) -> dict[str, Reply]:
    """All replies of an outlet by decoded path. Paths that are not in it are missing (404)."""
    outlet = edition.outlet
    replies = {"/robots.txt": _reply(feeds.robots(edition), "text/plain; charset=utf-8", edition.updated)}
    replies["/style.css"] = _reply(
        Theme.load(outlet.name).stylesheet, "text/css; charset=utf-8", edition.updated
    )
    feed = feeds.rss(edition) if outlet.feed == "rss" else feeds.atom(edition)
    replies[outlet.feed_path] = _reply(feed, f"application/{outlet.feed}+xml; charset=utf-8", edition.updated)
    if outlet.news_sitemap_path:
        sitemap = feeds.news_sitemap(edition)
        replies[outlet.news_sitemap_path] = _reply(sitemap, "application/xml; charset=utf-8", edition.updated)
    replies["/"] = _reply(section_page(edition, None), _HTML, edition.updated)
    for section in outlet.sections:
        page = section_page(edition, section)
        replies[outlet.path_of_section(section)] = _reply(page, _HTML, edition.updated)
    for story in edition.stories:
        replies[unquote(outlet.path_of(story))] = _article(edition, story)
        replies[f"/images/{story.slug}.svg"] = _reply(_picture(story), "image/svg+xml", story.published)
    for odd in outlet.pages:
        replies[odd.path] = Reply(odd.status, _HTML, odd_page(edition, odd).encode())
    for path, slug in outlet.redirects.items():
        target = edition.url_of(edition.newsroom.story(slug))
        replies[path] = Reply(
            301, _HTML, f'<a href="{target}">Moved permanently</a>\n'.encode(), location=target
        )
    return replies


def _article(edition: Edition, story: Story) -> Reply:
    body = article_page(edition, story).encode(story.charset, errors="xmlcharrefreplace")
    return Reply(
        status=200,
        content_type="text/html" if story.charset_in == "meta" else f"text/html; charset={story.charset}",
        body=body,
        last_modified=story.modified,
        gzip=story.gzip,
        chunked=story.chunked,
    )


def _reply(body: str | bytes, content_type: str, last_modified: datetime) -> Reply:
    return Reply(200, content_type, body.encode() if isinstance(body, str) else body, last_modified)


def _picture(story: Story) -> str:
    return _PICTURE.format(sky=hashlib.sha256(story.slug.encode()).hexdigest()[:6])
