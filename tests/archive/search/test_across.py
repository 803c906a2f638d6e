from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.catalogue.search_rows import Facets, Order, Wanted
from archive.errors import CollectionError
from archive.exports.selection import Selection
from archive.search.across import facets_across, find_across
from archive.search.query import parse
from archive.search.searching import Searching, searching
from tests.archive.search.shelf import store, story


@pytest.fixture
def searches(tmp_path: Path) -> Iterator[list[Searching]]:
    """`first` speaks of harbours here and there, `second` of nothing else, `third` not at all."""
    day = date(2026, 3, 1)
    store(
        tmp_path,
        story("a", "Harbour and harbour", "Harbour.", outlet="Courier", date_published=day.replace(day=4)),
        story("b", "Bridges", "A harbour has none.", outlet="Courier", date_published=day.replace(day=2)),
        story("c", "Towers", "A tower is high.", outlet="Daily", language="en"),
        name="first",
    )
    store(
        tmp_path,
        story("d", "Old harbour", "A harbour.", outlet="Courier", date_published=day.replace(day=3)),
        story(
            "e", "Ships", "In a harbour.", language="en",
            date_published=datetime(2026, 3, 4, 23, 30, tzinfo=UTC),
        ),
        name="second",
    )  # fmt: skip
    store(tmp_path, story("f", "Mountains"), name="third")
    with ExitStack() as opened:
        yield [opened.enter_context(searching(tmp_path, name)) for name in ("first", "second", "third")]


def never(name: str, error: CollectionError) -> None:
    raise AssertionError(name) from error


def found(searches: list[Searching], wanted: Wanted) -> tuple[int, list[tuple[str, str]]]:
    answer = find_across(searches, wanted, never)
    return answer.total, [(each.collection, each.hit.url[-1]) for each in answer.hits]


HARBOUR = Wanted(parse("harbour"))
NEWEST = [("second", "e"), ("first", "a"), ("second", "d"), ("first", "b")]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", NEWEST),
        ("oldest", NEWEST[::-1]),
        ("relevance", [("first", "a"), ("second", "d"), ("second", "e"), ("first", "b")]),
    ],
)
def test_hits_of_all_collections_are_one_list(
    searches: list[Searching], order: Order, expected: list[tuple[str, str]]
) -> None:
    wanted = replace(HARBOUR, order=order)
    assert found(searches, wanted) == (4, expected)
    pages = [found(searches, replace(wanted, offset=place, limit=1)) for place in range(5)]
    assert pages == [(4, [each]) for each in expected] + [(4, [])]


def test_without_words_the_newest_articles_come_first(searches: list[Searching]) -> None:
    for order in ("newest", "relevance"):
        total, hits = found(searches, Wanted(order=order, limit=2))  # type: ignore[arg-type]
        assert (total, hits) == (6, NEWEST[:2])


def test_filters_hold_in_every_collection(searches: list[Searching]) -> None:
    assert found(searches, Wanted(selection=Selection(languages=frozenset(["en"])))) == (
        2,
        [("second", "e"), ("first", "c")],
    )


def test_counts_are_those_of_all_collections(searches: list[Searching]) -> None:
    assert facets_across(searches, never) == Facets(
        6,
        (("Courier", 3), (None, 2), ("Daily", 1)),
        ((None, 4), ("en", 2)),
        (("article", 6),),
        "2026-03-04T23:30:00Z",
    )
    assert facets_across([], never) == Facets(0, (), (), (), None)


def test_a_collection_that_is_gone_is_told_of_and_the_others_are_searched(
    searches: list[Searching], tmp_path: Path
) -> None:
    for path in (tmp_path / "first").glob("*.sqlite*"):
        path.unlink()
    (tmp_path / "first/indexes/search.sqlite").write_bytes(b"rubbish" * 1000)
    told: list[str] = []
    answer = find_across(searches, HARBOUR, lambda name, error: told.append(f"{name}: {error}"))
    assert [each.collection for each in answer.hits] == ["second", "second"]
    assert told == [f"first: {tmp_path / 'first'} is no longer there"]
