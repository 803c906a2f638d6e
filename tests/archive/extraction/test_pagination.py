from __future__ import annotations

import pytest

from archive.extraction.pagination import may_be_continued, next_page
from archive.extraction.parsing.tree import parse

STORY = "https://news.example/2026/11/harbour-report"


def following(url: str, *links: str) -> str | None:
    markup = f"<html><body><p>Text of the page.</p>{''.join(links)}</body></html>"
    root = parse(markup, url)
    assert root is not None
    found = next_page(root, url)
    assert found is None or may_be_continued(markup.encode(), url)
    return found


@pytest.mark.parametrize(
    ("url", "href", "expected"),
    [
        (STORY, "?page=2", f"{STORY}?page=2"),
        (STORY, "/2026/11/harbour-report/2/", f"{STORY}/2/"),
        (f"{STORY}/", "page/2", f"{STORY}/page/2"),
        (f"{STORY}/", f"{STORY}/seite-2", f"{STORY}/seite-2"),
        (f"{STORY}.html", f"{STORY}-2.html", f"{STORY}-2.html"),
        (f"{STORY}.html", f"{STORY},page2.html", f"{STORY},page2.html"),
        (f"{STORY}-1.html", f"{STORY}-2.html", f"{STORY}-2.html"),
        (f"{STORY}?id=7", f"{STORY}?id=7&page=2", f"{STORY}?id=7&page=2"),
        (f"{STORY}?utm_source=feed&utm_medium=rss", "?page=2", f"{STORY}?page=2"),
        (f"{STORY}?page=1", f"{STORY}?page=2", f"{STORY}?page=2"),
        (
            "https://news.example/%D8%AE%D8%A8%D8%B1",
            "/خبر?page=2#text",
            "https://news.example/%D8%AE%D8%A8%D8%B1?page=2",
        ),
    ],
)
def test_the_page_that_follows_has_the_same_address_with_the_next_number(
    url: str, href: str, expected: str
) -> None:
    assert following(url, f'<a href="{href}">2</a>') == expected


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="next" href="?page=2">Continue</a>',
        '<link rel="next" href="?page=2">',
        '<a class="pager__next" href="?page=2">weiter</a>',
        '<a aria-label="Next page" href="?page=2">&rsaquo;</a>',
        '<a href="?page=2"><span>٢</span></a>',
    ],
)
def test_a_link_says_that_it_leads_on_in_several_ways(link: str) -> None:
    assert following(STORY, link) == f"{STORY}?page=2"


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="next" href="/2026/11/another-story">Next story</a>',
        '<a href="?page=2">All comments</a>',
        '<a href="?page=3">3</a>',
        '<a href="https://elsewhere.example/2026/11/harbour-report?page=2">2</a>',
        '<a href="?page=2">3</a>',
        '<a href="mailto:desk@news.example">2</a>',
        '<a href="http://[broken/?page=2">2</a>',
    ],
)
def test_other_links_do_not_continue_the_article(link: str) -> None:
    assert following(STORY, link) is None


def test_later_pages_lead_on_from_their_own_number() -> None:
    pager = [f'<a href="?page={number}">{number}</a>' for number in (1, 2, 3)]
    assert following(f"{STORY}?page=2", *pager) == f"{STORY}?page=3"
    assert following(f"{STORY}?page=3", *pager) is None


def test_a_number_at_the_end_of_a_name_is_no_page_unless_the_first_page_is_linked() -> None:
    on = '<a rel="next" href="/stories/area-52.html">Next</a>'
    assert following("https://news.example/stories/area-51.html", on) is None
    back = '<a href="/stories/area.html">1</a>'
    assert (
        following("https://news.example/stories/area-51.html", back, on)
        == "https://news.example/stories/area-52.html"
    )


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="?page=2">2</a>',
        "<A HREF = '?page=2'>2</A>",
        '<a href="?a=it\'s&amp;page=2">2</a>',
        '<a href="?page=2&amp;utm_source=pager">2</a>',
        f'<base href="{STORY}"><a href="?q&page=2">2</a>',
        '<a href="/خبر/2">2</a>',
    ],
)
def test_bytes_tell_that_a_page_might_be_continued(markup: str) -> None:
    url = f"{STORY}?a=it's" if "it's" in markup else STORY
    assert may_be_continued(markup.encode(), url)


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="/a.js?ver=5.3.2"></script><p class="col-2" id="row_2">',
        '<a href="/section/2">Sport</a><a data-page="?page=2">2</a>',
        '<a href="https://elsewhere.example/2026/11/harbour-report?page=2">2</a>',
        '<a href="/a" title="?page=2">2</a>',
        "<p>?page=2",
    ],
)
def test_numbers_of_anything_else_are_no_sign_that_a_page_is_continued(markup: str) -> None:
    assert not may_be_continued(markup.encode(), STORY)


def test_no_page_takes_long_to_be_looked_at() -> None:
    assert may_be_continued(b'<a href="?page=2' * 10_000 + b'">', STORY)
