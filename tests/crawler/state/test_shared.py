from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from crawler.state import shared
from crawler.state.known import Validators

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_page_is_known_to_be_fetched_within_a_moment_though_nothing_follows_it(tmp_path: Path) -> None:
    path = tmp_path / "crawl.sqlite"

    async def crawl() -> str:
        state = shared.acquire(path)
        state.listed("https://a.example/feed", Validators(), "a", {"a": "https://a.example/a"}, NOW)
        state.fetched("a", Validators(), NOW)
        await asyncio.sleep(shared.WRITE_EVERY * 1.5)
        with closing(sqlite3.connect(path)) as connection:
            (row,) = connection.execute("SELECT state FROM pages").fetchall()
        state.fetched("a", Validators(), NOW)
        shared.release(path)
        await asyncio.sleep(shared.WRITE_EVERY * 1.5)
        return str(row[0])

    assert asyncio.run(crawl()) == "fetched"
