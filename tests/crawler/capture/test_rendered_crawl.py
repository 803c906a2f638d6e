"""Crawls with a real browser, and what they ask of whom."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import needs_chromium
from tests.command import Done, tearsheet
from tests.crawler.records import pairs
from tests.crawler.rendering.site import answer, empty, script
from tests.origin.server import Origin, Script

pytestmark = [pytest.mark.slow, needs_chromium, pytest.mark.timeout(300)]

AD_HOST = "ads.doubleclick.net"
_STORY = "<!doctype html><title>The harbour</title><article><h1>The harbour</h1><p id=out>%s</p></article>"
# The name of an advertiser's host leads to loopback here: what it leads to elsewhere is nothing that a test may ask.
_RESOLVING = f"""
import socket
ask = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **named: ask("127.0.0.1" if host == "{AD_HOST}" else host, *rest, **named)
from crawler.cli import main
main()
"""


def _site(**paths: Script) -> dict[str, Script]:
    return {
        "*": empty("404 Not Found", "Content-Length: 0"),
        **{f"/{name}": say for name, say in paths.items()},
    }


def _outlet(folder: Path, origin: Origin, *hosts: str) -> None:
    """The outlet file of a section at /section/, all of whose pages are rendered; `hosts` are named by it, too."""
    named = ", ".join(f'"{host}"' for host in hosts)
    lines = [
        "[[outlet]]",
        'name = "harbour"',
        'title = "Harbour"',
        f'domains = ["127.0.0.1:{origin.port}"]',
        f"extra_hosts = [{named}]",
        f'sections = ["{origin.url("/section/")}"]',
        "article_patterns = ['^/story/']",
        'render = "always"',
        "delay = 0.0",
    ]
    folder.mkdir()
    (folder / "harbour.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _asked(origin: Origin) -> list[str]:
    return [served.path for served in origin.served]


@pytest.fixture
def other() -> Iterator[Origin]:
    with Origin(_site()) as started:
        yield started


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin(_site()) as started:
        yield started


@pytest.mark.parametrize("blocked", [True, False])
def test_a_script_of_an_advertiser_is_archived_unless_it_is_to_be_blocked(
    tmp_path: Path, origin: Origin, other: Origin, *, blocked: bool
) -> None:
    advert = other.url("/ad.js", AD_HOST)
    other.scripts["/ad.js"] = script("document.getElementById('out').append(' Buy a boat.')")
    origin.scripts["/section/"] = answer("<a href=/story/one>The harbour</a>")
    origin.scripts["/story/one"] = answer(_STORY % "Boats came in." + f"<script src={advert}></script>")
    _outlet(tmp_path / "outlets", origin, f"{AD_HOST}:{other.port}")
    done = _crawl(tmp_path, *(["--block-ads"] if blocked else []))

    assert _asked(other) == ([] if blocked else ["/ad.js"])
    assert (advert in pairs(tmp_path / "collections")) is not blocked
    story = origin.url("/story/one")
    told = f"{story}: advertisements and trackers were not loaded, as asked"
    assert (told in done.err) is blocked, done.err


def _crawl(folder: Path, *options: str) -> Done:
    command = (sys.executable, "-c", _RESOLVING)
    env = {"TEARSHEET_RENDER": ""}
    done = tearsheet("crawl", "harbour", "--verbose", *options, cwd=folder, env=env, command=command)
    assert done.status == 0, done.err
    return done


def test_robots_txt_has_its_say_in_what_a_page_frames_and_where_it_leads_on_to(
    tmp_path: Path, origin: Origin, other: Origin
) -> None:
    rules = answer("User-agent: *\nDisallow: /closed", "text/plain")
    frames = "".join(f"<iframe src={other.url(path)}></iframe>" for path in ("/open", "/closed"))
    picture = f"<img src={other.url('/closed.png')}>"  # a part of the page, which robots.txt is not asked of
    leaving = "<script>setTimeout(() => location.href = '/closed-too', 300)</script>"
    other.scripts.update(
        {"/robots.txt": rules, "/open": answer("<p>open"), "/closed.png": answer(b"", "image/png")}
    )
    origin.scripts.update(
        {"/robots.txt": rules, "/": answer(_STORY % "Boats came in." + frames + picture + leaving)}
    )
    urls = [origin.url("/"), other.url("/robots.txt")]
    done = tearsheet("scrape", *urls, "--render", "always", "--delay", "0", "--verbose", cwd=tmp_path)

    assert {*_asked(other)} == {"/robots.txt", "/open", "/closed.png", "/favicon.ico"}
    assert "/closed-too" not in _asked(origin)
    assert f"not admitted: {other.url('/closed')}" in done.err
    assert f"not admitted: {origin.url('/closed-too')}" in done.err


def test_what_a_page_loads_is_paid_for_with_the_pause_of_its_host(
    tmp_path: Path, origin: Origin, other: Origin
) -> None:
    """Each of twenty requests to the other host costs it a second, up to fifteen. Some of its own pages are rendered
    meanwhile."""
    parts = "".join(f"<img src={other.url(f'/{number}.png')}>" for number in range(20))
    origin.scripts["/"] = answer(_STORY % "Boats came in." + parts)
    stories = [f"/story/{number}" for number in range(4)]
    other.scripts.update({path: answer(_STORY % path) for path in stories})
    urls = [origin.url("/"), *map(other.url, stories)]
    tearsheet("scrape", *urls, "--render", "always", "--delay", "1", cwd=tmp_path)

    began = origin.of("/")[0].started
    assert max(other.of(path)[0].started for path in stories) - began > 11
