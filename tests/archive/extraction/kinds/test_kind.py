# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

import re

import pytest

from archive.extraction.article import NoArticle, Page
from archive.extraction.extract import extract

TEASER = '<div class="card"><h3><a href="/news/2024/03/{n:02}/the-story-of-day-{n}-in-the-harbour-{n}4811.html">The story of day {n} in the harbour of the old town</a></h3><p>What happened on day {n}, who was there and why nobody had expected it at all.</p></div>'
SECTION = "".join(TEASER.format(n=n) for n in range(1, 25))


def kind(markup: str, url: str = "https://daily.example/a/some-story-of-the-day-48151") -> str:
    outcome = extract(Page(url, markup.encode(), "text/html; charset=utf-8"))
    return outcome.kind if isinstance(outcome, NoArticle) else "article"


@pytest.mark.parametrize(
    "url", ["https://daily.example/", "https://daily.example/sport", "https://daily.example/news/world/"]
)
@pytest.mark.parametrize("head", ["", '<meta property="og:type" content="website">'])
def test_a_front_of_teasers_is_a_section(url: str, head: str) -> None:
    assert (
        kind(
            f"<html><head><title>Coast Daily</title>{head}</head><body><main>{SECTION}</main></body></html>",
            url,
        )
        == "section"
    )


def test_an_article_with_many_links_beside_it_is_an_article() -> None:
    line = "<p>The first ferry of the day left the harbour at six with only eleven passengers and a crew of four on board.</p>"
    assert (
        kind(
            f"<html><head><title>Ferry</title></head><body><article><h1>Ferry leaves early in the day</h1>{line * 6}</article><div>{SECTION}</div></body></html>"
        )
        == "article"
    )


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<title>404</title><h1>Page not found</h1><p>The page you are looking for has moved or never was here.</p>", "not-found"),
        ("<title>الساحل</title><h1>الصفحة غير موجودة</h1><p>عذرا، الصفحة التي تبحث عنها غير موجودة.</p>", "not-found"),
        ("<title>Just a moment...</title><h1>daily.example</h1><p>Verifying you are human. This may take a few seconds.</p>", "bot-wall"),
        ("<title>Coast Daily</title><div><p>We use cookies and share data with our partners.</p><p>Accept all</p><p>Reject all</p></div>", "consent"),
        ("<title>Coast Daily</title><h1>Your privacy choices</h1><p>We and our 212 partners use cookies to store and access information on your device.</p><p>You can agree, or leave.</p>", "consent"),
        ('<title>Ferry</title><meta property="og:type" content="video.other"><h1>Ferry leaves the harbour</h1><p>Watch the boat leave.</p>', "video"),
        ('<title>Ferry</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry leaves","isAccessibleForFree":false}</script><h1>Ferry leaves</h1><p>The first ferry of the day left the harbour at six with only eleven people.</p><p>To continue reading, subscribe now.</p>', "paywall"),
        ("<title>Coast Daily</title><div></div><p>Loading</p>", "empty"),
        ("<title>Coast Daily</title><div id=root></div><p>Loading</p><script src=/main.js></script>", "shell"),
        ("<title>Coast Daily</title><noscript>You need to enable JavaScript to run this app.</noscript><div id=x></div><script src=/main.js></script>", "shell"),
        ("<title>Ferry</title><script src=/a.js></script><script>self.__next_f.push([1])</script>", "shell"),
        ("<title>Ferry</title><script>window.location.replace('https://daily.example/b')</script>", "redirect"),
        ("<title>Ferry</title><meta http-equiv=refresh content='0;url=/b'>", "redirect"),
        ("<title>Live</title><script type='application/ld+json'>{\"@type\":\"VideoObject\",\"name\":\"Live\",\"publication\":{\"@type\":\"BroadcastEvent\"}}</script><h1>Live: the council meets</h1><video></video>", "video"),
        ("<title>Ferry</title><h1>Ferry leaves</h1><iframe src='https://player.example/embed/77'></iframe>", "video"),
        (f"<title>Ferry</title><script type='application/ld+json'>{{\"@type\":\"ImageGallery\"}}</script><h1>Boats</h1>{'<figure><img src=/1.jpg></figure>' * 8}", "gallery"),
        ("<title>Search results for ferry</title><h1>Search results for “ferry”</h1>" + SECTION, "search"),
    ],
)  # fmt: skip
def test_a_page_without_article_is_named(markup: str, expected: str) -> None:
    assert kind(f"<html><head></head><body>{markup}</body></html>") == expected


@pytest.mark.parametrize(
    ("url", "head", "intro"),
    [
        ("https://daily.example/tag/harbour", '<meta property="og:type" content="website">', ""),
        ("https://daily.example/author/mona-haddad", '<script type="application/ld+json">{"@type":"ProfilePage"}</script>', "<p>Mona Haddad writes about ports and ferries. She joined the paper in 2014 and lives by the sea.</p>"),
        ("https://daily.example/وسم/الميناء", '<script type="application/ld+json">{"@type":"CollectionPage"}</script>', ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("cards", [True, False])
def test_pages_of_tags_and_authors_are_sections(url: str, head: str, intro: str, cards: bool) -> None:
    titles = SECTION if cards else "".join(line for line in re.findall(r"<h3>.*?</h3>", SECTION))
    markup = (
        f"<html><head><title>Harbour</title>{head}</head><body><h1>Harbour</h1>{intro}{titles}</body></html>"
    )
    assert kind(markup, url) == "section"
