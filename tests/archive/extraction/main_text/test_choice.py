# ruff: noqa: E501 - markup is as long as it is
"""What Trafilatura chooses in our instance of its modules is what its public entry chooses."""

from __future__ import annotations

import pytest
import trafilatura
from lxml import html
from lxml.html import HtmlElement
from trafilatura import bare_extraction, main_extractor
from trafilatura.settings import Document, Extractor

from archive.extraction.main_text.choice import main_text
from tests.archive.extraction.layouts import LAYOUTS, MARKUPS, Layout

LINE = "The port authority said on Tuesday that the {n}th quay will stay closed until divers have looked at every pile."


def prose(count: int) -> str:
    return "".join(f"<p>{LINE.format(n=n)}</p>" for n in range(count))


FARM = "".join(f"<p>{n} <a href='/{n}'>Divers look at quay number {n}</a> <b>now</b></p>" for n in range(9))
ODD = {
    "short": "<div><p>Only this.</p></div>",
    "nothing": "<div></div>",
    "recall": f"<div class='teaser'>{prose(30)}</div><div><p>{LINE}</p><p>{LINE} Twice.</p><p>Thrice.</p></div>",
    "lists": f"<article><h1>A</h1><ul>{prose(3)}<li>one<li>two</ul><table><tr><th>a<td>b</table>{prose(2)}</article>",
    "comments": f"<main>{prose(6)}<div id='comments'>{prose(9)}</div><div class='share-bar'>{prose(1)}</div></main>",
    "icons": f"<article>{prose(4)}<h4><ion-icon></ion-icon>Check out next:</h4><p><del><b>a<i>b</i></b>c</del>d</p>{prose(3)}</article>",
    "breaks": "<div class='entry-content'>" + "<br><br>".join(LINE.format(n=n) for n in range(7)) + "</div>",
    "gaps": f"<article>{prose(4)}<p>a{' ' * 400}b <a href='/c'>some words of links</a></p>{prose(3)}</article>",
    "farms": f"<article>{prose(4)}<div><p>{LINE} <a href='/a'>one</a></p><div>{FARM}</div></div>{prose(3)}</article>",
    "quotes": f"<article>{prose(2)}<blockquote>{prose(2)}</blockquote><pre>a = 1;</pre>{prose(3)}</article>",
}


def said(root: HtmlElement, fast: bool) -> list[str]:
    """The words of Trafilatura's own answer, in order, without the marks of lists and tables."""
    document = bare_extraction(root, options=Extractor(output_format="python", fast=fast, comments=False))
    return words(document.text or "") if isinstance(document, Document) else []


def words(text: str) -> list[str]:
    return [word for word in text.replace("|", " ").split() if word.strip("-")]


def same(markup: str, cascade: bool) -> None:
    root = html.fromstring(markup)
    before = html.tostring(root)
    assert "".join(words(main_text(root, cascade))) == "".join(said(root, fast=not cascade))
    assert html.tostring(root) == before


@pytest.mark.parametrize("cascade", [False, True], ids=["fast", "cascade"])
@pytest.mark.parametrize("name", ODD)
def test_odd_pages_give_the_text_of_the_public_entry(name: str, cascade: bool) -> None:
    same(f"<html><head><title>x</title></head><body>{ODD[name]}</body></html>", cascade)


@pytest.mark.parametrize("cascade", [False, True], ids=["fast", "cascade"])
@pytest.mark.parametrize("markup", MARKUPS, ids=lambda markup: str(markup.__name__))
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_layouts_give_the_text_of_the_public_entry(layout: Layout, markup: object, cascade: bool) -> None:
    assert callable(markup)
    same(markup(layout), cascade)


def test_trafilatura_s_own_modules_stay_as_they_are() -> None:
    main_text(html.fromstring("<p>x</p>"))
    assert type(main_extractor.BODY_XPATH[0]).__module__ == "lxml.etree"
    assert trafilatura.core.extract_content is main_extractor.extract_content
