"""What the outlets of the week publish, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import cycle

from tests.week.outlet import FEED, SECTION, SITEMAP, WeekOutlet
from tests.week.stories import Story, stories


class Steady(WeekOutlet):
    """Does nothing wrong, in three kinds of lists. From day 5 on it publishes nothing."""

    sources = (FEED, SECTION, SITEMAP)

    def plan(self) -> Iterable[Story]:
        return stories(self.name, until=5)


class Edits(WeekOutlet):
    """Edits every story: some within the hour, some after days, some twice."""

    name = "edits"
    _AFTER = ((0.5,), (5,), (20,), (120,), (4.5, 140), (5, 21), (28, 130))  # hours

    def plan(self) -> Iterable[Story]:
        for story, hours in zip(stories(self.name, daily=3), cycle(self._AFTER), strict=False):
            for after in hours:
                story = story.edited(timedelta(hours=after))
            yield story


class Deletions(WeekOutlet):
    """Takes every third story down after a while, with 404 or 410, and goes on listing it."""

    name = "deletions"
    _AFTER = (None, (20, 410), None, None, (16, 404), None)  # hours, status

    def plan(self) -> Iterable[Story]:
        for story, gone in zip(stories(self.name), cycle(self._AFTER), strict=False):
            yield story.removed(timedelta(hours=gone[0]), gone[1]) if gone else story
