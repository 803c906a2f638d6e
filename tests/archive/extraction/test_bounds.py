# ruff: noqa: E501 - markup is as long as it is
"""Hostile pages: what has much of one thing takes time in proportion to it, and what has too much is refused."""

from __future__ import annotations

import time

import pytest

from archive.errors import DecodeError, ExtractionError
from archive.extraction.article import Article, Page
from archive.extraction.extract import extract
from archive.extraction.main_text.choice import load_stoplists
from archive.extraction.parsing.outline import MAX_LINES
from archive.extraction.parsing.tree import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_NAMES,
    MAX_TAGS,
    MAX_TEXT,
    parse,
)

URL = "https://daily.example/news/2024/quay-48151.html"
LINE = "The port authority said on Tuesday that the quay will stay closed until divers have looked at every pile of it. "
LINK = "<a href=/a/story-of-the-day-1>A story of the day in other words</a>"
BODY = [f"{LINE}That was number {number}." for number in range(5)]
ARTICLE = f"<article><h1>Quay stays closed while divers search</h1>{''.join(f'<p>{line}</p>' for line in BODY)}</article>"
MANY = {
    "paragraphs": "<p>word</p>",
    "long paragraphs": f"<p>{LINE}</p>",
    "links": f"<p>{LINK}</p>",
    "linked headings": f"<h3>{LINK}</h3>",
    "markers": f"<p>Read also</p><p>{LINE}</p>",
    "sources": "<p>Source: Reuters</p><p>Read also</p><p>A short line here</p>",
    "tables": "<table><tr><td>word</td></tr></table>",
    "breaks": "word<br>",
    "sentences with a link": f"<p>{LINE}<a href=/a/1>word</a></p>",
    "quotes": f"<blockquote><p>{LINE}</p></blockquote>",
    "headlines": "<h1>Heading of it</h1>",
    "captions": "<figure><figcaption>Photo of it</figcaption></figure>",
}
INSIDE = {
    "bold words": ("<p>{}</p>", "<b>word</b> "),
    "bold words in an item": ("<ul><li>{}</ul>", "<b>word</b> "),
    "spans": ("<div>{}</div>", "<span>word</span> "),
    "links in a sentence": ("<p>{}</p>", f"{LINK} and so on "),
    "cells": ("<table><tr>{}</table>", "<td>word</td>"),
    "deleted words": ("<p>{}</p>", "<del>word</del> "),
}
SHAPES = {name: ("<div>{}</div>", part) for name, part in MANY.items()} | INSIDE


def page(shape: str, count: int) -> Page:
    around, part = SHAPES[shape]
    odd = around.replace("{}", part * count)
    markup = f"<html><title>Quay stays closed while divers search</title><body>{ARTICLE}<div>{odd}</div></body></html>"
    return Page(URL, markup.encode(), "text/html; charset=utf-8")


def seconds(shape: str, count: int) -> float:
    """Processor time of extraction, the better of two."""
    taken = []
    for _ in range(2):
        started = time.process_time()
        extract(page(shape, count))
        taken.append(time.process_time() - started)
    return min(taken)


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_with_the_page_and_not_with_its_square(shape: str) -> None:
    load_stoplists()
    extract(page(shape, 100))
    # Sixteen times what four times the size would take if it were the square; five for what is in proportion.
    assert seconds(shape, 3_200) < 8 * seconds(shape, 800) + 0.1


@pytest.mark.parametrize("shape", ["links", "linked headings", "captions", "links in a sentence"])
def test_much_furniture_costs_no_line_of_the_article(shape: str) -> None:
    outcome = extract(page(shape, 2_000))
    assert isinstance(outcome, Article)
    assert [line for line in BODY if line not in outcome.paragraphs] == []


def test_more_elements_than_the_bound_are_refused() -> None:
    with pytest.raises(ExtractionError, match=rf"^{URL}: the page has more than {MAX_ELEMENTS} elements"):
        extract(page("breaks", MAX_ELEMENTS))


def test_more_lines_than_the_bound_are_refused() -> None:
    with pytest.raises(ExtractionError, match=rf"^{URL}: the page has more than {MAX_LINES} lines of text"):
        extract(page("breaks", MAX_LINES))


REFUSED = {
    "52 MB": ("<p>x</p>" * 6_500_000, DecodeError, "characters, over the bound"),
    "100,000 deep": ("<div>" * 100_000 + "text", ExtractionError, f"elements nest deeper than {MAX_DEPTH}"),
    "just too deep": (
        "<div>" * MAX_DEPTH + "text",
        ExtractionError,
        f"elements nest deeper than {MAX_DEPTH}",
    ),
    "5,000,000 unclosed": ("<b>" * 5_000_000, ExtractionError, f"tags, over the bound of {MAX_TAGS}"),
    "one line of 19 MB": ("x" * 19_000_000, ExtractionError, f"of text, over the bound of {MAX_TEXT}"),
    "a million entities": ("&nbsp;a" * MAX_TEXT, ExtractionError, f"of text, over the bound of {MAX_TEXT}"),
    "paragraphs of 19 MB": (
        f"<p>{LINE * 10}" * 9_000,
        ExtractionError,
        f"of text, over the bound of {MAX_TEXT}",
    ),
    "100,000 attributes": (
        f"<p {' '.join(f'a{number}' for number in range(100_000))}>x",
        ExtractionError,
        f"a tag has 100000 attributes, over the bound of {MAX_ATTRIBUTES}",
    ),
    "a title of 5 MB": (
        f"<title>{'.' * 5_000_000}</title>",
        ExtractionError,
        f"of text, over the bound of {MAX_TEXT}",
    ),
    "names of 18 MB": (
        "".join(f'<p class="{number} {"a-b " * 450}">x' for number in range(10_000)),
        ExtractionError,
        f"of class and id, over the bound of {MAX_NAMES}",
    ),
}


@pytest.mark.parametrize("shape", REFUSED)
def test_a_page_past_every_measure_is_refused_within_seconds(shape: str) -> None:
    markup, error, message = REFUSED[shape]
    started = time.process_time()
    with pytest.raises(error, match=rf"^{URL}: .*{message}"):
        extract(Page(URL, f"<html><body>{markup}".encode(), "text/html; charset=utf-8"))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("depth", [150, 300, 1_000, 2_000])
@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "x-y"])
def test_an_article_inside_of_deep_nesting_comes_out_whole(tag: str, depth: int) -> None:
    markup = f"<html><body>{f'<{tag}>' * depth}{ARTICLE}{f'</{tag}>' * depth}</body></html>"
    outcome = extract(Page(URL, markup.encode(), "text/html; charset=utf-8"))
    assert isinstance(outcome, Article)
    assert outcome.headline == "Quay stays closed while divers search"
    assert list(outcome.paragraphs) == BODY


def test_levelling_keeps_all_text_in_its_order_and_paragraphs_whole() -> None:
    before = [f"<div class=c{number}>before {number} " for number in range(1_500)]
    after = [f"<i>in</i> after {number}</div>behind {number} " for number in range(1_500)]
    root = parse(
        f"<html><body>{''.join(before)}<p>one <b>line</b> of text</p>{''.join(after)}</body></html>", URL
    )
    assert root is not None
    assert "".join(root.itertext()) == "".join(
        [
            *(f"before {number} " for number in range(1_500)),
            "one line of text",
            *(f"in after {number}behind {number} " for number in range(1_500)),
        ]
    )
    [paragraph] = root.iter("p")
    assert [paragraph.text, *(child.tail for child in paragraph)] == ["one ", " of text"]
    assert max(sum(1 for _ in element.iterancestors()) for element in root.iter()) < 250


NESTED = {
    "paragraphs in paragraphs": (
        "<div>",
        ("<p><button>" * 25 + "word <b>word</b> " * 25 + "</button></p>" * 25) * 100,
    ),
    "headlines around a megabyte": ("<div itemprop=headline>" * 900, f"<p>{LINE}" * 8_000),
    "authors under hundreds of levels": (
        "<div>" * 450,
        "<i itemprop=author class=author>J Smith</i>" * 20_000,
    ),
    "lists in lists around links": ("<ul><li>" * 450, "<a href=/a-b-c-d-e>Title of it</a><br>" * 9_000),
    "times under hundreds of levels": ("<div>" * 450, "<time>x</time>" * 20_000),
}


@pytest.mark.parametrize("shape", NESTED)
def test_what_stands_around_an_element_is_not_gone_through_for_each(shape: str) -> None:
    around, inside = NESTED[shape]
    markup = f"<html><body>{ARTICLE}{around}{inside}</body></html>"
    started = time.process_time()
    outcome = extract(Page(URL, markup.encode(), "text/html; charset=utf-8"))
    assert time.process_time() - started < 4
    assert isinstance(outcome, Article)


LD = "<script type=application/ld+json>"
MARKS, LIGATURE = "\u0315\u0316", "\ufdfa"
STATEMENTS = {
    "a headline of marks in JSON-LD": f'{LD}{{"@type":"NewsArticle","headline":"a{MARKS * 200_000}"}}</script>',
    "a headline of dashes in JSON-LD": f'{LD}{{"@type":"NewsArticle","headline":"{"- " * 200_000}"}}</script>',
    "a headline of dashes": f'<meta property="og:title" content="{" - " * 700_000}">',
    "a headline of full stops": f"<title>{'.' * 900_000}</title>",
    "tens of thousands of authors": f'{LD}{{"@type":"NewsArticle","author":[{",".join(["""{"name":"J Smith"}"""] * 25_000)}]}}</script>',
    "an author without end": f'<meta name=author content="{"John Smith, " * 90_000}">',
    "a date of a megabyte of digits": f'<meta name=date content="{"1" * 1_000_000}">',
    "a headline of marks on one letter": f'<meta property="og:title" content="a{MARKS * 300_000}">',
    "a headline of ligatures that fall apart": f'<meta property="og:title" content="{LIGATURE * 300_000}">',
    "an address of dots": f'<link rel=canonical href="http://{"." * 2_000_000}">',
    "ten thousand blocks": f'{LD}{{"@type":"NewsArticle","headline":"Quay stays closed"}}</script>' * 10_000,
    "a block of 19 MB": f'{LD}{{"@type":"NewsArticle","headline":"{"x " * 9_500_000}"}}</script>',
    "blocks of half a megabyte that are no JSON": f'{LD}{{"a":"{", " * 240_000}</script>' * 30,
    "a block that nests 100,000 deep": f"{LD}{'[' * 100_000}</script>",
    "a block that nests 1,000 deep": f'{LD}{{"@type":"NewsArticle","author":{"[" * 1_000}"x"{"]" * 1_000}}}</script>',
    "a string that does not end": f'{LD}{{"@type":"NewsArticle","headline":"Quay',
}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_hostile_statement_costs_seconds_at_the_most_and_no_line(statement: str) -> None:
    markup = f"<html><head>{STATEMENTS[statement]}</head><body>{ARTICLE}</body></html>"
    started = time.process_time()
    try:
        outcome = extract(Page(URL, markup.encode(), "text/html; charset=utf-8"))
    finally:
        assert time.process_time() - started < 4
    assert isinstance(outcome, Article) == (statement != "a string that does not end")
    if isinstance(outcome, Article):
        assert [line for line in BODY if line not in outcome.paragraphs] == []


@pytest.mark.parametrize(
    "href", ["http://[", "//[x]/a", "http://[<!ENTITY a 'b'>]/", "https://a:b:c/d", "\x01"]
)
def test_an_address_that_is_none_costs_nothing(href: str) -> None:
    teasers = f'<div><h3><a href="{href}">A story of the day in other words</a></h3><p>{LINE}</p></div>' * 6
    for markup in (
        f"{teasers}",
        f'<link rel=canonical href="{href}"><h1><a href="{href}">Quay</a></h1>{ARTICLE}',
    ):
        assert extract(Page(URL, f"<html><body>{markup}".encode(), "text/html; charset=utf-8")).url == URL


def test_a_page_whose_own_address_is_none_is_refused() -> None:
    with pytest.raises(ExtractionError, match=r"^http://\[/a: the page's address can't be read"):
        extract(Page("http://[/a", ARTICLE.encode(), "text/html; charset=utf-8"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a\fb", "a b"),
        ("a&#12;b", "a b"),
        ("a&#1;b", "ab"),
        ("a&#x0b;b", "ab"),
        ("a&#x1F b", "a b"),
        ("a&#xFFFF;b", "ab"),
        ("a&#65534;b", "ab"),
        ("a&#x9;b&#10;c", "a b c"),
        ("a&#146;b &#x93;c&#x94;", "a’b “c”"),
        ("a&#1575;&#31 ;&#310;", "aا ;Ķ"),
    ],
)
def test_characters_that_no_tree_may_hold_are_kept_out_of_it(written: str, read: str) -> None:
    line = "The engineers said that {} was what the sensor had sent from the quay that night, and the night before."
    markup = ARTICLE.replace("</article>", f"<p>{line.format(written)}</p></article>")
    outcome = extract(Page(URL, markup.encode(), "text/html; charset=utf-8"))
    assert isinstance(outcome, Article)
    assert outcome.paragraphs == (*BODY, line.format(read))


@pytest.mark.parametrize(
    ("before", "after"), [("<script>", "</script>"), ("<STYLE>", "</STYLE>"), ("<!--", "-->")]
)
def test_what_looks_like_a_tag_in_a_script_is_none(before: str, after: str) -> None:
    code = f"for(i=0;i<n;i++){{ {'a = b; ' * 10_000} }}"
    markup = f"<html><body>{ARTICLE}{before}{code}{after}</body></html>"
    outcome = extract(Page(URL, markup.encode(), "text/html; charset=utf-8"))
    assert isinstance(outcome, Article)
    assert list(outcome.paragraphs) == BODY


def test_a_paragraph_of_marks_costs_no_other() -> None:
    markup = f"<html><body>{ARTICLE}<p>{LINE}a{'&#789;&#790;' * 200_000}</p></body></html>"
    started = time.process_time()
    outcome = extract(Page(URL, markup.encode(), "text/html; charset=utf-8"))
    assert time.process_time() - started < 4
    assert isinstance(outcome, Article)
    assert list(outcome.paragraphs[:5]) == BODY


@pytest.mark.parametrize("tag", ["svg", "math", "frameset", "button", "select", "object"])
def test_an_element_that_was_never_closed_swallows_no_article(tag: str) -> None:
    outcome = extract(Page(URL, f"<html><body><{tag}>{ARTICLE}".encode(), "text/html; charset=utf-8"))
    assert isinstance(outcome, Article)
    assert list(outcome.paragraphs) == BODY


@pytest.mark.parametrize("name", ["class", "id", "style", "data-state", "href", "itemprop", "role"])
def test_an_attribute_of_megabytes_costs_no_line(name: str) -> None:
    odd = f'<div {name}="{"share related x" * 200_000}">{"<p>word</p>" * 3}</div>'
    outcome = extract(
        Page(URL, f"<html><body>{odd}{ARTICLE}</body></html>".encode(), "text/html; charset=utf-8")
    )
    assert isinstance(outcome, Article)
    assert [line for line in BODY if line not in outcome.paragraphs] == []
