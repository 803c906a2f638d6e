"""Articles that stand in a frame of their page, as capture writes what it saw there."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest

from archive.extraction.article import Article, NoArticle, Outcome, Page, Removed, Reservation
from archive.extraction.explanation.explained import Line
from archive.extraction.extract import explain, extract
from archive.extraction.framed import AROUND, SEEN

URL = "https://www.daily.example/2026/03/harbour"
FRAME = "https://frames.example/text/harbour"
PARAGRAPHS = (
    "The harbour of the old town opens again on Friday, the office said, after four weeks in which no ship could "
    "enter it and the fishermen sold what they caught from the beach of the next village.",
    "Divers had to lift two barges that lay across the channel, and the lights of the mole were set anew by the men "
    "of the yard, who worked at night because the current is weaker then.",
    "Two ferries that had been sent to the port across the bay come back on Saturday. Their first trip, the office "
    "said, is free for those who live on the islands and could not leave them.",
    "What the storm has cost the town nobody can say yet. The council meets on Monday and wants to hear the engineers "
    "before it decides whether the mole is to be raised by a metre.",
)
STORY = (
    "<article><h1>The harbour opens again after the storm</h1><time datetime='2026-03-01T09:00:00+00:00'>1 March</time>"
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + "<p><a href='next'>The map of the channel</a></p></article>"
)
OFFER = (
    "<article><h1>Shoes that carry you</h1>" + "<p>Buy the shoes that everybody wears this spring.</p>" * 4
)
CONSENT = (
    "<h1>We value your privacy</h1><p>We and our partners use cookies and process personal data to show you "
    "personalised advertising. You can accept all cookies, reject them or manage your consent choices.</p>"
    "<button>Accept all</button><button>Reject all</button>"
)
AROUND_IT = "<header><a href='/'>Daily</a></header>"


def document(body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>Harbour</title>{head}</head><body>{body}</body></html>'
    )


def frame(inside: str, address: str | None = FRAME) -> str:
    seen = "" if address is None else f' {SEEN}="{address}"'
    return f'<iframe sandbox=""{seen} srcdoc="{escape(inside)}"></iframe>'


def outcome(*parts: str, head: str = "", header: Reservation | None = None) -> Outcome:
    body = document("".join((AROUND_IT, *parts)), head).encode()
    return extract(Page(URL, body, "text/html; charset=utf-8", None, header))


def article(*parts: str, head: str = "", header: Reservation | None = None) -> Article:
    found = outcome(*parts, head=head, header=header)
    assert isinstance(found, Article), found
    return found


def test_the_article_of_a_frame_is_that_of_the_page_that_shows_nothing_else() -> None:
    found = article(frame(document(STORY)))
    assert (found.url, found.frame) == (URL, FRAME)
    assert found.headline == "The harbour opens again after the storm"
    assert found.paragraphs == PARAGRAPHS
    assert found.date_published == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_it_has_the_text_that_the_frame_has_alone() -> None:
    alone = extract(Page(FRAME, document(STORY).encode(), "text/html; charset=utf-8"))
    assert isinstance(alone, Article)
    assert article(frame(document(STORY))).paragraphs == alone.paragraphs


def test_an_article_in_a_frame_of_a_frame_is_found_and_no_deeper_one() -> None:
    inner = frame(document(STORY), "https://inner.example/")
    found = article(frame(document(inner)))
    assert (found.url, found.frame, found.paragraphs) == (URL, "https://inner.example/", PARAGRAPHS)
    assert isinstance(outcome(frame(document(frame(document(inner))))), NoArticle)


def test_a_menu_of_many_links_around_the_frame_makes_no_section_of_the_page() -> None:
    menu = "".join(
        f"<li><a href='/{word}'>News of the {word} and what follows from it</a></li>"
        for word in "abcdefghijkl"
    )
    assert article(f"<ul>{menu}</ul>", frame(document(STORY))).paragraphs == PARAGRAPHS


def test_what_the_frame_leaves_open_is_what_the_page_says() -> None:
    head = (
        '<meta property="og:site_name" content="The Daily"><meta name="author" content="Ada Harper">'
        '<meta property="og:image" content="/harbour.jpg"><link rel="canonical" href="/harbour">'
    )
    found = article(frame(document(STORY, '<link rel="canonical" href="/x">')), head=head)
    assert (found.outlet, found.authors) == ("The Daily", ("Ada Harper",))
    assert found.image == "https://www.daily.example/harbour.jpg"
    assert found.canonical_url == "https://www.daily.example/harbour"


def test_addresses_in_the_frame_are_relative_to_its_own() -> None:
    image = '<meta property="og:image" content="map.png">'
    assert article(frame(document(STORY, image))).image == "https://frames.example/text/map.png"
    assert (
        article(frame(document(STORY, image), "about:blank")).image
        == "https://www.daily.example/2026/03/map.png"
    )


def test_rights_are_those_that_response_page_and_frame_state() -> None:
    said = '<meta name="tdm-reservation" content="{}">'
    header = Reservation("header", True, None)
    found = article(frame(document(STORY, said.format(1))), head=said.format(0), header=header)
    assert found.rights == (header, Reservation("meta", False, None), Reservation("meta", True, None))


def test_what_stands_around_the_frame_is_named_among_what_was_removed() -> None:
    line = "The weather stays calm on the coast."
    found = article(f"<p>{line}</p>", frame(document(STORY)))
    assert found.removed[0] == Removed(AROUND, f"Daily\n{line}")
    body = document(f"{AROUND_IT}<p>{line}</p>{frame(document(STORY))}").encode()
    explained = explain(Page(URL, body, "text/html; charset=utf-8"))
    assert explained.outcome == found
    assert Line(line, "dropped", AROUND) in explained.lines
    assert [each.text for each in explained.lines if each.verdict == "kept"] == list(PARAGRAPHS)


def test_a_frame_beside_an_article_is_not_looked_into() -> None:
    other = "".join(f"<p>{text} {text}</p>" for text in reversed(PARAGRAPHS))
    claims = '<meta property="og:type" content="article">'
    alone = article(STORY)
    assert article(STORY, frame(document(f"<h1>Shoes</h1>{other}{other}", claims))) == alone
    assert article(frame(document(f"<h1>Shoes</h1>{other}{other}", claims)), STORY) == alone


@pytest.mark.parametrize(
    "inside",
    [CONSENT, OFFER, "<p>" + "</p><p>".join(PARAGRAPHS) + "</p>", "", "<", "\x00", "<p>" * 100_000],
    ids=["consent", "offer", "text without a heading", "nothing", "a bracket", "zero", "too deep"],
)
def test_a_frame_that_is_no_article_leaves_the_page_what_it_is(inside: str) -> None:
    assert outcome(frame(document(inside))) == outcome()


def test_what_readers_wrote_in_a_frame_of_a_page_that_claims_an_article_is_none() -> None:
    claims = '<meta property="og:type" content="article">'
    comments = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert isinstance(outcome(frame(document(comments)), head=claims), NoArticle)
    assert article(frame(document(STORY)), head=claims).paragraphs == PARAGRAPHS


@pytest.mark.parametrize("head", ["<title>404 Not Found</title>", "<title>Page not found</title>"])
def test_a_page_that_says_it_is_something_else_stays_that(head: str) -> None:
    markup = document(f"{AROUND_IT}<h1>Page not found</h1>{frame(document(STORY))}").replace(
        "<title>Harbour</title>", head
    )
    found = extract(Page(URL, markup.encode(), "text/html; charset=utf-8"))
    assert isinstance(found, NoArticle)
    assert found.kind == "not-found"


def test_a_srcdoc_of_the_page_s_own_is_not_read() -> None:
    assert outcome(frame(document(STORY), None)) == outcome()


def test_of_several_frames_the_longest_article_is_taken() -> None:
    shorter = STORY.replace(f"<p>{PARAGRAPHS[-1]}</p>", "").replace("harbour opens", "pier opens")
    found = article(frame(document(shorter), "https://a.example/"), frame(document(STORY)))
    assert (found.frame, found.paragraphs) == (FRAME, PARAGRAPHS)


def test_frames_past_the_fourth_are_not_read() -> None:
    assert isinstance(outcome(*[frame(document(OFFER))] * 4, frame(document(STORY))), NoArticle)
