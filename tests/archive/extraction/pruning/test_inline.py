# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

import pytest

from archive.extraction.article import Removed
from tests.archive.extraction.pruning.test_prune import BODY, extracted, paragraphs

LINK = '<a href="/news/2024/03/04/another-48017.html">Another story of the day</a>'


@pytest.mark.parametrize(
    ("piece", "cut"),
    [
        (f" (Read also: {LINK})", "(Read also: Another story of the day)"),
        (f" [See also {LINK}.]", "[See also Another story of the day.]"),
        (f" Read more: {LINK}", "Read more: Another story of the day"),
        (f" Read also: <strong>{LINK}</strong>.", "Read also: Another story of the day."),
    ],
)
def test_a_marker_with_its_link_leaves_the_paragraph_that_it_ends(piece: str, cut: str) -> None:
    first, *rest = BODY
    found = extracted(f"<p>{first}{piece}</p>", *paragraphs(tuple(rest)))
    assert found.paragraphs == BODY
    assert found.removed[-1] == Removed("related.inline", cut)


def test_two_of_them_leave_one_paragraph_in_the_order_in_which_they_stood() -> None:
    first, *rest = BODY
    other = LINK.replace("Another", "One more")
    found = extracted(f"<p>{first} (Read also: {LINK}) (See also: {other})</p>", *paragraphs(tuple(rest)))
    assert found.paragraphs == BODY
    assert [block.text for block in found.removed if block.rule == "related.inline"] == [
        "(Read also: Another story of the day)",
        "(See also: One more story of the day)",
    ]


@pytest.mark.parametrize(
    ("markup", "line"),
    [
        (
            f"The captain (see {LINK} and what followed) stayed on board until the last of the passengers had left it.",
            "The captain (see Another story of the day and what followed) stayed on board until the last of the passengers had left it.",
        ),
        (
            f"Nobody on the quay would read {LINK} aloud that evening, although the harbour master had asked for it twice.",
            "Nobody on the quay would read Another story of the day aloud that evening, although the harbour master had asked for it twice.",
        ),
        (
            f"The harbour master keeps the reports of all accidents (more on {LINK}) in a steel box under the stairs.",
            "The harbour master keeps the reports of all accidents (more on Another story of the day) in a steel box under the stairs.",
        ),
    ],
)
def test_a_link_that_belongs_to_its_sentence_stays(markup: str, line: str) -> None:
    assert extracted(*paragraphs((*BODY, markup))).paragraphs == (*BODY, line)


def test_a_teaser_whose_summary_ends_as_a_sentence_does_goes_whole() -> None:
    summary = "The council closed the bridges on Monday after divers had found cracks in their eastern piers, and it will meet again in May to hear what the engineers propose, which may well take the whole of the summer to build."
    title = LINK.replace("Another story of the day", "Another story of the day that has a title")
    teaser = f"<p>Read also: {title} {summary}</p>"
    first, *rest = paragraphs()
    assert extracted(first, teaser, *rest, teaser).paragraphs == BODY
