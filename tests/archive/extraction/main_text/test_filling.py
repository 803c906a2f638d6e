from __future__ import annotations

import pytest

from archive.extraction.article import Article, Page
from archive.extraction.extract import extract

OPENING = [
    f"Day {n} of the walk along the coast begins at the ferry and ends at an inn above the harbour."
    for n in range(8)
]
LOST = [
    f"Station {n} stands on a rock, and whoever wants to see it has to ask the keeper for the key."
    for n in range(8)
]


NEWS = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A walk along the coast"}</script>'


def paragraphs(markup: str, head: str = "") -> tuple[str, ...]:
    page = f"<html><head>{head}</head><body><article><h1>A walk along the coast</h1>{markup}</article></body></html>"
    outcome = extract(Page("https://daily.example/2026/11/walk-along-the-coast", page.encode()))
    assert isinstance(outcome, Article)
    return outcome.paragraphs


def told(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def cards(lines: list[str], kind: str) -> str:
    return "".join(f'<div class="{kind}"><p>{line}</p></div>' for line in lines)


def test_parts_of_the_text_that_were_lost_from_inside_it_come_back() -> None:
    # Trafilatura takes nothing out of an element with this word in its class.
    parts = [
        cards(LOST[:4], "viral-card"),
        told(OPENING[4:]),
        cards(LOST[4:], "viral-card"),
        told(["The walk ends here, at the lighthouse."]),
    ]
    found = paragraphs(told(OPENING[:4]) + "".join(parts))
    assert found == (
        *OPENING[:4],
        *LOST[:4],
        *OPENING[4:],
        *LOST[4:],
        "The walk ends here, at the lighthouse.",
    )


def test_a_box_inside_the_text_stays_out_of_it() -> None:
    found = paragraphs(told(OPENING[:4]) + f'<div class="viral">{told(LOST[:3])}</div>' + told(OPENING[4:]))
    assert found == tuple(OPENING)


def test_a_guide_gets_back_lost_parts_of_any_kind_that_a_piece_of_news_does_without() -> None:
    parts = [f'<section class="viral"><div>{line}</div></section>' for line in LOST[:2]]
    markup = told(OPENING[:4]) + parts[0] + told(OPENING[4:6]) + parts[1] + told(OPENING[6:])
    assert paragraphs(markup) == (*OPENING[:4], LOST[0], *OPENING[4:6], LOST[1], *OPENING[6:])
    assert paragraphs(markup, NEWS) == tuple(OPENING)


def test_cells_of_a_table_of_data_come_back_to_a_guide() -> None:
    rows = [("Inn", "Beds"), ("Old Customs House", "eleven"), ("The Ramp", "four")]
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    markup = told(OPENING[:4]) + f'<div class="viral"><table>{lines}</table></div>' + told(OPENING[4:])
    assert paragraphs(markup) == (*OPENING[:4], *(cell for row in rows for cell in row), *OPENING[4:])


@pytest.mark.parametrize(
    "box", ['div class="viral info-box"', 'div class="viral CallToAction-banner"', 'form class="viral"']
)
def test_what_is_called_a_box_stays_out_of_a_guide_too(box: str) -> None:
    parts = [f"<{box}><div>{line}</div></{box.split()[0]}>" for line in LOST[:2]]
    markup = told(OPENING[:4]) + parts[0] + told(OPENING[4:6]) + parts[1] + told(OPENING[6:])
    assert paragraphs(markup) == tuple(OPENING)
