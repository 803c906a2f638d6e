from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from archive.capture import PAGE_LIMIT, Capture
from archive.extraction.article import Article, NoArticle, Rules
from archive.extraction.workers.pool import ExtractionPool
from archive.in_flight import InFlight
from archive.outcomes import Failure
from archive.spool import Spool
from tests.archive.sample_collections import START, raw_response, url

FIRST = Capture(
    number=1,
    url=url("page"),
    date=START,
    record_id="<urn:uuid:1>",
    record_type="response",
    warc="a.warc.gz",
    offset=0,
    length=1,
    entity_digest="sha256:A",
)


@pytest.fixture(scope="module")
def pool() -> Iterator[ExtractionPool]:
    opened = ExtractionPool(1, Rules())
    yield opened
    opened.stop()


@pytest.fixture
def settled() -> dict[int, Article | NoArticle | Failure]:
    return {}


def test_pages_are_held_back_by_their_bytes(
    pool: ExtractionPool, settled: dict[int, Article | NoArticle | Failure]
) -> None:
    pages = InFlight(pool, settled.__setitem__)
    spaces = raw_response(b" " * (12 << 20))
    for number in range(1, 7):
        with Spool(spaces) as block:
            pages.hand_over(replace(FIRST, number=number), block)
        assert number - len(settled) <= 2
    while pages:
        pages.receive()
    assert {number: type(outcome) for number, outcome in settled.items()} == dict.fromkeys(
        range(1, 7), NoArticle
    )


def test_a_page_that_is_too_large_fails_and_is_not_waited_for(
    pool: ExtractionPool, settled: dict[int, Article | NoArticle | Failure]
) -> None:
    pages = InFlight(pool, settled.__setitem__)
    with Spool(bytes(PAGE_LIMIT + 1)) as block:
        pages.hand_over(FIRST, block)
    assert not pages
    assert settled == {
        1: Failure(f"{url('page')}: {PAGE_LIMIT + 1} bytes are more than a page can have ({PAGE_LIMIT})")
    }
