"""Crawls of one outlet, one after another: what they ask its server for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.collection import Collection
from tests.command import Done, tearsheet
from tests.origin.server import Answer, Asked, Origin, Script


def answer(
    body: bytes, *, kind: str = "text/html", etag: str | None = None, status: str = "200 OK"
) -> Answer:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    head += f"ETag: {etag}\r\n" if etag else ""
    return Answer((head.encode() + b"\r\n" + body,))


def conditional(body: bytes, etag: str, kind: str = "text/html") -> Script:
    """A resource that is sent only to who does not know it."""

    def script(asked: Asked) -> Answer:
        if f"if-none-match: {etag}".encode().lower() in asked.raw.lower():
            return Answer((f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode(),))
        return answer(body, kind=kind, etag=etag)

    return script


def story(name: str, more: str = "") -> bytes:
    said = f"The council of {name} met on Tuesday and spoke for hours about the old bridge and its tolls."
    return (
        f'<html lang="en"><head><title>News of {name}</title></head><body><article><h1>News of {name}</h1>'
        f"<p>{said} {more}</p><p>Nobody could say what {name} will do with the money once it is there.</p>"
        "</article></body></html>"
    ).encode()


class Outlet:
    """An outlet with a feed that lists its stories."""

    def __init__(self, origin: Origin, folder: Path) -> None:
        self.origin = origin
        self.folder = folder
        self.names: list[str] = []
        (folder / "outlets").mkdir()
        (folder / "outlets/own.toml").write_text(
            f'[[outlet]]\nname = "own"\ndomains = ["127.0.0.1:{origin.port}"]\nfeeds = ["{origin.url("/feed")}"]\n'
            "delay = 0\n"
        )

    def publish(self, *names: str) -> None:
        self.names += names
        items = "".join(
            f"<item><title>News of {name}</title><link>{self.origin.url(f'/2026/03/news-of-{name}')}</link></item>"
            for name in self.names
        )
        feed = f'<rss version="2.0"><channel><title>Own</title>{items}</channel></rss>'.encode()
        self.origin.scripts["/feed"] = conditional(feed, f'"{len(self.names)}"', "application/rss+xml")
        for name in names:
            self.write(name)

    def write(self, name: str, more: str = "") -> None:
        path = f"/2026/03/news-of-{name}"
        self.origin.scripts[path] = conditional(story(name, more), f'"{name}-{len(more)}"')

    def crawl(self, *arguments: str, minutes: float = 0) -> tuple[Done, list[str]]:
        """A crawl so many minutes from now, and what it asked for, robots.txt aside."""
        before = len(self.origin.served)
        clock = {"TEARSHEET_CLOCK": "tests.crawler.clocks.shifted", "TEARSHEET_MINUTES": str(minutes)}
        done = tearsheet("crawl", "own", "--json", *arguments, cwd=self.folder, env=clock)
        served = [served.path for served in self.origin.served[before:]]
        return done, [path for path in served if path != "/robots.txt"]


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[Outlet]:
    with Origin({"/robots.txt": answer(b"", status="404 Not Found")}) as origin:
        yield Outlet(origin, tmp_path)


def path(name: str) -> str:
    return f"/2026/03/news-of-{name}"


def test_a_later_crawl_asks_for_what_is_new_and_an_unchanged_outlet_costs_one_request(outlet: Outlet) -> None:
    outlet.publish("arvo", "belin")
    done, asked = outlet.crawl()
    assert (done.status, sorted(asked)) == (0, [path("arvo"), path("belin"), "/feed"])
    assert outlet.crawl(minutes=5)[1] == ["/feed"]
    feed = outlet.origin.of("/feed")[-1]
    assert feed.response.startswith(b"HTTP/1.1 304")
    outlet.publish("corto")
    done, asked = outlet.crawl(minutes=10)
    assert asked == ["/feed", path("corto")]
    assert [row["headline"] for row in done.articles] == ["News of corto"]


def test_edits_are_looked_for_when_they_are_due_and_become_new_versions(outlet: Outlet) -> None:
    outlet.publish("arvo", "belin")
    outlet.crawl()
    outlet.write("arvo", "Later it was said that the bridge will close.")
    done, asked = outlet.crawl(minutes=61)
    assert sorted(asked) == [path("arvo"), path("belin"), "/feed"]
    assert len(done.articles) == 2
    (changed,) = [row for row in done.articles if row["versions"]]
    assert changed["headline"] == "News of arvo"
    assert outlet.crawl(minutes=120)[1] == ["/feed"]
    with Collection(outlet.folder / "collections", "news") as collection:
        kinds = [(c.record_type, c.status) for c in collection.captures() if c.url.endswith(path("belin"))]
        assert kinds == [("response", 200), ("revisit", 304)]
        assert collection.counts().texts == 3


def test_what_a_bound_left_out_is_fetched_by_the_next_crawl_though_the_feed_is_unchanged(
    outlet: Outlet,
) -> None:
    outlet.publish("arvo", "belin", "corto")
    assert len(outlet.crawl("--max-pages", "1")[1]) == 2
    _, asked = outlet.crawl(minutes=1)
    assert (asked.count("/feed"), len(asked), len(set(asked))) == (1, 3, 3)


def test_a_page_that_fails_is_tried_again_later_and_one_that_is_gone_is_not(outlet: Outlet) -> None:
    outlet.publish("arvo", "belin")
    outlet.origin.scripts[path("arvo")] = answer(b"", status="403 Forbidden")
    outlet.origin.scripts[path("belin")] = answer(b"", status="410 Gone")
    done, _ = outlet.crawl()
    assert (done.status, len(done.failures), len(done.notes)) == (1, 1, 1)
    assert outlet.crawl(minutes=5)[1] == ["/feed"]
    outlet.write("arvo")
    done, asked = outlet.crawl(minutes=11)
    assert (done.status, sorted(asked)) == (0, [path("arvo"), "/feed"])


@pytest.mark.parametrize("first", ["/amp-77", path("arvo")])
def test_an_article_and_its_amp_twin_are_fetched_once_and_the_canonical_one_is_looked_at_for_edits(
    outlet: Outlet, first: str
) -> None:
    address = {each: outlet.origin.url(each) for each in ("/amp-77", path("arvo"))}
    whole, head = story("arvo").partition(b"<head>")[2], b'<html %b><head><link rel="%b" href="%b">'
    amp = head % (b"amp", b"canonical", address[path("arvo")].encode()) + whole
    own = head % (b"lang=en", b"amphtml", address["/amp-77"].encode()) + whole
    outlet.origin.scripts |= {"/amp-77": answer(amp), path("arvo"): answer(own)}
    for number, listed in enumerate(((first,), tuple(address))):
        items = "".join(f"<item><link>{address[each]}</link></item>" for each in listed)
        feed = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
        outlet.origin.scripts["/feed"] = answer(feed, kind="application/rss+xml")
        _, asked = outlet.crawl(minutes=number)
        assert asked == ["/feed", first][: 2 - number]
    assert sorted(outlet.crawl(minutes=65)[1]) == [path("arvo"), "/feed"]


def test_recheck_asks_for_all_known_pages(outlet: Outlet) -> None:
    outlet.publish("arvo", "belin")
    outlet.crawl()
    done, asked = outlet.crawl("--recheck", minutes=1)
    assert sorted(asked) == [path("arvo"), path("belin"), "/feed"]
    assert [row["versions"] for row in done.articles] == [[], []]


def test_a_feed_that_redirects_to_itself_is_told_of_as_a_failure(outlet: Outlet) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {outlet.origin.url('/feed')}\r\nContent-Length: 0\r\n\r\n"
    outlet.origin.scripts["/feed"] = Answer((head.encode(),))
    done, asked = outlet.crawl()
    assert done.failures == {
        outlet.origin.url(
            "/feed"
        ): "redirected again and again (REDIRECT_MAX_TIMES); the answers until then are archived"
    }
    assert asked == ["/feed"] * 11


def test_a_story_that_redirects_in_a_circle_is_a_failure_and_tried_again(outlet: Outlet) -> None:
    outlet.publish("arvo")
    head = f"HTTP/1.1 302 Found\r\nLocation: {outlet.origin.url(path('arvo'))}\r\nContent-Length: 0\r\n\r\n"
    outlet.origin.scripts[path("arvo")] = Answer((head.encode(),))
    done, _ = outlet.crawl()
    assert done.status == 1
    assert done.failures == {
        outlet.origin.url(
            path("arvo")
        ): "redirected again and again (REDIRECT_MAX_TIMES); the answers until then are archived"
    }
    outlet.write("arvo")
    done, _ = outlet.crawl(minutes=11)
    assert [row["headline"] for row in done.articles] == ["News of arvo"]
