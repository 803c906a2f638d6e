from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.extraction.article import Article, NoArticle, Page
from archive.extraction.explanation.explained import Explanation, Line
from archive.extraction.extract import explain, extract
from crawler.demo.server import NewsroomServer
from tests.archive.extraction.layouts import LAYOUTS, MARKUPS, Layout, soup

URL = "https://daily.example/news/2024/03/05/story-of-the-day-48151.html"
PROSE = (
    "The ferry to the islands was called off on Friday after a crack was found in its eastern ramp, the port said.",
    "Engineers will weld the ramp at night so that the morning boats can sail, which should take about two weeks.",
    "Islanders asked for a bus to the northern pier, where a smaller boat waits for those who have to be at work.",
)


def explained(markup: str) -> Explanation:
    page = Page(URL, markup.encode(), "text/html; charset=utf-8")
    explanation = explain(page)
    assert explanation.outcome == extract(page)
    return explanation


def article_of(explanation: Explanation) -> Article:
    assert isinstance(explanation.outcome, Article)
    return explanation.outcome


@pytest.mark.parametrize("markup", MARKUPS, ids=lambda markup: str(markup.__name__))
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.name))
def test_every_line_of_the_page_is_told_once_and_in_its_order(
    layout: Layout, markup: Callable[[Layout], str]
) -> None:
    explanation = explained(markup(layout))
    article = article_of(explanation)
    assert tuple(line.text for line in explanation.lines if line.verdict == "kept") == article.paragraphs
    told = iter(line.text for line in explanation.lines)
    for _, text in layout.parts:
        assert any(text in line for line in told), text


def test_dropped_lines_are_the_removed_blocks_and_those_that_nobody_chose() -> None:
    with NewsroomServer() as server:
        for story in ("island-clinic", "bottle-post", "clay-filter"):
            expected = server.expected(story)
            base = next(url for url in server.base_urls.values() if expected.url.startswith(url))
            outlet = next(name for name, url in server.base_urls.items() if url == base)
            reply = server.reply(outlet, expected.url.removeprefix(base))
            explanation = explain(Page(expected.url, reply.body, reply.content_type))
            removed = [
                (block.rule, text)
                for block in article_of(explanation).removed
                for text in block.text.split("\n")
            ]
            dropped = [(line.rule, line.text) for line in explanation.lines if line.verdict == "dropped"]
            assert [block for block in removed if block[0] != "headline.h1"] == dropped


def test_lines_dropped_as_one_block_share_its_number() -> None:
    lines = explained(soup(LAYOUTS[3])).lines
    (marker,) = [line for line in lines if line.text == "إقرأ أيضاً:"]
    block = [line for line in lines if line.group == marker.group]
    assert (marker.verdict, marker.rule) == ("dropped", "related.marker")
    assert block[1].text == "إغلاق الجسر القديم أمام الشاحنات الثقيلة"
    assert {line.rule for line in block} == {"related.marker"}


def test_a_line_that_nothing_dropped_and_nobody_chose_says_so() -> None:
    body = "".join(f"<p>{text}</p>" for text in PROSE)
    markup = f"<html><body><div>Harbour weather</div><h1>Crack in the ramp stops the ferry</h1>{body}</body></html>"
    assert tuple(replace(line, group=None) for line in explained(markup).lines) == (
        Line("Harbour weather", "dropped", "not-chosen"),
        Line("Crack in the ramp stops the ferry", "headline"),
        *(Line(text, "kept") for text in PROSE),
    )


def test_lines_that_gave_a_field_name_it() -> None:
    body = "".join(f"<p>{text}</p>" for text in PROSE)
    markup = (
        "<html><body><article><h1>Crack in the ramp stops the ferry</h1>"
        '<div class="byline">By Ana Ruiz</div><div>5 March 2024</div>'
        f"{body}<p>Source: Harbour Press Agency</p></article></body></html>"
    )
    explanation = explained(markup)
    assert {line.text: line.became for line in explanation.lines if line.became} == {
        "By Ana Ruiz": "authors",
        "5 March 2024": "date_published",
        "Source: Harbour Press Agency": "source",
    }


def test_paragraphs_that_only_the_page_s_data_hold_stand_at_the_end() -> None:
    told = " ".join(PROSE).replace('"', "")
    markup = (
        '<html><head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "Crack in the ramp", '
        f'"articleBody": "{told}"}}</script></head><body><h1>Crack in the ramp</h1><p>Loading.</p></body></html>'
    )
    explanation = explained(markup)
    assert explanation.lines[-1] == Line(told, "kept", "json-ld.article-body")
    assert article_of(explanation).paragraphs == (told,)


def test_a_page_without_an_article_has_its_lines_too() -> None:
    links = "".join(f"<li><a href=/a/{n}>Title of a story with the number {n}</a></li>" for n in range(12))
    explanation = explained(f"<html><body><h1>World</h1><ul>{links}</ul></body></html>")
    assert isinstance(explanation.outcome, NoArticle)
    assert [line.text for line in explanation.lines[:2]] == ["World", "Title of a story with the number 0"]
    assert len(explanation.lines) == 13
    assert explanation.fields == ()
    assert explain(Page(URL, b"<html></html>")).lines == ()
