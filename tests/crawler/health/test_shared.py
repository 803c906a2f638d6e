from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawler.health import shared

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_crawls_of_one_process_share_a_log_until_the_last_one_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    first, second = shared.acquire(path), shared.acquire(path)
    assert first is second
    shared.release(path)
    second.begin("a", "news", NOW)
    shared.release(path)
    third = shared.acquire(path)
    assert third is not first
    assert third.outlets() == ["a"]
    shared.release(path)
