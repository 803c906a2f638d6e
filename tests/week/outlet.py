"""An outlet of the simulated week that behaves; those of misbehaviour.py begin with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote, unquote, urlsplit

from crawler.demo.site import Reply
from tests.week import lists, pages
from tests.week.stories import START, Story, stories

FEED, SECTION, SITEMAP = "/feed.xml", "/town", "/news-sitemap.xml"
HTML, XML = "text/html; charset=utf-8", "application/rss+xml; charset=utf-8"
_LISTED = 12
_MISSING = Reply(HTTPStatus.NOT_FOUND, HTML, b"<h1>No such page</h1>\n")


class WeekOutlet:
    """What an outlet answers at any moment of the week. `base_url` is set by who serves it.

    wrong  what is wrong with it, as `tearsheet health` names it, and from when on
    """

    name = "steady"
    language = "en"
    sources: tuple[str, ...] = (FEED,)
    wrong: tuple[datetime, str] | None = None

    def __init__(self) -> None:
        self.base_url = ""
        self.stories = tuple(self.plan())
        self._by_path = {story.path: story for story in self.stories}

    @property
    def title(self) -> str:
        return f"The {self.name.title()} Gazette"

    def url(self, path: str) -> str:
        """The address of a path, as it is sent."""
        return self.base_url + quote(path)

    def plan(self) -> Iterable[Story]:
        """Its stories in the order of publication."""
        return stories(self.name, self.language)

    def listed(self, now: datetime) -> list[Story]:
        """What its lists name at a moment, the newest first."""
        return [story for story in reversed(self.stories) if story.published <= now][:_LISTED]

    def names(self, now: datetime) -> list[Story]:
        """What a client learns of its stories at a moment."""
        works = any(self.reply(source, now).status == HTTPStatus.OK for source in self.sources)
        return self.listed(now) if works else []

    def answer(self, target: str, now: datetime) -> Reply:
        """The reply to one more request. Those that count their requests begin here."""
        return self.reply(target, now)

    def reply(self, target: str, now: datetime) -> Reply:
        """The reply for a request target (path and query, percent-encoded), the same for everyone at a moment."""
        path = unquote(urlsplit(target).path)
        if path == "/robots.txt":
            return self.robots(now)
        if path in (FEED, SECTION, SITEMAP):
            return self.source(path, now)
        story = self._by_path.get(path)
        if story is None:
            return self.other(target, now)
        status = story.status(now)
        return self.article(story, now) if status == HTTPStatus.OK else Reply(status, HTML, _MISSING.body)

    def robots(self, now: datetime) -> Reply:
        return Reply(HTTPStatus.OK, "text/plain", b"User-agent: *\nDisallow: /private/\n", START)

    def source(self, path: str, now: datetime) -> Reply:
        """A feed, section page or sitemap."""
        body, content_type = {
            FEED: (self.feed, XML),
            SECTION: (self.section, HTML),
            SITEMAP: (self.sitemap, "application/xml"),
        }[path]
        listed = self.listed(now)
        changed = max((story.published for story in listed), default=START)
        return Reply(HTTPStatus.OK, content_type, body(listed).encode(), changed)

    def feed(self, listed: list[Story]) -> str:
        items = (lists.item(story, self.base_url + story.path) for story in listed)
        return lists.rss(self.title, self.language, items)

    def section(self, listed: list[Story]) -> str:
        return pages.section(self.title, self.base_url, self.language, listed)

    def sitemap(self, listed: list[Story]) -> str:
        return lists.news_sitemap(self.title, self.base_url, listed)

    def article(self, story: Story, now: datetime) -> Reply:
        related = [other for other in self.stories[:4] if other is not story][:3]
        page = pages.article(self.title, self.base_url, story, now, related)
        return Reply(HTTPStatus.OK, HTML, page.encode(), story.version(now).since)

    def other(self, target: str, now: datetime) -> Reply:
        """What is neither a list nor a story."""
        return _MISSING

    def verdict(self, now: datetime) -> str | None:
        """How it is to be judged after a crawl; None within a day after something went wrong, since it may take some
        pages to tell."""
        if self.wrong is None or now < self.wrong[0]:
            return "ok"
        return self.wrong[1] if now >= self.wrong[0] + timedelta(days=1) else None

    def text(self, story: Story, now: datetime) -> str | None:
        """The text that a correct extraction has of its page at a moment; None where it shows none."""
        return story.version(now).text
