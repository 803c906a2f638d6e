from __future__ import annotations

from archive.extraction.article import Article, NoArticle, Page
from archive.extraction.extract import extract
from crawler.demo.newsroom import Newsroom
from crawler.demo.server import NewsroomServer

URL = "https://daily.example/world/"
PROSE = "The council voted for the new ferry after a debate of four hours, and the first boat sails in May."


def card(number: int) -> str:
    title = f"<h3><a href='/2026/11/1{number}/story-of-the-day'>A story of the day, number {number}</a></h3>"
    return f"<article>{title}<p>{number} {PROSE}</p></article>"


def kind(markup: str) -> str:
    outcome = extract(Page(URL, f"<html><body><h1>World</h1>{markup}</body></html>".encode()))
    assert isinstance(outcome, Article | NoArticle)
    return outcome.kind


def test_every_section_page_of_the_newsroom_is_told_from_an_article() -> None:
    server = NewsroomServer()
    try:
        kinds = {}
        for outlet in Newsroom.load().outlets:
            for key in outlet.sections:
                path = outlet.path_of_section(key)
                reply = server.reply(outlet.name, path)
                page = Page(server.base_urls[outlet.name] + path, reply.body, reply.content_type)
                kinds[outlet.name, key] = extract(page).kind
    finally:
        server.close()
    assert set(kinds.values()) == {"section"}
    assert len(kinds) > 10


def test_cards_with_linked_titles_are_a_front() -> None:
    assert kind("".join(card(number) for number in range(4))) == "section"


def test_two_cards_below_the_name_of_the_site_are_a_front() -> None:
    assert kind(f"<div>The Harbour Courier</div>{card(1)}{card(2)}") == "section"


def test_an_article_with_a_card_between_its_paragraphs_stays_an_article() -> None:
    paragraphs = "".join(f"<p>{number}. {PROSE}</p>" for number in range(6))
    assert kind(f"<div>{paragraphs}{card(7)}{paragraphs.replace('May', 'June')}</div>") == "article"


def test_titles_that_link_to_places_on_the_page_itself_make_no_front() -> None:
    entries = "".join(
        f"<section><h3><a href='#entry-{number}'>Entry of the live report, number {number}</a></h3>"
        f"<p>{number} {PROSE}</p></section>"
        for number in range(4)
    )
    assert kind(entries) == "article"


def test_an_address_that_cannot_be_parsed_is_no_story() -> None:
    odd = f"<p><a href='http://[privacy]/choices'>Your choices on privacy here</a></p><p>{PROSE} {PROSE}</p>"
    assert kind(f"<div>{odd}</div>") == "article"
