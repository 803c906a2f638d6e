from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.state.due import pages_due
from crawler.state.errors import StateError
from crawler.state.known import Validators
from crawler.state.store import CrawlState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_first_page_of_an_outlet_that_is_due_is_told_while_a_crawl_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "crawl.sqlite"
    assert pages_due(path, "a") is None
    state = CrawlState(path)
    assert pages_due(path, "a") is None
    state.listed("https://a.example/rss", Validators(), "a", {"1": "https://a.example/1"}, NOW)
    state.listed("https://b.example/rss", Validators(), "b", {"2": "https://b.example/2"}, NOW - timedelta(1))
    assert pages_due(path, "a") == NOW
    state.fetched("1", Validators(), NOW)
    assert pages_due(path, "a") == NOW + timedelta(hours=1)
    state.gone("1", NOW)
    assert pages_due(path, "a") is None
    state.close()


def test_a_file_that_is_no_state_is_named(tmp_path: Path) -> None:
    path = tmp_path / "crawl.sqlite"
    path.write_text("no database at all, and long enough to be read as one" * 20)
    with pytest.raises(StateError, match=r"crawl\.sqlite: can't be read \(file is not a database\)"):
        pages_due(path, "a")
