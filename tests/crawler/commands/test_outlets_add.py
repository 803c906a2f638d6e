from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from archive.collection import Collection
from crawler.demo.server import NewsroomServer
from crawler.outlets.loader import load_own_outlets
from crawler.outlets.model import Outlet
from tests.command import Done, tearsheet
from tests.origin.oddities import plain
from tests.origin.server import Answer, Asked, Origin, Script

IN_NOVEMBER = {"TEARSHEET_CLOCK": "tests.crawler.clocks.fixed", "TEARSHEET_NOW": "2026-11-20T12:00:00+00:00"}
"""A day on which the newsroom has been silent for less than a week."""
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
MISSING = Answer((plain(b"no such page", status=b"404 Not Found"),))


def page(head: str = "", body: str = "") -> Script:
    return Answer(
        (plain(f'<!doctype html><html lang="ar"><head>{head}</head><body>{body}</body></html>'.encode()),)
    )


def feed(prefix: str, mark: str = "", count: int = 8) -> Script:
    def answer(asked: Asked) -> Answer:
        items = "".join(
            f"<item><title>Story</title><link>{asked.base}/{prefix}/{number}{mark}</link>"
            f"<pubDate>{format_datetime(YESTERDAY)}</pubDate></item>"
            for number in range(count)
        )
        channel = f'<rss version="2.0"><channel><title>The Origin</title>{items}</channel></rss>'
        return Answer((plain(channel.encode()),))

    return answer


def sitemap(root: str, entry: str, *paths: str, more: str = "") -> Script:
    def answer(asked: Asked) -> Answer:
        entries = "".join(f"<{entry}><loc>{asked.base}{path}</loc>{more}</{entry}>" for path in paths)
        return Answer((plain(f'<{root} xmlns:news="n">{entries}</{root}>'.encode()),))

    return answer


def robots(*lines: str) -> Script:
    return lambda asked: Answer((plain("\n".join(lines).replace("BASE", asked.base).encode()),))


@pytest.fixture
def newsroom() -> Iterator[NewsroomServer]:
    with NewsroomServer() as server:
        yield server


def add(url: str, cwd: Path, *options: str, env: dict[str, str] | None = None) -> Done:
    return tearsheet("outlets", "add", url, "--delay", "0", *options, cwd=cwd, env=env)


def made(cwd: Path, folder: str = "outlets") -> Outlet:
    (outlet,) = load_own_outlets([cwd / folder])
    return outlet


def asked(origin: Origin) -> list[str]:
    return [served.path for served in origin.served]


def test_an_entry_is_written_of_what_front_page_and_robots_txt_name(
    newsroom: NewsroomServer, tmp_path: Path
) -> None:
    base = newsroom.base_urls["harbour-courier"]
    done = add(f"{base}/", tmp_path, "--name", "courier", env=IN_NOVEMBER)
    assert (done.status, made(tmp_path)) == (
        0,
        Outlet(
            name="courier",
            title="The Harbour Courier",
            domains=(base.removeprefix("http://"),),
            languages=("en",),
            feeds=(f"{base}/rss.xml",),
            news_sitemaps=(f"{base}/news-sitemap.xml",),
            checked=date(2026, 11, 20),
        ),
    )
    # Nothing is asked for twice, and no common address while those that are named work.
    assert Counter(access.url.removeprefix(base) for access in newsroom.access_log) == Counter(
        ["/robots.txt", "/", "/rss.xml", "/news-sitemap.xml"]
    )
    header, *rows, last = done.out.splitlines()
    assert header.split() == ["source", "lists", "newest", "verdict", "address"]
    assert [row.split()[-1] for row in rows] == [f"{base}/rss.xml", f"{base}/news-sitemap.xml"]
    assert [row.split()[-3] for row in rows] == ["2026-11-13", "2026-11-13"]
    assert last.startswith("written to outlets/courier.toml; `tearsheet crawl courier ")
    with Collection(tmp_path / "collections", "outlets-check") as collection:
        assert len(list(collection.captures())) == 4


def test_the_entry_can_be_crawled(newsroom: NewsroomServer, tmp_path: Path) -> None:
    add(newsroom.base_urls["newsline-24"], tmp_path, "--name", "newsline")
    with (tmp_path / "outlets/newsline.toml").open("a") as file:
        file.write("delay = 0.0\n")
    done = tearsheet("crawl", "newsline", "--max-pages", "3", "--json", cwd=tmp_path)
    assert len(done.articles) >= 1


def test_an_outlet_of_the_same_name_is_kept_unless_forced(newsroom: NewsroomServer, tmp_path: Path) -> None:
    base = newsroom.base_urls["al-marfa"]
    (tmp_path / "outlets").mkdir()
    own = '[[outlet]]\nname = "marfa"\ndomains = ["marfa.example"]\n'
    (tmp_path / "outlets/marfa.toml").write_text(own)
    done = add(base, tmp_path, "--name", "marfa")
    assert (done.status, done.out, newsroom.access_log) == (1, "", [])
    assert done.err.startswith('tearsheet: outlets/marfa.toml has an outlet "marfa" already; ')
    assert (tmp_path / "outlets/marfa.toml").read_text() == own
    assert add(base, tmp_path, "--name", "marfa", "--force").status == 0
    assert (made(tmp_path).title, made(tmp_path).languages) == ("صحيفة المرفأ", ("ar",))


def test_comment_feeds_are_left_out_and_a_news_sitemap_is_found_in_an_index(tmp_path: Path) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    news = "<news:news><news:title>Story</news:title></news:news>"
    scripts: dict[str, Script] = {
        "/": page(link.format("/feed/") + link.format("/discussion/") + '<meta property="og:site_name" content="أصل">'),
        "/robots.txt": robots("User-agent: *", "Sitemap: BASE/sitemap_index.xml", "Sitemap: BASE/sport.rss"),
        "/sport.rss": feed("sport"),
        "/feed/": feed("story"),
        "/discussion/": feed("story", "#comment-1"),
        "/sitemap_index.xml": sitemap("sitemapindex", "sitemap", "/post-sitemap.xml", "/news-sitemap-1.xml"),
        "/news-sitemap-1.xml": sitemap("urlset", "url", "/story/1", more=news),
        "*": MISSING,
    }  # fmt: skip
    with Origin(scripts) as origin:
        done = add(origin.url("/"), tmp_path, "--json", "--outlets", "mine")
        outlet = made(tmp_path, "mine")
        assert (outlet.title, outlet.feeds, outlet.news_sitemaps, outlet.sitemaps) == (
            "أصل",
            (origin.url("/feed/"), origin.url("/sport.rss")),
            (origin.url("/news-sitemap-1.xml"),),
            (origin.url("/sitemap_index.xml"),),
        )
        verdicts = {row["url"]: row["verdict"] for row in done.rows[:-1]}
        assert verdicts[origin.url("/discussion/")] == "comments"
        assert done.rows[-1] == {
            "outlet": outlet.model_dump(mode="json"),
            "file": f"mine/127-0-0-1-{origin.port}.toml",
        }


def test_common_addresses_are_tried_until_one_works(tmp_path: Path) -> None:
    scripts = {
        "/": page("<title>The Origin</title>"),
        "/rss": feed("story"),
        "/atom.xml": feed("other"),
        "*": MISSING,
    }
    with Origin(scripts) as origin:
        done = add(origin.url("/"), tmp_path)
        assert made(tmp_path).feeds == (origin.url("/rss"),)
        assert asked(origin)[:5] == ["/robots.txt", "/", "/feed/", "/rss.xml", "/rss"]
        assert "/atom.xml" not in asked(origin)
    assert done.out.splitlines()[-2] == "nothing at 9 other addresses"


def test_sections_of_the_navigation_serve_where_there_is_no_feed(tmp_path: Path) -> None:
    links = "".join(
        f'<a href="/2026/11/2{n}/the-harbour-opens-again">The harbour opens again</a>' for n in range(4)
    )
    scripts = {
        "/": page(body=f'<nav><a href="/news/">News</a><a href="/shop">Shop</a></nav>{links}'),
        "/news/": page(body=links.replace("harbour", "station")),
        "*": MISSING,
    }
    with Origin(scripts) as origin:
        assert add(origin.url("/"), tmp_path).status == 0
        assert made(tmp_path).sections == (origin.url("/"), origin.url("/news/"))


def test_a_feed_may_be_given_in_place_of_the_front_page(tmp_path: Path) -> None:
    scripts = {"/some/feed": feed("story"), "/": page("<title>The Origin</title>"), "*": MISSING}
    with Origin(scripts) as origin:
        assert add(origin.url("/some/feed"), tmp_path, "--name", "origin").status == 0
        assert (made(tmp_path).title, made(tmp_path).feeds) == ("The Origin", (origin.url("/some/feed"),))


def test_without_anything_that_lists_articles_nothing_is_written(tmp_path: Path) -> None:
    with Origin({"/": page("<title>The Origin</title>"), "*": MISSING}) as origin:
        done = add(origin.url("/"), tmp_path)
        assert len(asked(origin)) <= 20
    assert (done.status, (tmp_path / "outlets").exists()) == (1, False)
    assert "no feed, sitemap or section page was found that lists articles" in done.err


def test_a_front_page_that_is_not_there_ends_the_search(tmp_path: Path) -> None:
    with Origin({"*": MISSING}) as origin:
        done = add(origin.url("/"), tmp_path)
        assert asked(origin) == ["/robots.txt", "/"]
    assert (done.status, "HTTP 404 Not Found" in done.err) == (1, True)


def test_a_feed_at_a_private_address_that_nobody_named_is_not_fetched(tmp_path: Path) -> None:
    with Origin({"*": feed("story")}, addresses=["127.0.0.2"]) as other:
        link = f'<link rel="alternate" type="application/rss+xml" href="{other.url("/feed", "127.0.0.2")}">'
        with Origin({"/": page(link), "/rss.xml": feed("story"), "*": MISSING}) as origin:
            done = add(origin.url("/"), tmp_path, "--json")
        assert [served.path for served in other.served] == []
    assert {row["verdict"] for row in done.rows if row.get("url") == other.url("/feed", "127.0.0.2")} == {
        "blocked"
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["https://daily.example/", "--name", "al-monitor"], '"al-monitor" is a bundled outlet'),
        (["https://daily.example/", "--name", "Al Monitor"], '"Al Monitor" is no name'),
        (["daily.example"], '"daily.example" has no scheme'),
    ],
)
def test_what_cannot_be_added_is_refused_at_once(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    done = tearsheet("outlets", "add", *arguments, cwd=tmp_path)
    assert (done.status, sentence in " ".join(done.err.split())) == (2, True)
