from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from lxml import html

from archive.errors import TearsheetError
from crawler.discovery.found import Found
from crawler.discovery.sections import MAX_LINKS, parse_section

URL = "https://www.paper.example/world"
PAGE = """
<html lang="en-GB"><head><title>World</title><link rel="next" href="/world?page=2"></head><body>
<nav><a href="/">Home</a><a href="/world">World news of the whole day</a><a href="/tag/port-talks-
in-2026">Port</a></nav> <a href="/2026/01/02/port-talks?utm_source=front"><img src="p.jpg" alt="A
harbour"></a> <h2><a href="/2026/01/02/port-talks#top">Ministers meet to talk about the
<em>port</em></a></h2> <a href="https://m.paper.example/2026/01/02/port-talks">Port</a> <article><a
href="https://sport.paper.example/matches/the-long-way-to-the-final"><span>Football</span>
  <h3>The long way to the final</h3><p>Eleven players, one bus and a very long road.</p></a></article>
<a href="/2026/01/03/budget.pdf">The whole budget as a printed file</a>
<a href="https://elsewhere.example/2026/01/03/another-paper">Another paper's story of that day</a>
<a href="mailto:editor@paper.example">Write to the editor of this page</a>
<a href="/world/1234567.html" title="A bridge is closed until the spring"><img src="b.jpg"></a>
<a>no address</a><a href="">itself</a>
</body></html>
"""


def found(url: str, title: str | None, *, date: datetime | None = None, language: str | None = "en") -> Found:
    return Found(url, date, title, language, "section")


def test_articles_are_told_from_everything_else_on_the_page() -> None:
    assert parse_section(PAGE, URL).entries == (
        found(
            "https://www.paper.example/2026/01/02/port-talks?utm_source=front",
            "Ministers meet to talk about the port",
            date=datetime(2026, 1, 2, tzinfo=UTC),
        ),
        found("https://sport.paper.example/matches/the-long-way-to-the-final", "The long way to the final"),
        found("https://www.paper.example/world/1234567.html", "A bridge is closed until the spring"),
    )


def test_a_tree_text_and_bytes_give_the_same() -> None:
    expected = parse_section(PAGE, URL).entries
    assert parse_section(html.document_fromstring(PAGE), URL).entries == expected
    assert parse_section(PAGE.encode(), URL).entries == expected


def test_patterns_decide_alone_where_there_are_any() -> None:
    patterns = [re.compile(r"^/tag/"), re.compile(r"\.html$")]
    assert [link.url for link in parse_section(PAGE, URL, patterns).entries] == [
        "https://www.paper.example/tag/port-talks-in-2026",
        "https://www.paper.example/world/1234567.html",
    ]


def test_arabic_slugs_and_encodings_are_read() -> None:
    page = (
        '<html lang="ar"><head><meta charset="windows-1256"></head><body>'
        '<a href="/politics/وزراء-يجتمعون-لبحث-أزمة-الميناء">وزراء يجتمعون لبحث أزمة الميناء</a></body></html>'
    ).encode("windows-1256")
    address = (
        "https://www.paper.example/politics/"
        "%D9%88%D8%B2%D8%B1%D8%A7%D8%A1-%D9%8A%D8%AC%D8%AA%D9%85%D8%B9%D9%88%D9%86"
        "-%D9%84%D8%A8%D8%AD%D8%AB-%D8%A3%D8%B2%D9%85%D8%A9-%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1"
    )
    assert parse_section(page, URL).entries == (
        found(address, "وزراء يجتمعون لبحث أزمة الميناء", language="ar"),
    )


def test_a_base_element_moves_relative_links() -> None:
    page = '<base href="https://www.paper.example/de/"><a href="2026/01/02/hafen" rel="next">Hafen</a>'
    assert [link.url for link in parse_section(page, URL).entries] == [
        "https://www.paper.example/de/2026/01/02/hafen"
    ]
    assert parse_section(page, URL).next_url == "https://www.paper.example/de/2026/01/02/hafen"


def test_a_local_outlet_is_its_host_and_port() -> None:
    page = (
        '<a href="/2026/01/02/a">x</a><a href="http://127.0.0.1:8002/2026/01/02/b">x</a>'
        '<a href="http://localhost:8001/2026/01/02/c">x</a>'
    )
    assert [link.url for link in parse_section(page, "http://127.0.0.1:8001/").entries] == [
        "http://127.0.0.1:8001/2026/01/02/a"
    ]


def test_links_of_one_page_are_bounded() -> None:
    page = "".join(f'<a href="/2026/01/02/story-{number}">x</a>' for number in range(MAX_LINKS + 10))
    read = parse_section(page, URL)
    assert (len(read.entries), read.cut) == (MAX_LINKS, True)
    assert not parse_section(PAGE, URL).cut


def test_an_empty_page_has_no_links() -> None:
    assert parse_section("", URL).entries == ()
    assert parse_section(b"", URL).next_url is None


def test_a_page_that_is_no_text_is_told_by_its_url() -> None:
    with pytest.raises(TearsheetError, match=r"^https://www\.paper\.example/world: "):
        parse_section(bytes(range(256)) * 20, URL)


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<link rel="next" href="/world?page=2">', "https://www.paper.example/world?page=2"),
        ('<a rel="nofollow NEXT" href="?page=3">Older</a>', "https://www.paper.example/world?page=3"),
        ('<link rel="prev" href="/world?page=1"><a href="/x">next</a>', None),
        ('<link rel="next" href="/world#more">', None),
        ('<link rel="next" href="https://elsewhere.example/2">', None),
        (
            '<link rel="next" href="javascript:more()"><a rel="next" href="/w2">',
            "https://www.paper.example/w2",
        ),
        ('<link rel="next">', None),
    ],
)
def test_the_next_page_is_another_page_of_the_same_site(markup: str, url: str | None) -> None:
    assert parse_section(f"<html><body>{markup}</body></html>", URL).next_url == url
