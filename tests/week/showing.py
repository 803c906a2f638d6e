"""Outlets of the week that show something else in place of their articles from one moment on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from crawler.demo.site import Reply
from tests.week import pages
from tests.week.outlet import HTML, WeekOutlet
from tests.week.stories import Story, at, stories


class Turning(WeekOutlet):
    """From one moment on every article is shown otherwise."""

    turns: datetime

    def article(self, story: Story, now: datetime) -> Reply:
        if now < self.turns:
            return super().article(story, now)
        page = self.instead(story, now)
        return Reply(HTTPStatus.OK, HTML, page.encode(), self.turns)

    def instead(self, story: Story, now: datetime) -> str:
        raise NotImplementedError

    def text(self, story: Story, now: datetime) -> str | None:
        return None if now >= self.turns else super().text(story, now)


class ConsentWall(Turning):
    """Asks for consent in place of every article from day 4 on."""

    name = "consent-wall"
    turns = at(4)
    wrong = (turns, "consent wall")

    def instead(self, story: Story, now: datetime) -> str:
        return pages.consent_wall(self.title)


class Layout(Turning):
    """Its pages are built by a script from day 3 on: the text is not in them any more."""

    name = "layout"
    turns = at(3)
    wrong = (turns, "layout changed")

    def instead(self, story: Story, now: datetime) -> str:
        return pages.script_built(self.title, story, now)


class Paywall(Turning):
    """Shows a paragraph and a price from day 5 on."""

    name = "paywall"
    turns = at(5)
    wrong = (turns, "paywall")

    def instead(self, story: Story, now: datetime) -> str:
        return pages.teaser(self.title, story, now)


class Undated(Turning):
    """Its pages name no date any more from day 4 on; its addresses never did."""

    name = "undated"
    turns = at(4)
    wrong = (turns, "dates missing")

    def plan(self) -> Iterable[Story]:
        for story in stories(self.name):
            yield replace(story, path="/town/" + story.path.rpartition("/")[2])

    def instead(self, story: Story, now: datetime) -> str:
        return pages.undated(self.title, story, now)

    def text(self, story: Story, now: datetime) -> str | None:
        return story.version(now).text
