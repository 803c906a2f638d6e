# ruff: noqa: E501 - markup is as long as it is
"""Hostile pages: what has much of one thing takes time in proportion to it, and what has too much is refused."""

from __future__ import annotations

import time

import pytest

from archive.errors import DecodeError, ExtractionError
from archive.extraction.article import Article, Page
from archive.extraction.choice import load_stoplists
from archive.extraction.extract import extract
from archive.extraction.outline import MAX_LINES
from archive.extraction.tree import MAX_ELEMENTS

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


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (b"<p>x</p>" * 6_500_000, DecodeError, "characters, over the bound"),
        (b"<html><body>" + b"<div>" * 100_000 + b"text", ExtractionError, "nest deeper than"),
        (b"<b>" * 5_000_000, ExtractionError, "nest deeper than|elements"),
    ],
    ids=["52 MB", "100,000 deep", "5,000,000 unclosed"],
)
def test_a_page_past_every_measure_is_refused_within_seconds(
    body: bytes, error: type[Exception], message: str
) -> None:
    started = time.process_time()
    with pytest.raises(error, match=message):
        extract(Page(URL, body, "text/html; charset=utf-8"))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("name", ["class", "id", "style", "data-state", "href", "itemprop", "role"])
def test_an_attribute_of_megabytes_costs_no_line(name: str) -> None:
    odd = f'<div {name}="{"share related x" * 200_000}">{"<p>word</p>" * 3}</div>'
    outcome = extract(
        Page(URL, f"<html><body>{odd}{ARTICLE}</body></html>".encode(), "text/html; charset=utf-8")
    )
    assert isinstance(outcome, Article)
    assert [line for line in BODY if line not in outcome.paragraphs] == []
