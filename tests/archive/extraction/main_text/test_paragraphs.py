"""Our paragraphs are jusText's: same text, same words, same place."""

from __future__ import annotations

import pytest
from justext.core import ParagraphMaker, classify_paragraphs
from justext.paragraph import Paragraph
from lxml import html

from archive.extraction.main_text import choice
from tests.archive.extraction.layouts import LAYOUTS, MARKUPS

ODD = (
    "<div>a  b<br>c\td\r\ne<br><br>f\u00a0g \u2003h</div><h2>i<a href=/j> k </a></h2>"
    "<select><option>l</select><p>\n m \n\n n</p>"
)
PAGES = [ODD, *(markup(layout) for layout in LAYOUTS for markup in MARKUPS)]


def told(paragraph: Paragraph) -> tuple[object, ...]:
    return (
        paragraph.text,
        paragraph.dom_path,
        paragraph.chars_count_in_links,
        paragraph.is_heading,
        paragraph.cf_class,
    )


@pytest.mark.parametrize("page", PAGES)
def test_they_are_the_same_paragraphs(page: str) -> None:
    stopwords = frozenset({"the", "of", "a"})
    theirs = ParagraphMaker.make_paragraphs(html.fromstring(page))
    ours = choice._EXTERNAL.ParagraphMaker.make_paragraphs(html.fromstring(page))
    for paragraphs in (theirs, ours):
        classify_paragraphs(paragraphs, stopwords, 50, 150, 0.1, 0.2, 0.25, True)
    assert list(map(told, ours)) == list(map(told, theirs))
