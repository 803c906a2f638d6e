from __future__ import annotations

import socket
from datetime import date, datetime
from urllib.parse import urlsplit

import pytest

from crawler.demo.edition import ExpectedArticle
from crawler.demo.server import Access, NewsroomServer

from .conftest import Fetch


def _bodies(server: NewsroomServer, fetch: Fetch) -> dict[str, bytes]:
    """Everything that the sections and feeds of all outlets lead to, by URL."""
    urls = [server.expected(slug).url for outlet in server.outlets for slug in server.slugs(outlet.name)]
    for outlet in server.newsroom.outlets:
        base_url = server.base_urls[outlet.name]
        urls += [base_url + outlet.path_of_section(section) for section in outlet.sections]
        urls += [base_url + path for path in ("/", "/robots.txt", "/style.css", outlet.feed_path)]
    return {url: fetch(url).body for url in urls}


def test_each_outlet_has_a_port_of_its_own_on_loopback(newsroom: NewsroomServer) -> None:
    assert [(outlet.name, outlet.title) for outlet in newsroom.outlets] == [
        ("harbour-courier", "The Harbour Courier"),
        ("al-marfa", "صحيفة المرفأ"),
        ("newsline-24", "Newsline 24"),
    ]
    hosts = [urlsplit(outlet.base_url) for outlet in newsroom.outlets]
    assert {host.hostname for host in hosts} == {"127.0.0.1"}
    assert len({host.port for host in hosts}) == 3


def test_the_same_edition_on_the_same_ports_is_the_same_to_the_byte(fetch: Fetch) -> None:
    with NewsroomServer() as server:
        ports = tuple(urlsplit(outlet.base_url).port or 0 for outlet in server.outlets)
        first = _bodies(server, fetch)
        assert _bodies(server, fetch) == first
    with NewsroomServer(ports=ports) as server:
        assert _bodies(server, fetch) == first


def test_the_second_edition_changes_one_article_and_adds_one_to_lists(
    newsroom: NewsroomServer, fetch: Fetch
) -> None:
    before = _bodies(newsroom, fetch)
    newsroom.edition = 2
    after = _bodies(newsroom, fetch)
    courier = newsroom.outlets[0].base_url

    assert set(after) - set(before) == {f"{courier}/2026/11/15/fog-bell-returns"}
    assert {url for url in before if before[url] != after[url]} == {
        f"{courier}/2026/11/13/storm-barrier-repairs",
        f"{courier}/",
        f"{courier}/harbour/",
        f"{courier}/rss.xml",
    }


def test_a_changed_article_is_sent_again_to_who_holds_the_first_text(
    newsroom: NewsroomServer, fetch: Fetch
) -> None:
    url = newsroom.expected("storm-barrier-repairs").url
    held = fetch(url).header
    newsroom.edition = 2

    assert fetch(url, If_None_Match=held["etag"]).status == 200
    assert fetch(url, If_Modified_Since=held["last-modified"]).status == 200


def test_an_article_of_the_second_edition_is_missing_from_the_first(
    newsroom: NewsroomServer, fetch: Fetch
) -> None:
    url = newsroom.expected("fog-bell-returns", edition=2).url

    assert fetch(url).status == 404
    newsroom.edition = 2
    assert fetch(url).status == 200


def test_an_old_address_leads_to_its_article(newsroom: NewsroomServer, fetch: Fetch) -> None:
    answer = fetch(newsroom.outlets[0].base_url + "/2026/11/13/lighthouse-lens")

    assert answer.status == 301
    assert answer.header["location"] == newsroom.expected("lighthouse-lens-restored").url


@pytest.mark.parametrize(
    ("outlet", "path", "status"),
    [
        (0, "/2026/11/12/correction-to-tide-tables", 410),
        (0, "/2026/11/12/breakfast-briefing", 404),
        (0, "/2026/11/08/budget-tables-not-for-robots", 200),
        (0, "/2026/11/13/watch-herons-on-the-dock", 200),
        (1, "/news/48120/%D8%A5%D8%B9%D9%84%D8%A7%D9%86-%D9%82%D8%AF%D9%8A%D9%85", 410),
        (2, "/2026/11/offer-of-the-week/", 404),
        (2, "/no-such-path", 404),
    ],
)
def test_odd_pages_have_their_status(
    newsroom: NewsroomServer, fetch: Fetch, outlet: int, path: str, status: int
) -> None:
    assert fetch(newsroom.outlets[outlet].base_url + path).status == status


def test_every_request_is_in_the_access_log(newsroom: NewsroomServer, fetch: Fetch) -> None:
    courier, marfa, _ = (outlet.base_url for outlet in newsroom.outlets)
    tag = fetch(f"{courier}/rss.xml").header["etag"]
    fetch(f"{courier}/rss.xml", If_None_Match=tag)
    fetch(f"{marfa}/missing", method="HEAD")

    assert newsroom.access_log == [
        Access("GET", f"{courier}/rss.xml", 200),
        Access("GET", f"{courier}/rss.xml", 304),
        Access("HEAD", f"{marfa}/missing", 404),
    ]


def test_expected_tells_what_a_page_means(newsroom: NewsroomServer) -> None:
    base_url = newsroom.outlets[2].base_url
    story = newsroom.newsroom.story("school-kitchens")

    assert newsroom.expected("school-kitchens") == ExpectedArticle(
        url=f"{base_url}/2026/11/school-kitchens/",
        headline="Pupils run the school kitchen, and the vegetables are coming back empty",
        standfirst="We cook it, so we eat it, say the twelve-year-olds of Hospital Hill",
        paragraphs=story.paragraphs,
        language="en",
        authors=(),
        date_published=datetime.fromisoformat("2026-11-12T09:20:00+00:00"),
    )
    assert newsroom.expected("relay-chess-bus").date_published == date(2026, 11, 10)


def test_expected_is_complete_and_every_page_can_be_fetched(newsroom: NewsroomServer, fetch: Fetch) -> None:
    newsroom.edition = 2
    slugs = [slug for outlet in newsroom.outlets for slug in newsroom.slugs(outlet.name)]

    assert len(slugs) == 31
    for slug in slugs:
        expected = newsroom.expected(slug)
        assert fetch(expected.url).status == 200
        assert expected.headline
        assert len(expected.paragraphs) >= 5


def test_expected_follows_the_edition(newsroom: NewsroomServer) -> None:
    first = newsroom.expected("storm-barrier-repairs")
    newsroom.edition = 2

    assert newsroom.expected("storm-barrier-repairs").paragraphs[0] != first.paragraphs[0]
    assert newsroom.expected("storm-barrier-repairs", edition=1) == first
    with pytest.raises(KeyError):
        newsroom.expected("fog-bell-returns", edition=1)


def test_another_number_of_ports_is_an_error() -> None:
    with pytest.raises(ValueError, match="2 ports for 3 outlets"):
        NewsroomServer(ports=(0, 0))


def test_a_taken_port_is_an_error_and_frees_the_others() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        NewsroomServer(ports=(0, 0, taken.getsockname()[1]))
