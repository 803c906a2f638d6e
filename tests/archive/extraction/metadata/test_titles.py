# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

import pytest

from archive.extraction.article import Page, Rules
from archive.extraction.metadata import read
from archive.extraction.metadata.titles import strip_site
from archive.extraction.tree import parse

URL = "https://www.coastdaily.example/a/1"
QUEUE = "Ferry queue reaches customs house"


def headline(head: str, body: str = "") -> str:
    root = parse(f"<html><head>{head}</head><body>{body}<p>x</p></body></html>", URL)
    assert root is not None
    return read(root, Page(URL, b""), Rules()).headline


def og(text: str) -> str:
    return f'<meta property="og:title" content="{text}">'


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
        ("", "", ""),
    ],
)  # fmt: skip
def test_the_headline_is_what_the_reader_saw(head: str, body: str, found: str) -> None:
    assert headline(head, body) == found


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        (f"{QUEUE} | Coast Daily", QUEUE),
        (f"{QUEUE} | Opinion | Whatever stands here", QUEUE),
        (f"{QUEUE} - Coast Daily", QUEUE),
        (f"Coast Daily » {QUEUE}", QUEUE),
        (f"{QUEUE} • Coast Daily - coastdaily.example", QUEUE),
        ("武汉的声音：有英勇的你-新华网", "武汉的声音：有英勇的你"),
        ("Ferry - what now?", "Ferry - what now?"),
        ("AC|DC", "AC|DC"),
    ],
)
def test_the_sites_name_goes_with_its_separator(title: str, stripped: str) -> None:
    assert strip_site(title, ["Coast Daily", "coastdaily.example", "新华网"]) == stripped
