from __future__ import annotations

from archive.extraction.article import Article, Page
from archive.extraction.extract import extract


def test_lines_before_the_first_paragraph_that_are_no_sentences_are_no_part_of_the_article() -> None:
    prose = "".join(
        f"<div>{n}. The harbour council met for four hours and voted for the new ferry line in the end.</div>"
        for n in range(4)
    )
    lines = ("Lina Corr, Monday 9 November", "Share Mail Copy + -", "The old quay at dawn (Courier)")
    above = "".join(f"<div>{line}</div>" for line in lines)
    page = f"<html><body><h1>Council votes for ferry</h1>{above}<div>VELMAR (HC) —</div>{prose}</body></html>"
    outcome = extract(Page("https://daily.example/2026/11/council-votes", page.encode()))
    assert isinstance(outcome, Article)
    assert outcome.paragraphs[0] == "VELMAR (HC) —"
    assert len(outcome.paragraphs) == 5


def test_headings_and_lists_before_the_first_paragraph_stay() -> None:
    prose = "".join(
        f"<p>{n}. The harbour council met for four hours and voted for the new ferry line in the end.</p>"
        for n in range(4)
    )
    page = f"<html><body><article><h1>Council votes for ferry</h1><h2>A long debate</h2>{prose}</article></body></html>"
    outcome = extract(Page("https://daily.example/2026/11/council-votes", page.encode()))
    assert isinstance(outcome, Article)
    assert outcome.paragraphs[0] == "A long debate"
