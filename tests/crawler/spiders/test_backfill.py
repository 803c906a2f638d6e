"""Backfills, by the log of the outlet's server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.collection import Collection
from tests.command import Done, tearsheet
from tests.crawler.spiders.test_incremental import answer, conditional, story
from tests.origin.server import Origin

NOW = {"TEARSHEET_CLOCK": "tests.crawler.clocks.fixed", "TEARSHEET_NOW": "2026-03-10T12:00:00+00:00"}
JANUARY = ("--since", "2026-01-01", "--until", "2026-01-31")


class Outlet:
    """An outlet whose stories are told by their path."""

    def __init__(self, origin: Origin, folder: Path) -> None:
        self.origin = origin
        self.folder = folder
        (folder / "outlets").mkdir()

    def entry(self, **sources: str) -> None:
        lines = [f'{kind} = ["{self.origin.url(path)}"]' for kind, path in sources.items()]
        (self.folder / "outlets/own.toml").write_text(
            f'[[outlet]]\nname = "own"\ndomains = ["127.0.0.1:{self.origin.port}"]\ndelay = 0\n'
            + "\n".join(lines)
        )

    def publish(self, *paths: str) -> None:
        for path in paths:
            self.origin.scripts[path] = answer(story(path.rpartition("/")[2]))

    def sitemap(self, path: str, *entries: str, index: bool = False) -> None:
        """Entries are paths, with the day of the last change behind a space."""
        name = "sitemap" if index else "url"
        rows = ""
        for entry in entries:
            place, _, day = entry.partition(" ")
            changed = f"<lastmod>{day}</lastmod>" if day else ""
            rows += f"<{name}><loc>{self.origin.url(place)}</loc>{changed}</{name}>"
        root = "sitemapindex" if index else "urlset"
        body = f"<{root}>{rows}</{root}>".encode()
        self.origin.scripts[path] = conditional(body, f'"{path}"', "application/xml")

    def feed(self, *paths: str) -> None:
        items = "".join(f"<item><link>{self.origin.url(path)}</link></item>" for path in paths)
        body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
        self.origin.scripts["/feed"] = conditional(body, '"feed"', "application/rss+xml")

    def crawl(self, *arguments: str) -> tuple[Done, list[str]]:
        """What a crawl says, and what it asked for, robots.txt aside."""
        before = len(self.origin.served)
        done = tearsheet("crawl", "own", "--json", *arguments, cwd=self.folder, env=NOW)
        asked = [served.path for served in self.origin.served[before:]]
        return done, [path for path in asked if path != "/robots.txt"]


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[Outlet]:
    missing = answer(b"", status="404 Not Found")
    with Origin({"/robots.txt": missing, "*": missing}) as origin:
        yield Outlet(origin, tmp_path)


def test_a_backfill_goes_through_indexes_to_the_articles_of_its_days(outlet: Outlet) -> None:
    outlet.entry(feeds="/feed", sitemaps="/index.xml")
    outlet.feed("/2026/03/09/new-harbour-opens")
    outlet.publish("/2026/03/09/new-harbour-opens", "/2026/01/31/old-mill-burns", "/2026/01/01/new-year-swim")
    outlet.publish("/2025/12/31/last-tram", "/2026/02/01/first-snow", "/story-of-the-lock")
    outlet.sitemap("/index.xml", "/2025.xml", "/2026.xml", index=True)
    outlet.sitemap("/2026.xml", *(f"/map-2026-{month:02}.xml" for month in (3, 2, 1)), index=True)
    outlet.sitemap(
        "/map-2026-01.xml",
        *("/2026/01/31/old-mill-burns 2026-03-01", "/2026/01/01/new-year-swim", "/2025/12/31/last-tram"),
        *("/2026/02/01/first-snow", "/story-of-the-lock"),
    )
    done, asked = outlet.crawl(*JANUARY)
    assert done.status == 0
    assert sorted(asked) == [
        *("/2026.xml", "/2026/01/01/new-year-swim", "/2026/01/31/old-mill-burns"),
        *("/feed", "/index.xml", "/map-2026-01.xml", "/story-of-the-lock"),
    ]
    _, asked = outlet.crawl(*JANUARY)
    assert sorted(asked) == ["/2026.xml", "/feed", "/index.xml", "/map-2026-01.xml"]
    _, asked = outlet.crawl()
    assert sorted(asked) == ["/2026/03/09/new-harbour-opens", "/feed"]


def test_a_dated_sitemap_is_asked_for_day_by_day_and_a_day_without_one_is_a_note(outlet: Outlet) -> None:
    outlet.entry(sitemaps="/map/{YYYY}/{MM}/{DD}.xml")
    outlet.publish("/story-of-the-lock", "/story-of-the-dike")
    outlet.sitemap("/map/2026/01/30.xml", "/story-of-the-lock")
    outlet.sitemap("/map/2026/03/10.xml", "/story-of-the-dike")
    done, asked = outlet.crawl("--since", "2026-01-30", "--until", "2026-01-31")
    assert sorted(asked) == ["/map/2026/01/30.xml", "/map/2026/01/31.xml", "/story-of-the-lock"]
    missing = "HTTP 404 Not Found; the answer is archived"
    assert (done.status, done.notes) == (0, {outlet.origin.url("/map/2026/01/31.xml"): missing})
    done, asked = outlet.crawl()
    assert sorted(asked) == ["/map/2026/03/09.xml", "/map/2026/03/10.xml", "/story-of-the-dike"]


def test_a_backfill_follows_a_section_to_its_older_pages(outlet: Outlet) -> None:
    outlet.entry(sections="/news/")
    for page, day in enumerate(("2026/03/09", "2026/01/20", "2025/11/11", "2025/10/10"), 1):
        outlet.publish(f"/{day}/a-story-of-that-day")
        links = f'<a href="/{day}/a-story-of-that-day">A story of that day in full</a>'
        body = f'<html>{links}<a rel="next" href="/news/?page={page + 1}">Older</a></html>'.encode()
        outlet.origin.scripts["/news/" if page == 1 else f"/news/?page={page}"] = answer(body)
    _, asked = outlet.crawl(*JANUARY)
    assert asked == ["/news/", "/news/?page=2", "/2026/01/20/a-story-of-that-day", "/news/?page=3"] or sorted(
        asked
    ) == ["/2026/01/20/a-story-of-that-day", "/news/", "/news/?page=2", "/news/?page=3"]
    _, asked = outlet.crawl()
    assert sorted(asked) == ["/2026/03/09/a-story-of-that-day", "/news/"]


def test_what_bounds_leave_out_is_told(outlet: Outlet) -> None:
    outlet.entry(feeds="/feed")
    paths = [f"/2026/01/02/story-number-{number}" for number in range(1_003)]
    outlet.feed(*paths)
    outlet.publish(*paths[:3])
    done, asked = outlet.crawl("--max-pages", "2")
    assert (done.status, len(asked)) == (0, 3)
    assert done.notes == {
        outlet.origin.url("/feed"): (
            "it is broken or has more than 1000 entries (FEED_ENTRIES); not all of it was read"
        ),
        "own": "998 more articles are known and left for the next crawl (--max-pages)",
    }


def test_the_hosts_tdm_file_is_archived_where_it_is_asked_for(outlet: Outlet) -> None:
    outlet.entry(feeds="/feed", sections="/news/")
    outlet.feed()
    outlet.origin.scripts["/news/"] = answer(b"<html>No news today</html>")
    outlet.origin.scripts["/.well-known/tdmrep.json"] = answer(b"[]", kind="application/json")
    _, asked = outlet.crawl()
    assert sorted(asked) == ["/feed", "/news/"]
    tearsheet("crawl", "own", cwd=outlet.folder, env=NOW | {"TEARSHEET_TDM_FILES": "1"})
    assert len(outlet.origin.of("/.well-known/tdmrep.json")) == 1
    with Collection(outlet.folder / "collections", "news") as collection:
        assert outlet.origin.url("/.well-known/tdmrep.json") in {
            capture.url for capture in collection.captures()
        }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--since", "2026-02-01", "--until", "2026-01-01"), "2026-02-01 is after --until 2026-01-01"),
        (("--since", "2026-03-11"), "2026-03-11 is in the future"),
        (("--until", "2026-01-01"), "name its first with --since"),
    ],
)
def test_days_that_make_no_backfill_are_told_before_anything_is_asked(
    outlet: Outlet, arguments: tuple[str, ...], sentence: str
) -> None:
    outlet.entry(feeds="/feed")
    done, asked = outlet.crawl(*arguments)
    assert (done.status, asked) == (2, [])
    assert sentence in " ".join(done.err.replace("│", " ").split())
