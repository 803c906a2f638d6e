from __future__ import annotations

import json
import re
from itertools import chain

import pytest
from lxml import html

from crawler.demo.edition import Edition
from crawler.demo.newsroom import Newsroom, Story
from crawler.demo.pages import article_page, section_page

NEWSROOM = Newsroom.load()
BASES = {outlet.name: f"http://127.0.0.1:{port}" for port, outlet in enumerate(NEWSROOM.outlets, start=8101)}
STORIES = tuple(chain.from_iterable(outlet.stories for outlet in NEWSROOM.outlets))


def _edition(outlet: str, number: int = 1) -> Edition:
    return Edition(NEWSROOM, NEWSROOM.outlet(outlet), BASES, number)


def _page(slug: str) -> html.HtmlElement:
    story = NEWSROOM.story(slug)
    return html.document_fromstring(article_page(_edition(story.outlet), story))


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_page_holds_the_whole_text_of_its_story_in_order(story: Story) -> None:
    text = _words(_page(story.slug).text_content())

    places = [text.find(paragraph) for paragraph in story.paragraphs]
    assert -1 not in places
    assert places == sorted(places)
    assert story.headline in text
    assert story.standfirst is None or story.standfirst in text
    assert "$" not in text


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_page_carries_noise_that_is_no_part_of_its_story(story: Story) -> None:
    text = _words(_page(story.slug).text_content())
    meant = " ".join([story.headline, story.standfirst or "", *story.paragraphs])
    noise = ["© 2026", "Leave a Comment", "اترك تعليقاً", "Read also", "مقالات مشابهة", "إقرأ أيضاً:"]

    present = [words for words in noise if words in text and words not in meant]
    assert "© 2026" in present
    assert len(present) >= 2


def test_the_courier_marks_its_article_up_as_json_ld() -> None:
    page = _page("night-ferry-differences")
    value = json.loads(page.xpath('string(//script[@type="application/ld+json"])'))

    assert value["@type"] == "NewsArticle"
    assert value["headline"] == "Harbour director admits staff are divided over night ferry plan"
    assert value["datePublished"] == "2026-11-13T23:40:00+03:00"
    assert [author["name"] for author in value["author"]] == ["Mira Castellane", "Joss Arden"]
    assert value["mainEntityOfPage"] == "http://127.0.0.1:8101/2026/11/13/night-ferry-differences"


def test_the_aggregator_prints_the_date_line_hashtags_and_source_link_of_its_theme() -> None:
    page = _page("dissent-night-ferry")
    lines = [_words(paragraph.text_content()) for paragraph in page.cssselect(".entry-content p")]

    assert lines[1] == "11/14/2026-|Last update: 11/14/2026 04:01 AM (Mecca time)"
    assert lines[-2].startswith("#Dissent #inside #harbour")
    assert lines[-2].endswith("2026-11-14 00:15:45")
    assert lines[-1] == "Source link"
    assert page.xpath('//a[text()="Source link"]/@href') == [
        "http://127.0.0.1:8101/2026/11/13/night-ferry-differences"
    ]


def test_the_arabic_relay_appends_another_article_and_ten_links() -> None:
    page = _page("relay-night-ferry")
    other = NEWSROOM.story("relay-mountain-road")
    text = page.cssselect(".post-text")[0].text_content()

    own, appended = text.split("إقرأ أيضاً:")
    assert "المصدر: صحيفة المرفأ" in own
    assert "كلمات دلالية: ميناء فيلمار جزيرة نيريم" in own
    assert [line for line in appended.splitlines() if line] == [other.headline, *other.paragraphs]
    assert len(page.cssselect(".similar a")) == 10


def test_the_plain_layout_ends_in_a_bare_address() -> None:
    text = _page("relay-honey-harvest").cssselect(".post-text")[0].text_content()

    assert text.splitlines()[-1] == "https://www.al-huqul.example/2026/11/carob-honey"


@pytest.mark.parametrize(
    ("slug", "opening"),
    [
        ("night-school-reading", "Read also the second chapter, the teacher told the class"),
        ("night-school-reading", "Leave a comment in the margin,"),
        ("spring-of-the-village", "المصدر الوحيد للمياه في القرية"),
        ("spring-of-the-village", "اقرأ أيضاً ما كتبه أجدادك على الحجر،"),
    ],
)
def test_some_sentences_begin_with_the_words_of_a_marker(slug: str, opening: str) -> None:
    assert any(paragraph.startswith(opening) for paragraph in NEWSROOM.story(slug).paragraphs)


@pytest.mark.parametrize("outlet", [outlet.name for outlet in NEWSROOM.outlets])
def test_the_sections_of_an_outlet_together_list_every_story(outlet: str) -> None:
    edition = _edition(outlet, 2)
    pages = [section_page(edition, section) for section in edition.outlet.sections]
    links = set(chain.from_iterable(html.document_fromstring(page).xpath("//a/@href") for page in pages))

    moved = set(edition.outlet.redirects.values())
    assert {edition.outlet.path_of(story) for story in edition.stories if story.slug not in moved} <= links
    assert set(edition.outlet.redirects) <= links


def test_a_new_edition_leaves_the_pages_of_unchanged_stories_as_they_were() -> None:
    for outlet in NEWSROOM.outlets:
        first, second = _edition(outlet.name, 1), _edition(outlet.name, 2)
        before = {story.slug: article_page(first, story) for story in first.stories}
        after = {story.slug: article_page(second, story) for story in second.stories}

        changed = {slug for slug in before if before[slug] != after[slug]}
        assert changed == ({"storm-barrier-repairs"} if outlet.name == "harbour-courier" else set())


def test_a_cp1256_page_names_its_encoding_in_one_place_alone() -> None:
    def metas(slug: str) -> list[str]:
        story = NEWSROOM.story(slug)
        return re.findall("<meta[^>]*charset[^>]*>", article_page(_edition(story.outlet), story))

    assert metas("paper-boats") == []
    assert metas("bakery-of-the-blind-lane") == [
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">'
    ]
