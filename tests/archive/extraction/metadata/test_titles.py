# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

import pytest

from archive.extraction.article import Page, Rules
from archive.extraction.metadata import read
from archive.extraction.parsing.tree import parse

URL = "https://www.coastdaily.example/a/1"
QUEUE = "Ferry queue reaches customs house"


def headline(head: str, body: str = "") -> str:
    root = parse(f"<html><head>{head}</head><body>{body}<p>x</p></body></html>", URL)
    assert root is not None
    return read(root, Page(URL, b""), Rules()).headline


def og(text: str) -> str:
    return f'<meta property="og:title" content="{text}">'


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{text}"}}</script>'


@pytest.mark.parametrize(
    ("head", "body", "found"),
    [
        (og("What we know of the ferry"), f"<h1>{QUEUE}</h1>", QUEUE),
        (og("What we know of the ferry"), "<h1>The customs house</h1>", "The customs house"),
        (og(QUEUE), "<h1>Menu</h1>", QUEUE),
        (og(QUEUE) * 1 + f"<title>{QUEUE}</title><meta name='title' content='{QUEUE}'>", "<h1>Harbour updates</h1>", QUEUE),
        (f"<title>{QUEUE} | Tales of the coast</title>", '<h1><a href="/">Tales of the coast</a></h1>', QUEUE),
        (og(QUEUE), f"<aside><h1>Most read on the coast</h1></aside><h1>{QUEUE} again</h1>", f"{QUEUE} again"),
        (og(QUEUE), f"<h1>{QUEUE}<small>Posted on July 1, 2024 by Nadia</small></h1>", QUEUE),
        (og(QUEUE), f"<h1><span>Harbour:</span> {QUEUE}</h1>", f"Harbour: {QUEUE}"),
        (og("Weekend Ferry Agent"), "<h1>WEEKEND<br>FERRY <span>AGENT</span></h1>", "Weekend Ferry Agent"),
        ("", f"<h1><style>.a{{color:red}}</style>{QUEUE}</h1>", QUEUE),
        ("", "<h1>Ferry\u00ad queue reaches cus\u00adtoms house</h1>", QUEUE),
        (og("Ferry called ") + '<title>Ferry called "hopeless" by mayor</title>', "", 'Ferry called "hopeless" by mayor'),
        (og("Ferry queue reaches…") + f"<title>{QUEUE}</title>", "", QUEUE),
        (og("Ferry &amp;amp; ramp closed"), "", "Ferry & ramp closed"),
        (og(QUEUE) + '<meta name="headline" content="Queue at the customs house">', "", "Queue at the customs house"),
        (og(QUEUE), f"<h1>News</h1><h1>{QUEUE}</h1>", QUEUE),
        (og(QUEUE) + f"<title>{QUEUE}</title><meta name='title' content='{QUEUE}'>", "<h1>HARBOUR IN SHORT</h1>", "HARBOUR IN SHORT"),
        (og(QUEUE), f"<h1>{'What the council said of the ferry on Monday. ' * 5}</h1>", QUEUE),
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_headline_is_what_the_reader_saw(head: str, body: str, found: str) -> None:
    assert headline(head, body) == found


@pytest.mark.parametrize(
    ("head", "body", "found"),
    [
        (og(QUEUE), f"<nav><ol><li><a href='/h'>Harbour</a><li><h1>Ferry news: queue in town</h1></ol></nav><h2>{QUEUE}</h2>", QUEUE),
        (ld(QUEUE) + og("Ferry news: queue in town"), f"<ol><li><h1>Ferry news: queue in town</h1></ol><h2>{QUEUE}</h2>", QUEUE),
        (og(QUEUE), f"<div class='crumbs'><h1>Ferry news: queue in town</h1></div><h2><b>Harbour</b> {QUEUE}</h2>", QUEUE),
        (og("Ferries"), f"<div class='crumbs'><h1>{QUEUE}</h1></div><h2>More from the harbour today</h2>", QUEUE),
        (og(QUEUE) + "<title>Ferry news of the week</title>", f"<h1>Ferry news of the week</h1><p>x</p><h2>{QUEUE}</h2>", QUEUE),
        (og("Ferry news of the week"), f"<h1>Ferry news of the week</h1><h2>{QUEUE}</h2>", "Ferry news of the week"),
        (og(QUEUE) + "<title>Ferry news of the week</title>", f"<h1>Ferry news of the week</h1><h2>One</h2><h2>Two</h2><h2>{QUEUE}</h2>", "Ferry news of the week"),
        (og(QUEUE) + "<title>Ferry news of the week</title>", f"<h1>Ferry news of the week</h1><aside><h2>{QUEUE}</h2></aside>", "Ferry news of the week"),
        (og(QUEUE) + "<title>Ferry news of the week</title>", f"<h1>Ferry news of the week</h1><ul><li><h2>{QUEUE}</h2></ul>", "Ferry news of the week"),
        (og(QUEUE), f"<h2>{QUEUE}</h2><h1>How the harbour master sees it</h1>", QUEUE),
    ],
)  # fmt: skip
def test_another_heading_is_the_headline_where_it_says_what_the_site_states(
    head: str, body: str, found: str
) -> None:
    assert headline(head, body) == found


KICKER = f"<h1><span class='overline'>Harbour of the coast</span> <span>{QUEUE}</span></h1>"


@pytest.mark.parametrize(
    ("head", "body", "found"),
    [
        (og(QUEUE), KICKER, QUEUE),
        ("", KICKER, QUEUE),
        (og(f"Harbour of the coast: {QUEUE}"), KICKER, f"Harbour of the coast: {QUEUE}"),
        ("", f"<h1 itemprop='headline'><i>The harbour</i><i class='hidden'> - </i><b>{QUEUE}</b></h1>", QUEUE),
        ("", f"<h1><i>The harbour</i> {QUEUE}</h1>", f"The harbour {QUEUE}"),
        ("", f"<h1><span class='label'>{QUEUE}</span> Live</h1>", f"{QUEUE} Live"),
        (og(QUEUE) + f"<title>{QUEUE}</title>", f"<h1>Blog: {QUEUE}</h1>", QUEUE),
        (og(QUEUE), f"<h1>Blog: {QUEUE}</h1>", f"Blog: {QUEUE}"),
        (og(QUEUE) + f"<title>{QUEUE}</title>", f"<h1>No {QUEUE}</h1>", f"No {QUEUE}"),
    ],
)  # fmt: skip
def test_a_kicker_stays_only_where_a_source_states_it(head: str, body: str, found: str) -> None:
    assert headline(head, body) == found


def test_a_later_heading_that_repeats_the_h1_is_not_taken_for_it() -> None:
    head = og("What we know of it") + f"<meta name='twitter:title' content='{QUEUE}'>"
    root = parse(f"<head>{head}</head><h1>{QUEUE}</h1><p>x</p><h2>{QUEUE}</h2>", URL)
    assert root is not None
    assert read(root, Page(URL, b""), Rules()).h1 is next(root.iter("h1"))
