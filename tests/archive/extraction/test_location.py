from __future__ import annotations

import pytest

from archive.extraction.article import Article, Page
from archive.extraction.extract import extract
from tests.archive.extraction.layouts import LAYOUTS, theme

FILE = "file:///home/reader/saved.html"
STORY = "https://www.daily.example/news/48151.html"


def url_of(head: str, url: str = FILE) -> str:
    markup = theme(LAYOUTS[0]).replace("<head>", f"<head>{head}", 1)
    assert head in markup
    outcome = extract(Page(url, markup.encode()))
    assert isinstance(outcome, Article)
    return outcome.url


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (f'<link rel="canonical" href="{STORY}">', STORY),
        (f'<meta property="og:url" content="{STORY}">', STORY),
        (f'<meta property="og:url" content="{STORY}?amp"><link rel="canonical" href="{STORY}">', STORY),
        ('<link rel="canonical" href="/news/48151.html">', FILE),
        ('<link rel="canonical" href="file:///etc/passwd">', FILE),
    ],
)
def test_a_saved_page_is_at_the_address_that_it_calls_its_own(head: str, url: str) -> None:
    assert url_of(head) == url


def test_an_address_that_is_known_goes_before_the_page_s_own_word() -> None:
    assert url_of(f'<link rel="canonical" href="{STORY}">', "https://a.example/1") == "https://a.example/1"


def test_links_of_a_saved_page_are_those_of_the_page_at_its_address() -> None:
    markup = theme(LAYOUTS[0]).replace("<head>", f'<head><link rel="canonical" href="{STORY}">', 1)
    assert extract(Page(FILE, markup.encode())) == extract(Page(STORY, markup.encode()))
