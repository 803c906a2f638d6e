"""Every language's wording of walls, on pages of two markups: one with telling classes, one of divs alone."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import pytest

from archive.extraction.article import NoArticle, Page
from archive.extraction.extract import extract

WORDING = files("archive.extraction.wording")
LANGUAGES = sorted(
    file.name.removesuffix(".toml") for file in WORDING.iterdir() if file.name.endswith(".toml")
)
CATEGORIES = {
    "missing": "not-found",
    "challenge": "bot-wall",
    "outage": "unavailable",
    "tracking": "consent",
    "login": "login",
    "redirect": "redirect",
    "results": "search",
}
FORM = '<form method="post"><input name="a"><input type="password" name="b"></form>'
TITLES = "".join(
    f'<li><a href="/2026/03/{n}/story-of-the-day">№ {n}: 2026-03-{n} — 10 000 — 11 000</a></li>'
    for n in range(10, 25)
)


@cache
def wording(language: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((WORDING / f"{language}.toml").read_text(encoding="utf-8"))


def phrases(language: str, category: str) -> list[str]:
    said = wording(language)[category]["inside"]
    assert isinstance(said, list)
    return said


def telling(language: str, heading: str, content: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{heading} - Coast Daily</title>'
        '<meta property="og:site_name" content="Coast Daily"></head><body><header class="site-header">'
        '<nav><a href="/a/">A</a> <a href="/b/">B</a></nav></header><main class="content">'
        f'<h1 class="title">{heading}</h1>{content}</main><footer>© 2026 Coast Daily</footer></body></html>'
    )


def soup(language: str, heading: str, content: str) -> str:
    return (
        f'<html lang="{language}"><head><title>Coast Daily</title></head><body><div><div><a href="/a/">A</a></div>'
        f"<div><div>{heading}</div></div><div>{content}</div></div></body></html>"
    )


def content(category: str, said: list[str]) -> str:
    if category == "login":
        return FORM + "".join(f"<p>{phrase}</p>" for phrase in said[1:3])
    if category == "tracking":
        return "".join(f"<div>{phrase}.</div>" for phrase in said)
    if category == "results":
        return f"<ul>{TITLES}</ul>"
    return f"<p>{said[1]}.</p>"


@pytest.mark.parametrize("markup", [telling, soup])
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wall_is_named_in_every_language(language: str, category: str, markup: object) -> None:
    assert callable(markup)
    said = phrases(language, category)
    page = markup(language, said[0].capitalize(), content(category, said))
    outcome = extract(Page("https://daily.example/a", page.encode(), "text/html; charset=utf-8"))
    expected = CATEGORIES[category]
    if category == "results" and markup is soup:
        expected = "section"
    assert isinstance(outcome, NoArticle)
    assert outcome.kind == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opening_before_an_offer_is_a_paywall_in_every_language(language: str) -> None:
    head = '{"@type": "NewsArticle", "headline": "Ferry", "isAccessibleForFree": "False"}'
    said = phrases(language, "offer")
    page = (
        f'<html><head><script type="application/ld+json">{head}</script></head><body><h1>Ferry</h1>'
        "<p>The first ferry of the day left the old harbour at six with only eleven passengers on board.</p>"
        f"<div class=c4><div>{said[0]}</div><div>{said[1]}</div></div></body></html>"
    )
    assert extract(Page("https://daily.example/a/ferry", page.encode())).kind == "paywall"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_asks_for_scripts_is_a_shell_in_every_language(language: str) -> None:
    asked = phrases(language, "script")[0]
    page = (
        f"<html><head><title>Coast Daily</title></head><body><noscript>{asked}.</noscript><div id=page></div>"
    )
    outcome = extract(
        Page("https://daily.example/a", f"{page}<script src=/app.js></script></body></html>".encode())
    )
    assert outcome.kind == "shell"
