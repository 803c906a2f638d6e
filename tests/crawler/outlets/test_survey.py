from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawler.discovery.errors import DiscoveryError
from crawler.discovery.found import Found, Origin
from crawler.discovery.front import Front
from crawler.discovery.sitemaps import ChildSitemap
from crawler.discovery.sources import Listing
from crawler.outlets.errors import OutletError
from crawler.outlets.model import Outlet
from crawler.outlets.seen import Answer
from crawler.outlets.survey import Survey, name_for

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SITE = "https://www.daily.co.uk/"


def listing(
    *urls: str, language: str | None = None, title: str | None = None, origin: Origin = "feed"
) -> Listing:
    return Listing(tuple(Found(url, NOW, None, language, origin) for url in urls), title=title)


def stories(first: int, count: int = 10, host: str = "www.daily.co.uk") -> list[str]:
    return [f"https://{host}/story/{number}" for number in range(first, first + count)]


def answer(url: str, body: bytes = b"", redirects: tuple[int, ...] = ()) -> Answer:
    return Answer(url, 200, body, redirects=redirects)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.daily.co.uk/", "daily"),
        ("https://english.alarabiya.net", "english-alarabiya"),
        ("https://m.daily.example/index.html", "daily"),
        ("https://www.france24.com/ar/", "france24-ar"),
        ("http://127.0.0.1:8701/", "127-0-0-1-8701"),
        ("https://صحيفة.example/", "xn--kgb2bxbj4d"),
        ("http://localhost/", "localhost"),
    ],
)  # fmt: skip
def test_a_name_is_made_of_host_and_first_part_of_the_path(url: str, name: str) -> None:
    made = name_for(url)
    assert made == name if not made.startswith("xn-") else made.startswith("xn-")
    assert Outlet(name=made, domains=("x.example",)).name == made


def test_an_outlet_is_made_of_what_was_kept() -> None:
    survey = Survey("daily", SITE, Front("The Daily", "en"))
    feed = "https://feeds.syndicate.example/daily"
    survey.add("feed", feed, answer(feed), listing(*stories(0), language="fr", title="RSS"), NOW)
    old = "https://www.daily.co.uk/sitemap.xml"
    new = "https://www.daily.co.uk/news.xml"
    survey.add(
        "sitemap", old, answer(new, redirects=(301,)), listing(*stories(0), origin="news-sitemap"), NOW
    )
    index = Listing((), (ChildSitemap("https://www.daily.co.uk/1.xml", None),))
    survey.add(
        "sitemap", "https://www.daily.co.uk/all.xml", answer("https://www.daily.co.uk/all.xml"), index, NOW
    )
    assert survey.made() == Outlet(
        name="daily",
        title="The Daily",
        domains=("daily.co.uk",),
        extra_hosts=("feeds.syndicate.example",),
        country="GB",
        languages=("en",),
        feeds=(feed,),
        news_sitemaps=(new,),
        sitemaps=("https://www.daily.co.uk/all.xml",),
        checked=TODAY,
    )


def test_title_and_language_are_the_feeds_where_the_front_page_says_nothing() -> None:
    survey = Survey("daily", SITE)
    feed = "https://www.daily.co.uk/feed"
    survey.add("feed", feed, answer(feed), listing(*stories(0), language="cy", title="Y Dydd"), NOW)
    outlet = survey.made()
    assert (outlet.title, outlet.languages) == ("Y Dydd", ("cy",))


def test_hosts_of_the_same_site_where_its_articles_are_become_domains() -> None:
    survey = Survey("daily", "https://english.daily.co.uk/")
    feed = "https://english.daily.co.uk/feed"
    survey.add("feed", feed, answer(feed), listing(*stories(0), *stories(0, host="news.daily.co.uk")), NOW)
    assert survey.made().domains == ("english.daily.co.uk", "daily.co.uk")


def test_feeds_of_comments_of_other_sites_and_of_the_same_articles_are_not_kept() -> None:
    survey = Survey("daily", SITE)
    verdicts = []
    for path, listed in (
        ("feed/", listing(*stories(0))),
        ("comments/feed/", listing(*stories(0))),
        ("links/feed/", listing(*stories(0, host="www.other.example"))),
        ("rss/", listing(*stories(1))),
        ("sport/feed/", listing(*stories(7))),
    ):
        feed = f"https://www.daily.co.uk/{path}"
        verdicts.append(survey.add("feed", feed, answer(feed), listed, NOW).verdict)
    assert verdicts == ["ok", "comments", "another site", "duplicate", "ok"]
    assert survey.made().feeds == (
        "https://www.daily.co.uk/feed/",
        "https://www.daily.co.uk/sport/feed/",
    )


def test_a_page_that_links_to_hardly_any_articles_is_no_section() -> None:
    survey = Survey("daily", SITE)
    few = survey.add("section", SITE, answer(SITE), listing(*stories(0, 2), origin="section"), NOW)
    assert (few.verdict, survey.has("section")) == ("empty", False)


def test_a_source_that_does_not_work_is_told_and_not_kept() -> None:
    survey = Survey("daily", SITE)
    feed = "https://www.daily.co.uk/feed"
    assert survey.add("feed", feed, Answer(feed, 404, b""), Listing(()), NOW).verdict == "not found"
    assert survey.add("feed", feed, answer(feed), DiscoveryError(feed, "no"), NOW).verdict == "not parseable"
    with pytest.raises(OutletError, match="no feed, sitemap or section page was found"):
        survey.made()
