"""Rendered pages replayed from their archive alone, beside the pictures that were taken when they were captured."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from archive.collection import Collection
from crawler.demo.scripted.server import NAME, ScriptedServer
from crawler.serving.replay.address import SANDBOX, replay_url
from crawler.serving.replay.app import replay_app
from tests.chromium import needs_chromium
from tests.command import tearsheet
from tests.crawler.records import stored
from tests.crawler.serving.origins import address_of, listening, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), needs_chromium]

IN_FONT, OTHER_FONT = "lantern-regatta", "the same in another font"
PAGES: Mapping[str, tuple[str, ...]] = {
    "tram-line-seven": (),  # a script fetches its text
    "island-clinic": ("iframe",),  # in a frame of another host
    IN_FONT: (),  # its headline in a font of the outlet's own, with a picture that loads late
}
"""Stories, and the frames that lead to their text."""
_WHOLE = (
    "<!doctype html><style>iframe { position: fixed; inset: 0; width: 100%; height: 100%; border: 0 }</style>"
)
_LOADED = """
async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode()));
}
"""
WIDTH, HEIGHT = 1280, 1024  # of the window that pages are rendered in
TOLERATED = 0.002
"""Share of the pixels that may differ: edges of letters that are drawn at another fraction of a pixel."""
APART = 0.02
"""Share by which pages differ at least that are not the same; text covers a small part of a window."""
_DIFFER = """
async ([one, other, width, height]) => {
    const pixels = async (data) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const context = new OffscreenCanvas(width, height).getContext("2d");
        context.fillStyle = "white";
        context.fillRect(0, 0, width, height);
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, width, height).data;
    };
    const [a, b] = [await pixels(one), await pixels(other)];
    let differing = 0;
    for (let at = 0; at < a.length; at += 4) {
        const most = Math.max(...[0, 1, 2].map((channel) => Math.abs(a[at + channel] - b[at + channel])));
        if (most > 48) differing += 1;
    }
    return differing / (width * height);
}
"""


@dataclass(frozen=True)
class Archived:
    """A collection whose outlet is gone: address and picture of each page by its story."""

    collections: Path
    urls: Mapping[str, str]
    pictures: Mapping[str, bytes]


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Archived:
    folder = tmp_path_factory.mktemp("looks")
    with ScriptedServer() as server:
        server.outlet_file(folder / "outlets")
        urls = {slug: server.site.url_of(slug) for slug in PAGES}
        done = tearsheet("crawl", NAME, "--render", "always", cwd=folder)
    assert done.status == 0, done.err
    kept = [each for each in stored(folder / "collections") if each.type == "resource"]
    records = {each["WARC-Target-URI"]: each.block for each in kept}
    pictures = {slug: records[f"urn:fullPage:{url}"] for slug, url in urls.items()}
    return Archived(folder / "collections", urls, pictures)


@pytest.fixture(scope="module")
def replayed(archived: Archived, replay_files: Path, chromium: Browser) -> Mapping[str, bytes]:
    """Pictures of the pages as `serve` replays them, in a window of the same size, by their stories."""
    with Collection(archived.collections, "news") as collection:
        date = next(collection.captures()).date
    with pytest.MonkeyPatch.context() as patch, listening() as app, listening() as origin:
        patch.setenv("TEARSHEET_REPLAY", str(replay_files))

        def around(request: Request) -> HTMLResponse:
            url = archived.urls[request.path_params["story"]]
            address = escape(replay_url(address_of(origin), "news", url, date))
            return HTMLResponse(f'{_WHOLE}<iframe sandbox="{SANDBOX}" src="{address}"></iframe>')

        here = Starlette(routes=[Route("/{story}", around)])
        there = replay_app(archived.collections, address_of(app))
        context = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        with served(here, app), served(there, origin), context:
            page = context.new_page()
            pictures = {slug: _shown(page, f"{address_of(app)}/{slug}", slug) for slug in PAGES}
            _shown(page, f"{address_of(app)}/{IN_FONT}", IN_FONT)
            page.frames[2].locator("h1").evaluate("(element) => { element.style.fontFamily = 'serif' }")
            return pictures | {OTHER_FONT: page.screenshot()}


def _shown(page: Page, address: str, slug: str) -> bytes:
    page.goto(address)
    frame = page.frame_locator("iframe").frame_locator("iframe")
    for name in PAGES[slug]:
        frame = frame.frame_locator(name)
    frame.locator("h1").wait_for(timeout=60_000)
    for each in page.frames:
        each.evaluate(_LOADED)
    page.wait_for_timeout(500)  # for it to be drawn
    return page.screenshot()


@pytest.fixture(scope="module")
def differ(chromium: Browser) -> Iterator[Callable[[bytes, bytes], float]]:
    """Share of the pixels of a window by which two pictures differ."""
    with chromium.new_context() as context:
        page = context.new_page()

        def share(one: bytes, other: bytes) -> float:
            pictures = [b64encode(picture).decode() for picture in (one, other)]
            return page.evaluate(_DIFFER, [*pictures, WIDTH, HEIGHT])

        yield share


@pytest.mark.parametrize("slug", PAGES)
def test_a_page_looks_as_it_did_and_like_no_other(
    archived: Archived, replayed: Mapping[str, bytes], differ: Callable[[bytes, bytes], float], slug: str
) -> None:
    assert differ(archived.pictures[slug], replayed[slug]) <= TOLERATED
    others = {other: differ(archived.pictures[slug], replayed[other]) for other in PAGES if other != slug}
    assert min(others.values()) >= APART, others


def test_a_font_that_is_missing_would_be_seen(
    archived: Archived, replayed: Mapping[str, bytes], differ: Callable[[bytes, bytes], float]
) -> None:
    assert differ(archived.pictures[IN_FONT], replayed[OTHER_FONT]) > 2 * TOLERATED
