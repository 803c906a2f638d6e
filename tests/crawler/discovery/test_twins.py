from __future__ import annotations

import pytest

from crawler.discovery.twins import Twins, twins_of

URL = "https://www.daily.example/a/77"
STORY = "https://www.daily.example/world/story"


@pytest.mark.parametrize("mark", ["amp", "\u26a1", "\u26a1\ufe0f", 'lang="ar" AMP', 'amp=""'])
def test_an_amp_page_names_what_it_is_a_version_of(mark: str) -> None:
    page = f'<!doctype html><html {mark}><head><link href="/world/story?a=1&amp;b=2" rel=canonical></head>'
    assert twins_of(page.encode(), URL) == Twins(canonical=f"{STORY}?a=1&b=2")


def test_a_page_names_its_amp_version() -> None:
    page = f"<html lang=en><link rel='stylesheet' href='x'><link rel='amphtml' href='{URL}'>"
    assert twins_of(page.encode(), STORY) == Twins(amp=URL)


@pytest.mark.parametrize(
    "page",
    [
        '<html lang="en" class="no-amp"><link rel="canonical" href="/">',
        '<html data-amp="1" id=amp><link rel="canonical" href="/">',
        '<html amp><link rel="alternate" href="/world/story">',
        '<html amp><link rel="canonical" href="mailto:desk@daily.example">',
        "<html amp><link rel=canonical>",
        "",
    ],
)
def test_no_other_page_has_a_twin(page: str) -> None:
    assert twins_of(page.encode(), URL) == Twins()


def test_a_page_that_is_no_text_has_none_either() -> None:
    assert twins_of(bytes(range(256)) * 2000, URL) == Twins()
    assert twins_of(b"<link " * 100_000 + b"amphtml", URL) == Twins()
