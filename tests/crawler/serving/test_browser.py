"""What a person sees and does, in Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from crawler.serving.replay.package import folder_of, wrong_in
from tests.command import tearsheet
from tests.crawler.serving.served import Served, serving

CHROMIUM = Path("/usr/bin/chromium")
INSTALLED = not wrong_in(folder_of())

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo's collection, served; with replay, where its files are installed."""
    folder = tmp_path_factory.mktemp("demo")
    assert tearsheet("demo", "--into", "demo", cwd=folder).status == 0
    with serving(folder / "demo" / "collections", replay=folder_of() if INSTALLED else None) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=options)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, newsroom: Served) -> Iterator[Page]:
    """A page of its own; nothing may be wrong with what the app itself served by the end."""
    wrong: list[str] = []
    context = browser.new_context(base_url=newsroom.origin)
    opened = context.new_page()
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "console",
        lambda said: (
            wrong.append(said.text)
            if said.type in ("error", "warning") and said.location["url"].startswith(newsroom.origin)
            else None
        ),
    )
    yield opened
    context.close()
    assert wrong == []


def search_arabic(page: Page) -> None:
    page.goto("/collections/newsroom")
    page.get_by_role("searchbox").fill("الميناء")
    page.get_by_role("button", name="Search").click()


def width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_an_article_is_found_in_arabic_and_read(page: Page) -> None:
    search_arabic(page)
    expect(page.get_by_role("status")).to_contain_text("3 articles for")
    page.get_by_role("link", name="مديرة ميناء فيلمار").click()
    article = page.get_by_role("article")
    expect(article).to_have_attribute("dir", "rtl")
    expect(article).to_have_attribute("lang", "ar")
    expect(article.locator("mark").first).to_have_text("ميناء")
    expect(page.get_by_role("heading", name="Left out of the text")).to_be_visible()
    page.get_by_text("related.marker").click()
    expect(page.locator("details[open] .removed").first).to_be_visible()
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.locator(".sound")).to_be_visible()


@pytest.mark.skipif(not INSTALLED, reason="needs the files of replayweb.page: tearsheet serve --get-replay")
def test_the_archived_page_is_shown_beside_it(page: Page) -> None:
    search_arabic(page)
    page.get_by_role("link", name="مديرة ميناء فيلمار").click()
    archived = page.frame_locator("iframe").frame_locator("iframe")
    expect(archived.get_by_role("heading", level=1)).to_contain_text("مديرة ميناء فيلمار", timeout=60_000)


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    page.goto("/collections/newsroom")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("ferry/night")
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_have_value("ferry/night")
    page.get_by_role("searchbox").fill("clinic")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("clinic")
    first = page.locator(".entries a").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if first.evaluate("element => element === document.activeElement"):
            break
    expect(first).to_be_focused()
    assert first.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("article").get_by_role("heading", level=1)).to_contain_text("clinic")


@pytest.mark.parametrize("wide", [320, 375, 768])
def test_no_page_is_wider_than_a_narrow_screen(page: Page, wide: int) -> None:
    page.set_viewport_size({"width": wide, "height": 700})
    page.goto("/")
    assert width(page) == wide
    search_arabic(page)
    assert width(page) == wide
    page.locator(".entries a").first.click()
    expect(page.get_by_role("heading", name="Captures")).to_be_visible()
    assert width(page) == wide
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.locator(".sound")).to_be_visible()
    assert width(page) == wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_either_scheme(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/collections/newsroom?q=ferry")
    for selector in ("body", ".meta", ".snippet", "mark", ".found", "button"):
        ratio = page.evaluate(CONTRAST, selector)
        assert ratio >= 4.5, (selector, ratio)
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (sum(int(part) for part in ground[4:-1].split(",")) < 200) == (scheme == "dark")


# WCAG 2.2, 1.4.3: the contrast of a text's colour against the first ground behind it that has one.
CONTRAST = """selector => {
  const light = (colour) => {
    const parts = colour.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const element = document.querySelector(selector);
  let ground = element;
  while (getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  const pair = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor].map(light);
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}"""


def test_it_works_without_scripts(browser: Browser, newsroom: Served) -> None:
    context = browser.new_context(base_url=newsroom.origin, java_script_enabled=False)
    page = context.new_page()
    search_arabic(page)
    expect(page.get_by_role("status")).to_contain_text("3 articles for")
    context.close()
