"""Outlets of the week whose lists misbehave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from itertools import cycle
from urllib.parse import quote, urlsplit

from crawler.demo.site import Reply
from tests.week import lists, pages
from tests.week.outlet import FEED, HTML, SECTION, WeekOutlet
from tests.week.stories import START, Story, at, stories


class DeadFeed(WeekOutlet):
    """Its feed is not there any more from day 3 on."""

    name = "dead-feed"
    DEAD = at(3)
    wrong = (DEAD, "feed dead")

    def source(self, path: str, now: datetime) -> Reply:
        if now >= self.DEAD:
            return Reply(HTTPStatus.NOT_FOUND, HTML, b"<h1>No such page</h1>\n")
        return super().source(path, now)


class HtmlFeed(WeekOutlet):
    """Its feed becomes a page for people on day 4."""

    name = "html-feed"
    TURNS = at(4)
    wrong = (TURNS, "feed dead")

    def source(self, path: str, now: datetime) -> Reply:
        if now >= self.TURNS:
            return Reply(HTTPStatus.OK, HTML, self.section(self.listed(now)).encode())
        return super().source(path, now)

    def names(self, now: datetime) -> list[Story]:
        return super().names(now) if now < self.TURNS else []


class MovedFeed(WeekOutlet):
    """Its feed moves for good on day 2."""

    name = "moved-feed"
    MOVES = at(2)
    NEW = "/feeds/all"
    wrong = (MOVES, "moved")

    def source(self, path: str, now: datetime) -> Reply:
        if now >= self.MOVES:
            return Reply(HTTPStatus.MOVED_PERMANENTLY, HTML, b"moved\n", location=self.base_url + self.NEW)
        return super().source(path, now)

    def other(self, target: str, now: datetime) -> Reply:
        return super().source(FEED, now) if target == self.NEW else super().other(target, now)

    def names(self, now: datetime) -> list[Story]:
        return self.listed(now)


class StaleFeed(WeekOutlet):
    """Publishes nothing any more from the week's first day on; its feed goes on answering."""

    name = "stale-feed"
    wrong = (at(6), "feed stale")  # a day less than a week after its last story

    def plan(self) -> Iterable[Story]:
        return stories(self.name, backlog=8, until=0)


class Calendar(WeekOutlet):
    """Its section page links to the months of a calendar, each of which links to two more, without end."""

    name = "calendar"
    sources = (SECTION,)

    def section(self, listed: list[Story]) -> str:
        return pages.section(self.title, self.base_url, self.language, listed, self._months(2026, 3))

    def reply(self, target: str, now: datetime) -> Reply:
        parts = urlsplit(target)
        if parts.path == SECTION and parts.query.startswith("month="):
            year, _, month = parts.query.removeprefix("month=").partition("-")
            more = self._months(int(year), int(month))
            page = pages.section(self.title, self.base_url, self.language, [], more)
            return Reply(HTTPStatus.OK, HTML, page.encode(), START)
        return super().reply(target, now)

    def _months(self, year: int, month: int) -> str:
        near = [(year + (month + step - 1) // 12, (month + step - 1) % 12 + 1) for step in (-1, 1)]
        return "".join(
            f'<a href="{SECTION}?month={year}-{month:02d}">All that happened here in month {month} of {year}</a>\n'
            for year, month in near
        )


class Gigantic(WeekOutlet):
    """Its feed lists its old stories again and again under the marks of campaigns: 50,000 entries."""

    name = "gigantic"
    ENTRIES = 50_000
    _OLD = 30

    def __init__(self) -> None:
        super().__init__()
        self._old: list[str] = []

    def plan(self) -> Iterable[Story]:
        return stories(self.name, daily=1, backlog=self._OLD)

    def listed(self, now: datetime) -> list[Story]:
        return [story for story in reversed(self.stories) if story.published <= now]

    def feed(self, listed: list[Story]) -> str:
        if not self._old:
            old = [story for story in self.stories if story.published < START]
            self._old = [
                lists.item(story, f"{self.base_url}{story.path}?utm_source=feed&utm_campaign={number}")
                for number, story in zip(range(self.ENTRIES), cycle(reversed(old)), strict=False)
            ]
        new = [lists.item(story, self.base_url + story.path) for story in listed if story.published >= START]
        return lists.rss(self.title, self.language, [*new, *self._old[: self.ENTRIES - len(new)]])


class Links(WeekOutlet):
    """In Arabic. Its feed's links are relative, half encoded, somebody else's, or none at all."""

    name = "links"
    language = "ar"
    trap_url = ""

    def feed(self, listed: list[Story]) -> str:
        # By a story's place in the plan, so that its link stays what it is.
        items = [lists.item(story, self._link(self.stories.index(story), story.path)) for story in listed]
        items[2:2] = [lists.item(listed[0], link) for link in self._broken()]
        return lists.rss(self.title, self.language, items)

    def _link(self, number: int, path: str) -> str:
        forms = (
            path,
            self.base_url.removeprefix("http:") + quote(path),
            f"\n  {self.base_url}{path}#comments ",
            f"{self.base_url}{path}?utm_source=rss&fbclid=abc",
            f"..{path}",
        )
        return forms[number % len(forms)]

    def _broken(self) -> Iterator[str]:
        yield from (
            "javascript:void(0)",
            "mailto:desk@example.com",
            "",
            "http://",
            "http://[::1",
            "//",
            "#top",
        )
        yield from (
            self.trap_url,
            f"{self.trap_url}:80",
            "ftp://127.0.0.1/x",
            f"{self.base_url}/files/annual.pdf",
        )
