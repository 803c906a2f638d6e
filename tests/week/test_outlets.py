"""The outlets of the week themselves: that they are what the week's test takes them for."""

from __future__ import annotations

import re

import pytest

from archive.extraction.article import Article, NoArticle, Page
from archive.extraction.extract import extract
from tests.week.listing import Gigantic, HtmlFeed
from tests.week.newsroom import all_outlets
from tests.week.outlet import FEED, WeekOutlet
from tests.week.publishing import Edits
from tests.week.serving import Blocked, Hurried
from tests.week.showing import ConsentWall, Layout, Paywall
from tests.week.stories import at

_END = at(8)


@pytest.mark.parametrize("outlet", all_outlets(), ids=lambda outlet: outlet.name)
def test_extraction_finds_the_text_of_each_version_of_each_story(outlet: WeekOutlet) -> None:
    outlet.base_url = "http://127.0.0.1:8001"
    for story in outlet.stories:
        for version in story.versions:
            reply = outlet.reply(outlet.url(story.path).removeprefix(outlet.base_url), version.since)
            text = outlet.text(story, version.since)
            if reply.status == 200 and text is not None:
                found = extract(Page(outlet.url(story.path), reply.body, reply.content_type))
                assert isinstance(found, Article)
                assert "\n\n".join((found.headline or "", *found.paragraphs)) + "\n" == text


def test_the_plan_is_the_same_each_time_and_no_two_texts_are() -> None:
    first, second = all_outlets(), all_outlets()
    assert [outlet.stories for outlet in first] == [outlet.stories for outlet in second]
    versions = [version for outlet in first for story in outlet.stories for version in story.versions]
    texts = {version.text for version in versions}
    assert len(texts) == len(versions)
    assert all(4 <= len(version.paragraphs) <= 10 for version in versions)


def test_every_outlet_has_one_name() -> None:
    names = [outlet.name for outlet in all_outlets()]
    assert len(names) == len(set(names)) >= 12


@pytest.mark.parametrize(
    ("kind", "expected"), [(ConsentWall, "consent"), (Layout, "shell"), (Paywall, "paywall")]
)
def test_what_is_shown_in_place_of_articles_is_told_from_them(kind: type[WeekOutlet], expected: str) -> None:
    outlet = kind()
    story = outlet.stories[0]
    found = extract(Page("http://127.0.0.1/x", outlet.article(story, at(6)).body))
    assert isinstance(found, NoArticle)
    assert found.kind == expected


def test_the_gigantic_feed_has_fifty_thousand_entries() -> None:
    body = Gigantic().reply(FEED, at(3)).body
    assert len(re.findall(rb"<item>", body)) == 50_000


def test_an_edited_story_reads_otherwise_from_then_on() -> None:
    story = next(story for story in Edits().stories if len(story.versions) == 3)
    first, second, third = story.versions
    assert story.version(second.since) == second
    assert story.version(_END) == third
    assert len(second.paragraphs) == len(third.paragraphs) == len(first.paragraphs) + 1
    assert third.paragraphs[1] != first.paragraphs[1]


def test_the_hurried_outlet_puts_off_each_third_request_and_answers_when_it_comes_back() -> None:
    outlet = Hurried()
    path = [story.path for story in outlet.stories[:6]]
    statuses = [outlet.answer(target, at(1)).status for target in (path[0], path[1], path[2], path[2])]
    assert statuses == [200, 200, 429, 200]
    assert outlet.answer("/robots.txt", at(1)).status == 200


def test_the_html_feed_and_the_blocked_outlet_turn_when_they_are_said_to() -> None:
    assert HtmlFeed().reply(FEED, HtmlFeed.TURNS).content_type.startswith("text/html")
    assert Blocked().reply(FEED, Blocked.TURNS).status == 403
    assert Blocked().reply("/robots.txt", Blocked.TURNS).status == 200
