"""One edition of one outlet: what it holds, and under which URLs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from crawler.demo.newsroom import FIRST_EDITION, Newsroom, OddPage, Outlet, Story

_RELATED = 10
_MOST_READ = 5


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """What a correct extraction of an article's page gives: the text that the outlet meant, and no more.

    `date_published` is a plain date where the page names the day alone.
    """

    url: str
    headline: str
    standfirst: str | None
    paragraphs: tuple[str, ...]
    language: str
    authors: tuple[str, ...]
    date_published: datetime | date


@dataclass(frozen=True, slots=True)
class Edition:
    """An outlet as it stands in edition `number`.

    base_urls  outlet name -> scheme, host and port, without a slash at the end
    """

    newsroom: Newsroom
    outlet: Outlet
    base_urls: Mapping[str, str]
    number: int = FIRST_EDITION

    @property
    def base_url(self) -> str:
        return self.base_urls[self.outlet.name]

    @property
    def stories(self) -> tuple[Story, ...]:
        """Newest first, with the text of this edition."""
        return self.outlet.in_edition(self.number)

    @property
    def updated(self) -> datetime:
        """When the newest of its texts was written."""
        return max(story.modified for story in self.stories)

    def url_of(self, story: Story) -> str:
        """The canonical URL of a story of this outlet or of another."""
        return self.base_urls[story.outlet] + self.newsroom.outlet(story.outlet).path_of(story)

    def url_of_page(self, page: OddPage) -> str:
        return self.base_url + quote(page.path)

    def related(self, story: Story) -> tuple[Story, ...]:
        """Up to ten other stories in the same language, those that follow it in the outlet first.

        They are taken from the first edition, so that a later one leaves the other pages as they were.
        """
        own = self.outlet.in_edition(FIRST_EDITION)
        after = [number for number, other in enumerate(own, 1) if other.slug == story.slug]
        turn = after[0] if after else 0
        others = [*own[turn:], *own[:turn]]
        for name in self.outlet.aggregates:
            others.extend(self.newsroom.outlet(name).in_edition(FIRST_EDITION))
        same = [other for other in others if other.language == story.language and other.slug != story.slug]
        return tuple(same[:_RELATED])

    def most_read(self) -> tuple[Story, ...]:
        """The same five on every page and in every edition."""
        return self.outlet.in_edition(FIRST_EDITION)[:_MOST_READ]

    def expected(self, story: Story) -> ExpectedArticle:
        return ExpectedArticle(
            url=self.url_of(story),
            headline=story.headline,
            standfirst=story.standfirst,
            paragraphs=story.paragraphs,
            language=story.language,
            authors=story.authors,
            date_published=story.date_published,
        )
