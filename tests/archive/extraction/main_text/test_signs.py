from __future__ import annotations

from lxml import html

from archive.extraction.main_text import signs
from archive.extraction.parsing.outline import Outline
from archive.extraction.parsing.tree import parse

LONG = "The ferry to the outer islands sails again from Monday, " * 3
WRAPPED = LONG.replace("islands", "islands\n        ")
MARKUP = f"""
    <h1> Ferry </h1>
    <p>{LONG}<b>says</b> the port.</p><p>First line<br> {LONG}</p>
    <pre>{{ {LONG} }}</pre><p>{WRAPPED}</p>
"""


def outline(markup: str) -> Outline:
    root = parse(markup, "https://daily.example/")
    assert root is not None
    return Outline(root)


def test_each_run_is_known_by_its_signs() -> None:
    page = outline(MARKUP)
    signs.mark(page.runs)
    assert signs.numbers(page.root.text_content()) == set(range(len(page.runs)))
    assert signs.numbers(page.root.findall(".//p")[1].text_content()) == {2, 3}


def test_a_filler_measures_what_the_text_did() -> None:
    plain, marked = outline(MARKUP), outline(MARKUP)
    signs.mark(marked.runs)
    for before, after in zip(plain.root.iter("*"), marked.root.iter("*"), strict=True):
        runs = len(signs.numbers(after.text_content()))
        assert len(after.text_content()) == len(before.text_content()) + 2 * runs
        trimmed = " ".join(after.text_content().split())
        assert len(trimmed) == len(" ".join(before.text_content().split())) + 2 * runs


def test_code_and_broken_lines_keep_their_text_and_all_comes_back() -> None:
    page = outline(MARKUP)
    filled = signs.mark(page.runs)
    code, broken = page.root.find(".//pre"), page.root.findall(".//p")[2]
    assert LONG in code.text_content()
    assert "Monday" in broken.text_content()
    assert LONG not in page.root.findall(".//p")[0].text_content()
    signs.unfill(filled)
    assert html.tostring(page.root, method="text", encoding="unicode").count(LONG.strip()) == 3
    assert signs.numbers(page.root.text_content()) == set(range(len(page.runs)))
