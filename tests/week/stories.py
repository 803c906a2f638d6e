"""Stories of the simulated week: generated, each with a text of its own, the same in every run."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

START = datetime(2026, 3, 2, tzinfo=UTC)
"""The first moment of the week, a Monday."""
_BACKLOG = 5  # stories of the days before it


def at(days: float = 0, hours: float = 0) -> datetime:
    """A moment so long after the week began."""
    return START + timedelta(days=days, hours=hours)


@dataclass(frozen=True, slots=True)
class Version:
    """A story's text from `since` on."""

    since: datetime
    headline: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """What a correct extraction writes."""
        return "\n\n".join((self.headline, *self.paragraphs)) + "\n"


@dataclass(frozen=True, slots=True)
class Story:
    """What an outlet publishes at `path`, and what becomes of it.

    versions      the first and its edits, in their order
    gone          when it is taken down, and with which status
    """

    path: str
    language: str
    author: str
    versions: tuple[Version, ...]
    gone: tuple[datetime, int] | None = None

    @property
    def published(self) -> datetime:
        return self.versions[0].since

    def version(self, now: datetime) -> Version:
        """As it reads at a moment after its publication."""
        return [version for version in self.versions if version.since <= now][-1]

    def status(self, now: datetime) -> int:
        """What its address answers: 404 before it is published."""
        if now < self.published:
            return 404
        return self.gone[1] if self.gone and now >= self.gone[0] else 200

    def edited(self, after: timedelta) -> Story:
        """With one more edit, so long after its publication: a paragraph more, or one that reads otherwise."""
        now, last = self.published + after, self.versions[-1]
        dice = random.Random(f"{self.path} {now}")
        new = _paragraph(dice, self.language, _topic(dice, self.language))
        if len(self.versions) % 2:
            paragraphs = (*last.paragraphs, new)
        else:
            paragraphs = (last.paragraphs[0], new, *last.paragraphs[2:])
        return replace(self, versions=(*self.versions, Version(now, last.headline, paragraphs)))

    def removed(self, after: timedelta, status: int) -> Story:
        """Taken down so long after its publication."""
        return replace(self, gone=(self.published + after, status))


def stories(
    outlet: str, language: str = "en", *, daily: int = 2, backlog: int = _BACKLOG, until: float = 7.5
) -> Iterator[Story]:
    """An outlet's stories in the order of publication: some of the days before the week, then so many each day
    of it, for `until` days."""
    dice = random.Random(outlet)
    moments = [at(hours=-5 * number - dice.random()) for number in range(backlog, 0, -1)]
    for day in range(8):
        minutes = sorted(dice.sample(range(5 * 60, 22 * 60), daily))
        moments += [at(day, minute / 60) for minute in minutes]
    headlines: set[str] = set()
    for number, moment in enumerate(moment for moment in moments if moment < at(until)):
        story = _story(random.Random(f"{outlet} {number}"), language, moment, number, headlines)
        headlines.add(story.versions[0].headline)
        yield story


def _story(dice: random.Random, language: str, moment: datetime, number: int, taken: set[str]) -> Story:
    headline = ""
    while not headline or headline in taken:
        topic = _topic(dice, language)
        headline = _filled(dice, language, _stock()[language]["headline"], topic)
    paragraphs = tuple(_paragraph(dice, language, topic) for _ in range(dice.randint(4, 8)))
    slug = "-".join(headline.lower().split())
    return Story(
        path=f"/{moment:%Y/%m/%d}/{slug}-{number:03d}",
        language=language,
        author=dice.choice(_stock()[language]["authors"]),
        versions=(Version(moment.replace(microsecond=0), headline, paragraphs),),
    )


def _topic(dice: random.Random, language: str) -> dict[str, str]:
    stock = _stock()[language]
    place, other = dice.sample(stock["places"], 2)
    chosen = {name: dice.choice(stock[f"{name}s"]) for name in ("thing", "act")}
    return {"place": place, "other": other, "body": dice.choice(stock["bodies"]), **chosen}


def _paragraph(dice: random.Random, language: str, topic: dict[str, str]) -> str:
    sentences = dice.sample(_stock()[language]["sentences"], dice.randint(2, 3))
    return " ".join(_filled(dice, language, sentence, topic) for sentence in sentences)


def _filled(dice: random.Random, language: str, sentence: str, topic: dict[str, str]) -> str:
    person = dice.choice(_stock()[language]["people"])
    return sentence.format(person=person, number=dice.randint(110, 990), small=dice.randint(3, 9), **topic)


@cache
def _stock() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("stock.toml").read_text("utf-8"))
