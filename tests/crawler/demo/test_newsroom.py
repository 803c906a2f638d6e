from __future__ import annotations

import re
import unicodedata
from itertools import chain

import pytest
from pydantic import ValidationError

from crawler.demo.newsroom import Newsroom, Story

NEWSROOM = Newsroom.load()
STORIES = tuple(chain.from_iterable(outlet.stories for outlet in NEWSROOM.outlets))


def test_there_are_three_outlets_with_ten_stories_each_and_one_that_comes_later() -> None:
    first = {outlet.name: len(outlet.in_edition(1)) for outlet in NEWSROOM.outlets}
    second = {outlet.name: len(outlet.in_edition(2)) for outlet in NEWSROOM.outlets}

    assert first == {"harbour-courier": 10, "al-marfa": 10, "newsline-24": 10}
    assert second == {"harbour-courier": 11, "al-marfa": 10, "newsline-24": 10}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_story_is_as_extraction_gives_text(story: Story) -> None:
    texts = [story.headline, *story.paragraphs, *filter(None, [story.standfirst, story.caption])]
    texts += chain.from_iterable(revision.paragraphs for revision in story.revisions)

    assert 5 <= len(story.paragraphs) <= 12
    for text in texts:
        assert text == unicodedata.normalize("NFC", text)
        assert text == " ".join(text.split())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_story_is_written_in_its_language(story: Story) -> None:
    arabic = sum(len(re.findall("[\u0621-\u064a]", text)) for text in story.paragraphs)
    latin = sum(len(re.findall("[A-Za-z]", text)) for text in story.paragraphs)

    assert (arabic > latin) == (story.language == "ar")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_story_refers_to_paragraphs_sections_and_stories_that_exist(story: Story) -> None:
    known = {other.slug for other in STORIES}
    named = {story.republishes, story.appends, story.credit.story if story.credit else None} - {None}

    assert named <= known
    assert story.section in NEWSROOM.outlet(story.outlet).sections
    assert all(0 < number < len(story.paragraphs) for number in story.inserts)
    assert all(number < len(story.paragraphs) for number in story.quotes)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_the_outlets_pattern_knows_the_path_of_its_story(story: Story) -> None:
    outlet = NEWSROOM.outlet(story.outlet)

    assert re.search(outlet.article_pattern, outlet.path_of(story))
    assert outlet.path_of(story).isascii()


def test_slugs_and_paths_are_unique() -> None:
    assert len({story.slug for story in STORIES}) == len(STORIES)
    assert len({NEWSROOM.outlet(story.outlet).path_of(story) for story in STORIES}) == len(STORIES)


def test_one_story_changes_with_the_second_edition() -> None:
    changed = {story.slug for story in STORIES if story.in_edition(2) != story.in_edition(1)}
    story = NEWSROOM.story("storm-barrier-repairs")

    assert changed == {"storm-barrier-repairs"}
    assert story.in_edition(1) == story
    assert story.in_edition(2).paragraphs != story.paragraphs
    assert story.in_edition(2).modified > story.modified
    assert story.in_edition(3) == story.in_edition(2)


def test_a_republished_story_repeats_the_original_word_for_word() -> None:
    assert NEWSROOM.story("clinic-on-nerim").paragraphs == NEWSROOM.story("island-clinic").paragraphs


def test_the_stories_of_an_outlet_are_sorted_newest_first() -> None:
    for outlet in NEWSROOM.outlets:
        dates = [story.published for story in outlet.stories]
        assert dates == sorted(dates, reverse=True)


def test_a_misspelt_key_is_an_error() -> None:
    with pytest.raises(ValidationError, match="headlin"):
        Story(  # type: ignore[call-arg]
            slug="x",
            outlet="y",
            language="en",
            section="z",
            headlin="Typo",
            date_published=STORIES[0].date_published,
        )


def test_unknown_names_raise_key_error() -> None:
    with pytest.raises(KeyError):
        NEWSROOM.story("no-such-story")
    with pytest.raises(KeyError):
        NEWSROOM.outlet("no-such-outlet")
