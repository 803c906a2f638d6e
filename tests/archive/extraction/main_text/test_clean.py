# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

import pytest

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


LINES = (
    "The harbour council met for four hours on Monday and voted for the new ferry line in the end.",
    "Its chairwoman said that the line would be opened in May, when the second ramp has been built.",
    "Two fishermen left the room before the vote, and one of them called the plan a gift to hotels.",
    "The ferry company has asked for a loan of nine million, about which the state bank will decide.",
)
BODY = "".join(f"<p>{line}</p>" for line in LINES)


def paragraphs(markup: str, head: str = "") -> tuple[str, ...]:
    page = f"<html><head>{head}</head><body><article><h1>Council votes for ferry</h1>{markup}</article></body></html>"
    outcome = extract(Page("https://daily.example/2026/11/council-votes", page.encode()))
    assert isinstance(outcome, Article)
    return outcome.paragraphs


@pytest.mark.parametrize(
    "closing",
    [
        "<p>Lina Corr</p>",
        "<p>(hc/lco)</p>",
        "<p>Lina Corr, Velmar</p><p>lina.corr@daily.example</p>",
        "<p>Translated by Ana Ruiz</p>",
    ],
)
def test_a_signature_at_the_end_is_no_part_of_the_text(closing: str) -> None:
    assert paragraphs(BODY + closing) == LINES


@pytest.mark.parametrize(
    "closing",
    [
        "<ul><li>Tickets: nine crowns</li><li>Crossings: twelve a day</li></ul>",
        "<p>Velmar</p><p>Corrin</p><p>Hollis</p><p>Port Amsel</p>",
        "<blockquote><p>A gift to hotels</p></blockquote>",
        "<p>The vote was close.</p>",
    ],
)
def test_lists_quotations_and_sentences_at_the_end_stay(closing: str) -> None:
    assert len(paragraphs(BODY + closing)) > len(LINES)


def test_lines_without_full_stops_close_no_text_that_has_none() -> None:
    lines = tuple(line.rstrip(".") for line in LINES)
    assert (
        paragraphs("".join(f"<p>{line}</p>" for line in lines) + "<p>And so it ends</p>")[-1]
        == "And so it ends"
    )


def test_headings_that_are_items_of_a_list_stay_at_the_end() -> None:
    items = "<ul><li><h3>Port Amsel at nine</h3></li><li><h3>Velmar at ten</h3></li></ul>"
    assert paragraphs(BODY + "<p>The boats leave from:</p>" + items)[-1] == "Velmar at ten"


def test_a_quotation_that_a_paragraph_says_too_is_pulled_from_it() -> None:
    pulled = "<blockquote><p>“Called the plan a gift to hotels”</p><p>Lina Corr, reporter</p></blockquote>"
    assert paragraphs(f"<p>{LINES[0]}</p>{pulled}" + "".join(f"<p>{line}</p>" for line in LINES[1:])) == LINES


def test_a_quotation_that_stands_once_stays() -> None:
    said = "We have waited for this line since my father mended nets on the quay."
    assert said in paragraphs(f"<p>{LINES[0]}</p><blockquote><p>{said}</p></blockquote>" + BODY)


def test_what_follows_the_text_and_begins_with_the_name_of_its_author_is_a_biography() -> None:
    head = '<meta name="author" content="Lina Corr">'
    life = "Lina Corr has reported from the harbours of the north for eleven years and lives in Port Amsel with two dogs."
    assert paragraphs(f"{BODY}<p>{life}</p>", head) == LINES
    assert paragraphs(f"<p>{life}</p>{BODY}", head)[0] == life
