"""Outlets of the week whose servers misbehave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from threading import Lock
from urllib.parse import quote

from crawler.demo.site import Reply
from tests.week import pages
from tests.week.outlet import FEED, HTML, SECTION, SITEMAP, WeekOutlet
from tests.week.stories import Story, at


class Storms(WeekOutlet):
    """503 for everything during some hours, twice; the second time for robots.txt as well."""

    name = "storms"
    sources = (FEED, SITEMAP)
    FIRST = (at(1, 7), at(1, 18))
    SECOND = (at(4, 11), at(4, 17))

    def reply(self, target: str, now: datetime) -> Reply:
        first, second = (begin <= now < end for begin, end in (self.FIRST, self.SECOND))
        if second or (first and target != "/robots.txt"):
            return Reply(HTTPStatus.SERVICE_UNAVAILABLE, HTML, b"<h1>Back soon</h1>\n")
        return super().reply(target, now)

    def verdict(self, now: datetime) -> str | None:
        return "unreachable" if self.reply(FEED, now).status != HTTPStatus.OK else "ok"


class Hurried(WeekOutlet):
    """Answers every third request, robots.txt aside, by asking for a second's patience; who comes back gets it."""

    name = "hurried"
    WAIT = 1  # seconds

    def __init__(self) -> None:
        super().__init__()
        self._asked = 0
        self._put_off: set[str] = set()
        self._lock = Lock()

    def answer(self, target: str, now: datetime) -> Reply:
        if target == "/robots.txt":
            return self.reply(target, now)
        with self._lock:
            self._asked += 1
            wait = self._asked % 3 == 0 and target not in self._put_off
            self._put_off ^= {target} if wait or target in self._put_off else set()
        if wait:
            status = HTTPStatus.TOO_MANY_REQUESTS
            return Reply(status, HTML, b"<h1>Slower, please</h1>\n", retry_after=self.WAIT)
        return self.reply(target, now)


class Loops(WeekOutlet):
    """Every fifth story redirects in a circle; so does, from day 3 on, its second feed."""

    name = "loops"
    SECOND_FEED = SECTION  # an address of a list; what it holds is the feed
    LOOPS = at(3)
    wrong = (LOOPS, "unreachable")
    sources = (FEED, SECOND_FEED)

    def source(self, path: str, now: datetime) -> Reply:
        if path == self.SECOND_FEED:
            if now >= self.LOOPS:
                return _redirect(f"{self.base_url}{path}?again")
            return super().source(FEED, now)
        return super().source(path, now)

    def loops(self, story: Story) -> bool:
        return self.stories.index(story) % 5 == 3

    def article(self, story: Story, now: datetime) -> Reply:
        if self.loops(story):
            return _redirect(f"{self.base_url}{quote(story.path)}/turn")
        return super().article(story, now)

    def other(self, target: str, now: datetime) -> Reply:
        if target.endswith("/turn"):
            return _redirect(self.base_url + target.removesuffix("/turn"))
        return super().other(target, now)

    def text(self, story: Story, now: datetime) -> str | None:
        return None if self.loops(story) else super().text(story, now)


class Undermined(WeekOutlet):
    """One of its stories redirects to a server on the inside, from day 2 on."""

    name = "undermined"
    trap_url = ""
    TURNS = at(2)

    def article(self, story: Story, now: datetime) -> Reply:
        if self.turned(story, now):
            return _redirect(self.trap_url + "/secret")
        return super().article(story, now)

    def turned(self, story: Story, now: datetime) -> bool:
        return now >= self.TURNS and self.stories.index(story) % 6 == 5

    def text(self, story: Story, now: datetime) -> str | None:
        return None if self.turned(story, now) else super().text(story, now)


class Forgetful(WeekOutlet):
    """Gives nothing to ask by whether something has changed: it sends everything whole each time."""

    name = "forgetful"

    def reply(self, target: str, now: datetime) -> Reply:
        return replace(super().reply(target, now), last_modified=None)


class Blocked(WeekOutlet):
    """From day 5 on it takes the crawler for a robot, which it is: 403 for all but robots.txt."""

    name = "blocked"
    TURNS = at(5)
    wrong = (TURNS, "blocked")

    def reply(self, target: str, now: datetime) -> Reply:
        if now >= self.TURNS and target != "/robots.txt":
            return Reply(HTTPStatus.FORBIDDEN, HTML, pages.challenge(self.title).encode())
        return super().reply(target, now)


def _redirect(location: str) -> Reply:
    return Reply(HTTPStatus.FOUND, HTML, b"<p>This way.</p>\n", location=location)
