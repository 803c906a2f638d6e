from __future__ import annotations

import pytest

from archive.extraction.article import Article, Page
from archive.extraction.document import text_file_bytes
from archive.extraction.extract import extract

LEAD = "Two boats, one ramp and eleven hundred people: how a quiet Tuesday became the longest day of the ferry company."
BODY = (
    "The first ferry of the day left the harbour at six with only eleven passengers and a crew of four on board.",
    "By noon the queue had reached the old customs house, and the company sent a second boat from the island.",
    "Nobody was hurt, a spokesman said in the evening, but the ramp will have to be looked at before the weekend.",
)


def extracted(opening: str, description: str = LEAD) -> Article:
    body = "".join(f"<p>{line}</p>" for line in BODY)
    markup = (
        f'<html><head><title>Ferry queue</title><meta name="description" content="{description}"></head><body><article>'
        f"<h1>Ferry queue reaches customs house</h1>{opening}<div>{body}</div></article></body></html>"
    )
    outcome = extract(Page("https://daily.example/a/48151.html", markup.encode(), "text/html; charset=utf-8"))
    assert isinstance(outcome, Article)
    return outcome


@pytest.mark.parametrize(
    "opening",
    [
        f"<h2>{LEAD}</h2>",
        f"<div><p>{LEAD}</p></div>",
        f'<p class="x7">{LEAD}</p>',
        f'<div class="standfirst">{LEAD}</div>',
    ],
)
def test_the_description_set_off_from_the_body_is_the_standfirst(opening: str) -> None:
    found = extracted(opening)
    assert (found.standfirst, found.paragraphs) == (LEAD, BODY)
    assert text_file_bytes(found).decode().split("\n\n")[:2] == [found.headline, LEAD]


def test_a_first_paragraph_that_the_description_repeats_stays_in_the_body() -> None:
    found = extracted("", description=BODY[0])
    assert (found.standfirst, found.paragraphs) == (None, BODY)


def test_the_headline_goes_from_the_body_and_a_sentence_like_it_stays() -> None:
    repeated = extracted("<p>Ferry queue reaches customs house</p>", "")
    assert repeated.paragraphs == BODY
    sentence = (
        "Ferry queue reaches customs house as the company struggles with a broken ramp, passengers told us."
    )
    assert extracted(f"<p>{sentence}</p>", "").paragraphs == (sentence, *BODY)


def test_a_dateline_before_the_description_keeps_it_the_standfirst() -> None:
    found = extracted(f'<p class="x7">Velmar. {LEAD}</p>')
    assert (found.standfirst, found.paragraphs) == (f"Velmar. {LEAD}", BODY)
