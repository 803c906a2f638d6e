"""What others open in replayweb.page: the WARC file of a collection, and the WACZ file that is exported of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from archive.collection_writer import CollectionWriter
from archive.wacz.export import export_wacz
from tests.archive.access.samples import capture
from tests.archive.sample_collections import article, reading
from tests.crawler.serving.origins import served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SITE = "http://news.example"
_MINUTE = 60


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`news.warc.gz` and `news.wacz`: two articles with a style sheet, one of them captured again, unchanged."""
    folder = tmp_path_factory.mktemp("replaywebpage")
    with CollectionWriter(folder, "news") as writer:
        answers = [
            ("/one", b"<link rel=stylesheet href=/style.css><h1>One, as it was</h1>", "200 OK", "text/html"),
            ("/style.css", b"h1 { color: rgb(1, 2, 3) }", "200 OK", "text/css"),
            ("/two", b"<h1>Two</h1>", "200 OK", "text/html"),
            ("/one", b"<link rel=stylesheet href=/style.css><h1>One, as it was</h1>", "200 OK", "text/html"),
        ]
        for minute, (path, body, status, kind) in enumerate(answers):
            made = capture(writer, SITE + path, minute * _MINUTE, body, status=status, content_type=kind)
            if made.wants_text:
                writer.expect(made)
            if made.is_page and made.record_type == "response":
                writer.settle(made.number, article(path.strip("/")))
    (warc,) = (folder / "news/archive").iterdir()
    (folder / "news.warc.gz").hardlink_to(warc)
    with reading(folder) as collection:
        export_wacz(collection, folder / "news.wacz")
    return folder


@pytest.fixture(scope="module")
def site(files: Path, replay_files: Path) -> Iterator[str]:
    """A site as replayweb.page has it set up: a page with the element, its two files, and the archives beside them."""

    def page(_: object) -> HTMLResponse:
        return HTMLResponse(
            "<!doctype html><title>embedding</title><script src=/ui.js></script><main></main>"
        )

    routes = [Route("/", page), Route("/ui.js", lambda _: FileResponse(replay_files / "ui.js"))]
    routes.append(Route("/replay/sw.js", lambda _: FileResponse(replay_files / "sw.js")))
    for name in ("news.warc.gz", "news.wacz"):
        routes.append(
            Route(f"/{name}", lambda _, name=name: FileResponse(files / name))
        )  # answers ranges too
    with served(Starlette(routes=routes)) as origin:
        yield origin.address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context() as context:
        yield context.new_page()


def embed(page: Page, site: str, **attributes: str) -> None:
    """Open the site with the element that has these attributes."""
    page.goto(site)
    page.evaluate(
        """(attributes) => {
            const element = document.createElement("replay-web-page");
            for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
            element.style = "display: block; height: 600px";
            document.querySelector("main").append(element);
        }""",
        attributes,
    )


def replayed(page: Page) -> Frame:
    """The frame of the archived page, once its headline is there."""
    for _ in range(300):
        for frame in page.frames:
            if "mp_/" in frame.url and frame.locator("h1").count():
                return frame
        page.wait_for_timeout(100)
    raise AssertionError([frame.url for frame in page.frames])


@pytest.mark.parametrize("name", ["news.warc.gz", "news.wacz"])
@pytest.mark.parametrize("minute", [0, 3])
def test_a_capture_is_shown_be_it_a_revisit_or_not(page: Page, site: str, name: str, minute: int) -> None:
    embed(page, site, source=f"/{name}", url=f"{SITE}/one", ts=f"2026030112{minute:02}00", embed="replayonly")
    frame = replayed(page)
    assert frame.inner_text("h1") == "One, as it was"
    assert frame.evaluate("() => getComputedStyle(document.querySelector('h1')).color") == "rgb(1, 2, 3)"


def test_the_articles_of_a_wacz_are_listed_by_their_headlines(page: Page, site: str) -> None:
    embed(page, site, source="/news.wacz", view="pages", embed="default")
    entries = page.frame_locator("iframe").locator("wr-page-entry")
    entries.first.wait_for(state="attached", timeout=30_000)
    titles = entries.evaluate_all("(entries) => entries.map((entry) => entry.page.title)")
    assert sorted(titles) == ["Headline of one", "Headline of two"]
