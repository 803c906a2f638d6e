from __future__ import annotations

from datetime import date

import pytest

from crawler.discovery.judgement import date_in_path, looks_like_article

HEADLINE = "Ministers meet to talk about the port"
ARABIC = "https://www.example.com/politics/وزراء-يجتمعون-اليوم-لبحث-أزمة-الميناء"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://www.example.com/2026/01/02/port-talks", None),
        ("https://www.example.com/2026/01/02/port-talks/", HEADLINE),
        ("https://www.example.com/world/2026/jan/02/ministers-meet", "Ministers"),
        ("https://www.example.com/news/2026-01-02/port", None),
        ("https://www.example.com/ministers-meet-to-talk-about-port", None),
        ("https://www.example.com/ministers-meet-port-talks", HEADLINE),
        ("https://www.example.com/world/ministers-meet-port-talks", None),
        ("https://www.example.com/world/ministers-meet-port-talks/1234567", None),
        ("https://www.example.com/world/1234567.html", HEADLINE),
        ("https://www.example.com/news/articles/c4gd7k2x9qzo", HEADLINE),
        ("https://www.example.com/show.php?id=123456", HEADLINE),
        ("https://www.example.com/?p=123456", HEADLINE),
        (ARABIC, None),
        ("https://www.example.com/politics/2026/1/2/%D9%88%D8%B2%D8%B1%D8%A7%D8%A1", None),
        ("https://www.example.com/देश/बंदरगाह-पर-मंत्रियों-की-बैठक", None),
        ("https://www.example.com/articles/ASV1X2Y3Z4W5", "港の再開をめぐり閣僚が協議、来月にも結論"),
    ],
)
def test_an_article_is_seen_by_date_slug_number_or_headline(url: str, text: str | None) -> None:
    assert looks_like_article(url, text)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://www.example.com/", "The front page of our paper"),
        ("https://www.example.com/world", "World"),
        ("https://www.example.com/world/middle-east", "Middle East"),
        ("https://www.example.com/2026/01/02/", "2 January 2026"),
        ("https://www.example.com/calendar/2026/01", None),
        ("https://www.example.com/tag/war-in-the-middle-east", "War in the Middle East today"),
        ("https://www.example.com/author/ali-hassan-al-masri-junior", "Ali Hassan"),
        ("https://www.example.com/terms-and-conditions-of-use", "Terms and conditions of use"),
        ("https://www.example.com/privacy-policy", "How we use data about you"),
        ("https://www.example.com/login?next=/2026/01/02/story", "Sign in"),
        ("https://www.example.com/world?page=2", "Older stories of this section here"),
        ("https://www.example.com/rss/2026/01/02/all", None),
        ("https://www.example.com/وسم/أزمة-الميناء-في-شهر-كانون", "أزمة الميناء في شهر كانون"),
    ],
)
def test_lists_and_services_are_no_articles(url: str, text: str | None) -> None:
    assert not looks_like_article(url, text)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2026/01/02/a", date(2026, 1, 2)),
        ("/politics/2026/1/2/a", date(2026, 1, 2)),
        ("/world/2026/Jan/02/a", date(2026, 1, 2)),
        ("/a-2026-01-02.html", date(2026, 1, 2)),
        ("/20260102/a", date(2026, 1, 2)),
        ("/1999/2026/01/02/a", date(2026, 1, 2)),
        ("/2026/02/31/a", None),
        ("/2026/01/a", None),
        ("/2026/xyz/02/a", None),
        ("/1202601021", None),
        ("/a", None),
    ],
)
def test_the_day_that_a_path_names(path: str, day: date | None) -> None:
    assert date_in_path(f"https://www.example.com{path}") == day
