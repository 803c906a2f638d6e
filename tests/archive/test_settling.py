from __future__ import annotations

from array import array
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.capture import Capture
from archive.catalogue.catalogue import Catalogue
from archive.digests import text_hash
from archive.errors import ExtractionError
from archive.extraction.article import NoArticle, Outcome
from archive.extraction.document import text_file_bytes
from archive.outcomes import AsBefore, Failure, outcome_of
from archive.settling import Settling
from archive.text.names import TextName
from archive.text.numbers import TextNumbers
from archive.text.store import TextStore
from tests.archive.sample_collections import START, article, url


def capture(number: int) -> Capture:
    return Capture(
        number, url(str(number)), START, f"<urn:uuid:{number}>", "response", "a.warc.gz", number, 1, "d"
    )


def known(record_id: str) -> int | None:
    return int(record_id.removeprefix("<urn:uuid:").removesuffix(">"))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "catalogue.sqlite", writable=True) as opened:
        yield opened


def test_a_finished_extraction_gives_its_outcome() -> None:
    future: Future[Outcome] = Future()
    future.set_result(article("a"))
    assert outcome_of(url("a"), future) == article("a")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ExtractionError("http://news.example/a: took too long"), "http://news.example/a: took too long"),
        (KeyError("x"), "http://news.example/a: extraction failed: KeyError('x')"),
    ],
)
def test_a_failed_extraction_is_a_failure_that_names_the_page(error: Exception, reason: str) -> None:
    future: Future[Outcome] = Future()
    future.set_exception(error)
    assert outcome_of(url("a"), future) == Failure(reason)


def test_a_batch_holds_what_one_commit_writes(tmp_path: Path, catalogue: Catalogue) -> None:
    settling = Settling(catalogue, TextStore(tmp_path), TextNumbers(5))
    for number in (1, 2, 3, 4):
        settling.turns.expect(capture(number))
    settling.turns.put(3, NoArticle(url("3"), "empty", "The page shows no text."))
    settling.turns.put(4, AsBefore("<urn:uuid:3>"))
    assert settling.take(known).settled == []
    settling.turns.put(1, article("a"))
    settling.turns.put(2, article("a"))
    batch = settling.take(known)
    content = text_file_bytes(article("a"))
    name = TextName(5, text_hash(content))
    assert batch.contents == {name: content}
    assert [c["record_id"] for c in batch.records[name]["captures"]] == ["<urn:uuid:1>", "<urn:uuid:2>"]
    assert [(s.capture.number, s.state, s.new_text, s.note) for s in batch.settled] == [
        (1, "text", True, None),
        (2, "text", False, None),
        (3, "no-article", False, "The page shows no text."),
        (4, "no-article", False, "The page shows no text."),
    ]
    assert len(settling.turns) == 0


def test_a_revisit_of_nothing_fails(tmp_path: Path, catalogue: Catalogue) -> None:
    settling = Settling(catalogue, TextStore(tmp_path), TextNumbers(0))
    settling.turns.expect(capture(1))
    settling.turns.put(1, AsBefore(None))
    (settled,) = settling.take(known).settled
    assert settled.state == "failed"
    assert settled.note == (
        "the capture that this revisit refers to is not in the collection; replay its WARC file first"
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_captures_settle_in_their_order_whatever_comes_first(
    data: st.DataObject, tmp_path: Path, catalogue: Catalogue
) -> None:
    """Those of an earlier run first, then today's; both expected and settled in any interleaving."""
    earlier, today = [2, 3, 5, 8], [9, 10, 11, 12]
    settling = Settling(catalogue, TextStore(tmp_path), TextNumbers(0))
    settling.turns.expect_first(array("Q", earlier))
    to_expect, waiting, settled = [list(earlier), list(today)], list[int](), list[int]()
    while any(to_expect) or waiting:
        sources = [source for source in to_expect if source]
        if sources and (not waiting or data.draw(st.booleans())):
            number = data.draw(st.sampled_from(sources)).pop(0)
            settling.turns.expect(capture(number))
            waiting.append(number)
        else:
            number = waiting.pop(data.draw(st.integers(0, len(waiting) - 1)))
            settling.turns.put(number, article(str(number)))
        settled += [done.capture.number for done in settling.take(known).settled]
    assert settled == earlier + today
    assert len(settling.turns) == 0
