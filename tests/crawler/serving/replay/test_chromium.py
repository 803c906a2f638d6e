"""Archived pages in a real browser: shown as they were, and kept from the app that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from archive.collection_writer import CollectionWriter
from crawler.serving.replay.address import SANDBOX, replay_url
from crawler.serving.replay.app import replay_app
from tests.archive.access.samples import capture
from tests.archive.sample_collections import START
from tests.crawler.serving.origins import address_of, listening, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PAGE = "http://news.example/story"
HOSTILE = "http://hostile.example/"
STORY = """<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>خبر</title>
<link rel="stylesheet" href="style.css"></head><body><h1>عنوان</h1><p id="p">before</p>
<img src="/pixel.svg" alt="" id="i"><script src="https://static.example/app.js"></script>
<a href="/second?x=1&amp;y=%20z">next</a></body></html>"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"></svg>'


_REFUSED = {
    "of-parent": "refused",
    "image": "refused",
    "script": "refused",
    "app": "refused",
    "app-location": "refused",
    "around": "Archived page",  # of its own origin: it reads it, and gets nowhere from there
    "around-eval": "refused",
    "around-fetch": "refused",
    "around-image": "refused",
    "around-parent": "refused",
    "around-register": "refused",
    "around-index": "403",
    "around-view": "403",
}


@dataclass
class Shown:
    """The app with an archived page in its frame, and what else the app was asked for."""

    page: Page
    replay: str
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def archived(self) -> Frame:
        """The frame of the archived page, once it is there."""
        self.page.wait_for_function("() => frames.length === 1")
        self.page.frame_locator("iframe").frame_locator("iframe").locator("h1").wait_for(timeout=60_000)
        return self.page.frames[2]


@contextmanager
def showing(collections: Path, chromium: Browser, url: str, seconds: int = 0) -> Iterator[Shown]:
    asked: list[str] = []
    headers: list[dict[str, str]] = []

    def answer(request: Request) -> Response:
        if request.url.path == "/favicon.ico":
            return Response(status_code=404)
        asked.append(request.url.path)
        headers.append(dict(request.headers))
        if request.url.path != "/":
            return Response("found", headers={"Access-Control-Allow-Origin": "*"})
        address = escape(replay_url(address_of(replay), "news", url, START + timedelta(seconds=seconds)))
        return HTMLResponse(f'<title>app</title><iframe sandbox="{SANDBOX}" src="{address}"></iframe>')

    with listening() as app, listening() as replay:
        here = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
        there = replay_app(collections, address_of(app))
        with served(here, app), served(there, replay), chromium.new_context() as context:
            page = context.new_page()
            page.goto(address_of(app))
            yield Shown(page, address_of(replay), asked, headers)


@pytest.fixture
def collect(
    tmp_path: Path, replay_files: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, bytes]], Path]:
    monkeypatch.setenv("TEARSHEET_REPLAY", str(replay_files))

    def write(pages: dict[str, bytes]) -> Path:
        kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
        with CollectionWriter(tmp_path, "news") as writer:
            for second, (url, body) in enumerate(pages.items()):
                kind = kinds.get(Path(url).suffix, "text/html; charset=utf-8")
                capture(writer, url, second, body, content_type=kind)
        return tmp_path

    return write


def test_a_page_is_shown_with_all_that_was_captured_for_it(
    collect: Callable[[dict[str, bytes]], Path], chromium: Browser
) -> None:
    collections = collect(
        {
            PAGE: STORY.encode(),
            "http://news.example/style.css": b"h1 { color: rgb(1, 2, 3) }",
            "http://news.example/pixel.svg": SVG,
            "https://static.example/app.js": b"document.getElementById('p').textContent = location.href;",
            "http://news.example/second?x=1&y=%20z": b"<h1>second</h1><p>the next page</p>",
        }
    )
    with showing(collections, chromium, PAGE) as shown:
        frame = shown.archived()
        assert frame.title() == "خبر"
        frame.wait_for_function("() => document.getElementById('p').textContent !== 'before'")
        assert frame.inner_text("#p") == PAGE  # its scripts ran, and find themselves where they were
        assert frame.evaluate("() => getComputedStyle(document.querySelector('h1')).color") == "rgb(1, 2, 3)"
        assert frame.evaluate("() => document.getElementById('i').naturalWidth") == 7
        frame.click("a")
        shown.page.frame_locator("iframe").frame_locator("iframe").get_by_text("the next page").wait_for()
        assert shown.asked == ["/"]


def test_a_revisit_shows_what_it_refers_to(
    tmp_path: Path, replay_files: Path, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEARSHEET_REPLAY", str(replay_files))
    with CollectionWriter(tmp_path, "news") as writer:
        answers = [(b"<h1>one</h1>", "200 OK"), (b"<h1>one</h1>", "200 OK"), (b"", "304 Not Modified")]
        answers += [(b"<h1>two</h1>", "200 OK"), (b"", "304 Not Modified")]
        for minute, (body, status) in enumerate(answers):
            capture(writer, PAGE, minute * 60, body, status=status)
        writer.commit()  # the file is still being written, and no CDXJ is there
        texts = []
        for minute in range(5):
            with showing(tmp_path, chromium, PAGE, minute * 60) as shown:
                texts.append(shown.archived().inner_text("h1"))
    assert texts == ["one", "one", "one", "two", "two"]


def test_what_was_not_captured_is_said_to_be_missing(
    collect: Callable[[dict[str, bytes]], Path], chromium: Browser
) -> None:
    with showing(collect({PAGE: b"<h1>here</h1>"}), chromium, "http://news.example/none") as shown:
        inner = shown.page.frame_locator("iframe").frame_locator("iframe").locator("body")
        inner.wait_for(timeout=60_000)
        assert "not" in inner.inner_text().lower()


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_hostile_page_reaches_neither_the_app_nor_the_window(
    collect: Callable[[dict[str, bytes]], Path], chromium: Browser, wrapped: bool
) -> None:
    """Once by its own scripts, which the worker wraps, and once as one that has got out of that: nothing but the
    browser stands between it and the app then."""
    attempts = (Path(__file__).parent / "hostile.js").read_text()
    collections = collect({"http://hostile.example/worker.js": b"self.x = 1;"})
    with showing(collections, chromium, HOSTILE) as shown:
        app = shown.page.url.rstrip("/")
        script = attempts.replace("{app}", app).replace("{replay}", shown.replay)
        body = "<h1>Hostile</h1>" + (f"<script>{script}</script>" if wrapped else "")
        with CollectionWriter(collections, "news") as writer:
            capture(writer, HOSTILE, 60, body.encode())
        shown.page.reload()
        frame = shown.archived()
        if not wrapped:
            frame.evaluate(f"() => {{ {script} }}")
        frame.wait_for_function("() => document.title === 'done'", timeout=90_000)
        tried = frame.evaluate("() => tried")
        assert shown.asked == ["/", "/"]
        assert (shown.page.url.rstrip("/"), shown.page.title()) == (app, "app")
        assert len(shown.page.context.pages) == 1
        assert not any("cookie" in headers for headers in shown.headers)
        assert not {"loaded", "app", "cors"} & set(tried.values())
        assert (tried["open"], tried["register"]) == ("refused", "refused")
        if not wrapped:
            assert {name: tried[name] for name in _REFUSED} == _REFUSED
