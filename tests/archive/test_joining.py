from __future__ import annotations

from dataclasses import replace

from archive.capture import Capture
from archive.extraction.article import Article, Part, Removed
from archive.joining import MAX_PAGES, Joined, Unfinished, page_of
from tests.archive.sample_collections import START, article, url


def capture(number: int) -> Capture:
    return Capture(
        number, url(f"a?page={number}"), START, f"<urn:uuid:{number}>", "response", "a.warc", number, 1, "d"
    )


def page(number: int, *paragraphs: str, further: bool = True) -> Article:
    return replace(
        article("a"),
        url=url(f"a?page={number}"),
        paragraphs=paragraphs or (f"Paragraph of page {number}.",),
        removed=(Removed("share.line", f"Share page {number}"),),
        continued_at=url(f"a?page={number + 1}") if further else None,
    )


def joined(*pages: Article) -> Joined:
    whole = Joined((capture(1),), pages[0])
    for number, further in enumerate(pages[1:], 2):
        whole = whole.continued(capture(number), further)
    return whole


def test_paragraphs_and_what_was_removed_follow_one_another() -> None:
    whole = joined(page(1), page(2), page(3, further=False)).article
    assert whole.paragraphs == tuple(f"Paragraph of page {number}." for number in (1, 2, 3))
    assert [removed.text for removed in whole.removed] == ["Share page 1", "Share page 2", "Share page 3"]
    assert whole.parts == tuple(Part(url(f"a?page={number}"), 1, 1) for number in (1, 2, 3))
    assert whole.continued_at is None
    assert whole.url == url("a?page=1")


def test_what_every_page_repeats_is_there_once() -> None:
    first = page(1, "Opening.", "The same box on each page.")
    second = replace(
        page(2, "Headline of a", "The same box on each page.", "New."), standfirst="A second standfirst."
    )
    assert joined(first, second).article.paragraphs == (
        "Opening.",
        "The same box on each page.",
        "A second standfirst.",
        "New.",
    )


def test_a_page_can_be_taken_out_of_the_whole_again() -> None:
    pages = page(1), replace(page(2), standfirst=None), replace(page(3, further=False), standfirst=None)
    whole = joined(*pages).article
    for number, single in enumerate(pages, 1):
        assert page_of(whole, url(f"a?page={number}")) == replace(single, url=url("a?page=1"))
    assert page_of(whole, url("b")) is None
    assert page_of(pages[0], url("b")) == pages[0]


def test_an_article_waits_for_its_next_page_but_not_in_a_circle_and_not_for_ever() -> None:
    assert joined(page(1)).waits
    assert not joined(page(1, further=False)).waits
    assert not joined(page(1), replace(page(2), continued_at=url("a?page=1"))).waits
    assert not joined(*(page(number) for number in range(1, MAX_PAGES + 1))).waits


def test_the_one_that_has_waited_longest_is_let_go_when_too_many_wait() -> None:
    unfinished = Unfinished()
    let_go = [
        gone
        for number in range(1, 1002)
        for gone in unfinished.add(Joined((replace(capture(1), number=number),), page(number)))
    ]
    assert [gone.captures[0].number for gone in let_go] == [1]
    assert len(unfinished.take_all()) == 1000
    assert unfinished.take_all() == []
