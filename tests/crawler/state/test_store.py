from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.state.errors import StateError
from crawler.state.known import KnownPage, KnownSource, Validators
from crawler.state.store import CrawlState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = "https://news.example/feed"
HOUR = timedelta(hours=1)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[CrawlState]:
    opened = CrawlState(tmp_path / "crawl.sqlite")
    yield opened
    opened.close()


def url(name: str) -> str:
    return f"https://news.example/{name}"


def listed(state: CrawlState, *names: str, now: datetime = NOW, outlet: str = "news") -> list[str]:
    return state.listed(FEED, Validators('"1"', None), outlet, {name: url(name) for name in names}, now)


def due(state: CrawlState, now: datetime) -> list[str]:
    return [page.key for page in state.due("news", now)]


def test_only_pages_that_were_not_known_are_new(state: CrawlState) -> None:
    assert listed(state, "a", "b") == ["a", "b"]
    assert listed(state, "b", "c", "a", now=NOW + HOUR) == ["c"]
    assert len(list(state.all("news", NOW + HOUR))) == 3


def test_a_source_is_asked_for_with_what_its_server_gave(state: CrawlState) -> None:
    assert state.source(FEED).headers() == {}
    listed(state, "a")
    assert state.source(FEED).headers() == {"If-None-Match": '"1"'}
    both = Validators('"2"', "Sun, 01 Mar 2026 12:00:00 GMT")
    state.listed(FEED, both, "news", {}, NOW)
    assert state.source(FEED).headers() == {
        "If-None-Match": '"2"',
        "If-Modified-Since": "Sun, 01 Mar 2026 12:00:00 GMT",
    }


def test_it_is_known_how_new_a_source_was_and_since_when_it_lists_the_same(state: CrawlState) -> None:
    assert state.known_source(FEED) is None
    pages = {"a": url("a"), "b": url("b")}
    state.listed(FEED, Validators(), "news", pages, NOW, NOW - HOUR)
    assert state.known_source(FEED) == KnownSource(2, NOW - HOUR, NOW)
    other_way_round = dict(reversed(pages.items()))
    state.listed(FEED, Validators(), "news", other_way_round, NOW + HOUR, NOW - HOUR)
    assert state.known_source(FEED) == KnownSource(2, NOW - HOUR, NOW)
    state.listed(FEED, Validators(), "news", {"a": url("a")}, NOW + 2 * HOUR)
    assert state.known_source(FEED) == KnownSource(1, None, NOW + 2 * HOUR)


def test_what_was_listed_stays_due_until_it_is_fetched(state: CrawlState) -> None:
    listed(state, "a", "b")
    state.fetched("a", Validators('"x"'), NOW)
    assert due(state, NOW) == ["b"]
    assert due(state, NOW + timedelta(days=40)) == ["b", "a"]


def test_a_fetched_page_is_due_for_edits_with_its_validators(state: CrawlState) -> None:
    listed(state, "a")
    state.fetched("a", Validators('"x"', None), NOW)
    assert due(state, NOW + HOUR - timedelta(seconds=1)) == []
    assert list(state.due("news", NOW + HOUR)) == [KnownPage("a", url("a"), Validators('"x"', None))]
    state.fetched("a", Validators('"y"', None), NOW + HOUR)
    assert due(state, NOW + 5 * HOUR) == []
    assert due(state, NOW + 6 * HOUR) == ["a"]


def test_gone_pages_are_never_due(state: CrawlState) -> None:
    listed(state, "a")
    state.gone("a", NOW)
    assert due(state, NOW + timedelta(days=400)) == []
    assert listed(state, "a") == []


def test_a_page_that_is_known_by_its_twin_is_never_due(state: CrawlState) -> None:
    listed(state, "story", "amp")
    state.fetched("story", Validators(), NOW)
    state.twin("amp", url("amp"), "news", NOW, of="story")
    assert due(state, NOW + timedelta(days=40)) == ["story"]
    assert [page.key for page in state.all("news", NOW)] == ["story"]


def test_of_an_amp_page_and_its_canonical_twin_the_latter_is_looked_at(state: CrawlState) -> None:
    listed(state, "amp")
    state.fetched("amp", Validators(), NOW)
    state.twin("story", url("story"), "news", NOW, of="amp", looked_at=True)
    assert listed(state, "story", "amp") == []
    assert list(state.due("news", NOW + HOUR)) == [KnownPage("story", url("story"), Validators())]
    assert [page.key for page in state.all("news", NOW)] == ["story"]


def test_a_page_that_fails_again_and_again_is_given_up(state: CrawlState) -> None:
    listed(state, "a")
    now = NOW
    for _ in range(5):
        assert due(state, now) == ["a"]
        state.failed("a", now)
        assert due(state, now) == []
        now += timedelta(days=1)
    assert due(state, now) == []


def test_a_page_that_robots_txt_closes_is_looked_at_again_after_a_day(state: CrawlState) -> None:
    listed(state, "a")
    state.failed("a", NOW, closed=True)
    assert [due(state, NOW + days * timedelta(days=1)) for days in (0.9, 1)] == [[], ["a"]]


def test_due_pages_come_oldest_first_and_once_however_many_there_are(state: CrawlState) -> None:
    for second in range(3):
        names = [f"{second}-{number:04}" for number in range(600)]
        listed(state, *names, now=NOW + timedelta(seconds=second))
    seen: list[str] = []
    for page in state.due("news", NOW + HOUR):
        seen.append(page.key)
        state.fetched(page.key, Validators(), NOW + HOUR)
    assert seen == [f"{second}-{number:04}" for second in range(3) for number in range(600)]


def test_each_outlet_has_its_own_pages(state: CrawlState) -> None:
    listed(state, "a")
    listed(state, "b", outlet="other")
    assert due(state, NOW) == ["a"]
    assert [page.key for page in state.all("other", NOW)] == ["b"]


def test_it_is_all_there_when_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "crawl.sqlite"
    first = CrawlState(path)
    listed(first, "a")
    first.close()
    second = CrawlState(path)
    assert due(second, NOW) == ["a"]
    second.close()


def test_a_file_that_is_no_state_is_named(tmp_path: Path) -> None:
    path = tmp_path / "crawl.sqlite"
    path.write_bytes(b"something else, and long enough to be looked at" * 30)
    with pytest.raises(StateError, match=r"crawl\.sqlite: can't be read or written .* delete the file"):
        CrawlState(path)


def test_the_state_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "crawl.sqlite"
    CrawlState(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE schema_version SET version = 9")
    connection.close()
    with pytest.raises(StateError, match="made by another version of tearsheet"):
        CrawlState(path)


def test_a_state_of_version_1_is_brought_up_to_date_and_its_sources_are_asked_for_whole(
    tmp_path: Path,
) -> None:
    path = tmp_path / "crawl.sqlite"
    first = CrawlState(path)
    listed(first, "a")
    first.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        for column in ("newest", "digest", "changed"):
            connection.execute(f"ALTER TABLE sources DROP COLUMN {column}")
        connection.execute("UPDATE schema_version SET version = 1")
    second = CrawlState(path)
    assert due(second, NOW) == ["a"]
    assert second.source(FEED) == Validators()
    assert second.known_source(FEED) == KnownSource(1, None, NOW)
    assert listed(second, "a", now=NOW + HOUR) == []
    assert second.source(FEED) == Validators('"1"', None)
    assert second.known_source(FEED) == KnownSource(1, None, NOW)
    second.close()
    CrawlState(path).close()


def test_it_is_remembered_which_outlets_need_a_browser(tmp_path: Path) -> None:
    with CrawlState(tmp_path / "crawl.sqlite") as state:
        assert state.streak("news") == 0
        for streak in (1, 2):
            state.set_streak("news", streak)
    with CrawlState(tmp_path / "crawl.sqlite") as state:
        assert (state.streak("news"), state.streak("other")) == (2, 0)


def test_a_state_of_version_2_gets_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "crawl.sqlite"
    CrawlState(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE habits")
        connection.execute("UPDATE schema_version SET version = 2")
    with CrawlState(path) as state:
        assert state.streak("news") == 0


def test_that_pages_were_fetched_is_written_for_many_of_them_together(tmp_path: Path) -> None:
    later: list[Callable[[], None]] = []
    with CrawlState(tmp_path / "crawl.sqlite", later.append) as state:
        listed(state, "a", "b", "c")
        state.fetched("a", Validators(), NOW)
        state.fetched("b", Validators('"2"', None), NOW, moved_to=url("d"))
        assert stored(tmp_path) == [("a", "listed"), ("b", "listed"), ("c", "listed")]
        (write,) = later
        write()
        assert stored(tmp_path) == [("a", "fetched"), ("b", "fetched"), ("c", "listed")]
        write()
        state.fetched("c", Validators(), NOW)
        assert later == [write, write]
    assert stored(tmp_path) == [("a", "fetched"), ("b", "fetched"), ("c", "fetched")]


def test_a_page_whose_fetching_is_not_written_yet_is_not_due(tmp_path: Path) -> None:
    with CrawlState(tmp_path / "crawl.sqlite", lambda _: None) as state:
        listed(state, "a", "b")
        state.fetched("a", Validators(), NOW)
        assert due(state, NOW) == ["b"]
        state.fetched("b", Validators(), NOW)
        state.gone("b", NOW + HOUR)
        assert due(state, NOW + HOUR) == ["a"]


def stored(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "crawl.sqlite")) as connection:
        return connection.execute("SELECT key, state FROM pages ORDER BY key").fetchall()
