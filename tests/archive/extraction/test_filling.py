from __future__ import annotations

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


def paragraphs(markup: str) -> tuple[str, ...]:
    page = f"<html><body><article><h1>A walk along the coast</h1>{markup}</article></body></html>"
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
