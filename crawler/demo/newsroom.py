"""The invented outlets and their stories, as they are written down in `articles/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, Self
from urllib.parse import quote

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

FIRST_EDITION = 1
_STRICT_KEYS = ConfigDict(extra="forbid")  # a misspelt key in a TOML file is an error, not a default


@dataclass(frozen=True, slots=True, config=_STRICT_KEYS)
class Credit:
    """Where an aggregator says that it took a story from: a story of another outlet, or a foreign URL."""

    name: str
    wording: str
    story: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, config=_STRICT_KEYS)
class Revision:
    """A story's text from `edition` on."""

    edition: int
    date_modified: datetime
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, config=_STRICT_KEYS)
class Story:
    """One story: its text, and how the outlet lays it out and sends it.

    slug          name of the story, unique in the newsroom
    layout        which template of the outlet's theme it is set in
    inserts       number of a paragraph -> the box that interrupts the text after it
    quotes        indexes of the paragraphs that are block quotations
    republishes   slug of the story whose paragraphs it repeats word for word
    appends       slug of the story that is printed below this one, headline and all
    charset_in    where the page names its character encoding
    gzip          sent with a content coding to clients that accept it
    chunked       sent with a transfer coding, in pieces of uneven size
    since         the edition in which it first appears
    """

    slug: str
    outlet: str
    language: Literal["en", "ar"]
    section: str
    headline: str
    date_published: datetime | date
    paragraphs: tuple[str, ...] = ()
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    date_modified: datetime | None = None
    number: int = 0
    url_slug: str | None = None
    layout: str = "article"
    caption: str | None = None
    inserts: Mapping[int, str] = field(default_factory=dict)
    quotes: frozenset[int] = frozenset()
    credit: Credit | None = None
    republishes: str | None = None
    appends: str | None = None
    charset: str = "utf-8"
    charset_in: Literal["both", "header", "meta"] = "both"
    gzip: bool = False
    chunked: bool = False
    since: int = FIRST_EDITION
    revisions: tuple[Revision, ...] = ()

    @property
    def published(self) -> datetime:
        """When it was published; midnight UTC where the outlet gives the day alone."""
        if isinstance(self.date_published, datetime):
            return self.date_published
        return datetime.combine(self.date_published, time(), UTC)

    @property
    def modified(self) -> datetime:
        return self.date_modified or self.published

    def in_edition(self, edition: int) -> Story:
        """The story with the text that it has in `edition`."""
        reached = [revision for revision in self.revisions if revision.edition <= edition]
        if not reached:
            return self
        latest = max(reached, key=lambda revision: revision.edition)
        return replace(self, paragraphs=latest.paragraphs, date_modified=latest.date_modified)


@dataclass(frozen=True, slots=True, config=_STRICT_KEYS)
class OddPage:
    """A page that is linked like an article and is none: withdrawn, missing, closed to robots, or a video."""

    path: str
    title: str
    text: str
    status: int = 200
    template: str = "notice"
    section: str | None = None
    in_feed: bool = False
    disallowed: bool = False


@dataclass(frozen=True, slots=True, config=_STRICT_KEYS)
class Outlet:
    """One outlet: its paths, its sections and the stories that it ever publishes, newest first.

    redirects   path -> slug of the story that it leads to
    disallow    paths that robots.txt closes, beside those of the pages marked so
    aggregates  outlets whose stories it links to among its own
    """

    name: str
    title: str
    language: Literal["en", "ar"]
    article_path: str
    article_pattern: str
    section_path: str
    tag_path: str
    feed_path: str
    feed: Literal["rss", "atom"]
    sections: Mapping[str, str]
    more_languages: tuple[str, ...] = ()
    aggregates: tuple[str, ...] = ()
    news_sitemap_path: str | None = None
    feed_length: int = 50
    disallow: tuple[str, ...] = ()
    redirects: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[OddPage, ...] = ()
    stories: tuple[Story, ...] = ()

    def path_of(self, story: Story) -> str:
        """The story's path, percent-encoded where it is Arabic (RFC 3986, 2.5)."""
        path = self.article_path.format(
            date=story.date_published, number=story.number, slug=story.url_slug or story.slug
        )
        return quote(path)

    def path_of_section(self, section: str) -> str:
        return self.section_path.format(section=section)

    def in_edition(self, edition: int) -> tuple[Story, ...]:
        """The stories that are out in `edition`, newest first, with the text that they have in it."""
        return tuple(story.in_edition(edition) for story in self.stories if story.since <= edition)


@dataclass(frozen=True, slots=True)
class Newsroom:
    """All outlets, in the order in which they are served."""

    outlets: tuple[Outlet, ...]

    @classmethod
    @cache
    def load(cls) -> Self:
        """Read the outlets that the package carries."""
        folder = files(__package__) / "articles"
        names = ("harbour-courier", "al-marfa", "newsline-24")
        stories = {story.slug: story for name in names for story in _stories(folder / name, name)}
        outlets = []
        for name in names:
            own = [_with_text(story, stories) for story in stories.values() if story.outlet == name]
            own.sort(key=lambda story: (story.published, story.slug), reverse=True)
            outlets.append(Outlet(name=name, stories=tuple(own), **_table(folder / f"{name}.toml")))
        return cls(outlets=tuple(outlets))

    def outlet(self, name: str) -> Outlet:
        """The outlet of that name. Raises KeyError for a name that is none."""
        return {outlet.name: outlet for outlet in self.outlets}[name]

    def story(self, slug: str) -> Story:
        """The story of that slug, with its first text. Raises KeyError for a slug that is none."""
        return {story.slug: story for outlet in self.outlets for story in outlet.stories}[slug]


def _with_text(story: Story, stories: Mapping[str, Story]) -> Story:
    if story.republishes is None:
        return story
    return replace(story, paragraphs=stories[story.republishes].paragraphs)


def _stories(folder: Traversable, outlet: str) -> list[Story]:
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return [
        Story(slug=entry.name.removesuffix(".toml"), outlet=outlet, **_table(entry))
        for entry in entries
        if entry.name.endswith(".toml")
    ]


def _table(entry: Traversable) -> dict[str, Any]:
    return tomllib.loads(entry.read_text(encoding="utf-8"))
