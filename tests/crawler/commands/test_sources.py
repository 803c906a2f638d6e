from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

from crawler.commands.console import Console
from crawler.commands.sources import SeenSources
from crawler.outlets.seen import SourceSeen

DAY = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
LONG = "https://www.daily.example/feeds/google-news-sitemap-feed/sitemap-google-news-of-today.xml"
SEEN = (
    SourceSeen("daily", "section", "https://www.daily.example/news/", "not found", 404),
    SourceSeen("daily", "sitemap", "https://www.daily.example/all.xml", "ok", 200, sitemaps=12, newest=DAY),
    SourceSeen("daily", "news sitemap", LONG, "ok", 200, entries=50, newest=DAY),
    SourceSeen("al-marfa", "feed", "https://m.example/a", "moved", 200, 7, moved_to="https://m.example/\x1b[31mb"),
)  # fmt: skip


def shown(*, terminal: bool, probes: bool = False) -> list[str]:
    out = StringIO()
    sources = SeenSources(probes=probes)
    sources.seen.extend(SEEN)
    sources.print(
        Console(file=out, width=100 if terminal else 1000, force_terminal=terminal, color_system=None)
    )
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_terminal_of_100_columns_has_room_for_addresses() -> None:
    assert shown(terminal=True) == [
        "source         lists  newest      verdict        address",
        "al-marfa",
        "feed               7              moved          https://m.example/a",
        "                                                 -> https://m.example/ [31mb",
        "daily",
        "news sitemap      50  2026-11-21  ok             https://www.daily.example/feeds/google-news-sitemap",
        "                                                 -feed/sitemap-google-news-of-today.xml",
        "sitemap index     12  2026-11-21  ok             https://www.daily.example/all.xml",
        "section                           not found      https://www.daily.example/news/",
        "4 sources: 2 ok, 1 not found, 1 moved",
    ]


def test_in_a_pipe_each_source_is_a_line_that_names_its_outlet() -> None:
    assert shown(terminal=False) == [
        "outlet    source         lists  newest      verdict        address",
        "al-marfa  feed               7              moved          https://m.example/a -> https://m.example/ [31mb",
        f"daily     news sitemap      50  2026-11-21  ok             {LONG}",
        "daily     sitemap index     12  2026-11-21  ok             https://www.daily.example/all.xml",
        "daily     section                           not found      https://www.daily.example/news/",
        "4 sources: 2 ok, 1 not found, 1 moved",
    ]


def test_a_search_leaves_out_the_addresses_where_there_is_nothing() -> None:
    assert shown(terminal=False, probes=True)[-2:] == [
        "sitemap index     12  2026-11-21  ok             https://www.daily.example/all.xml",
        "nothing at 1 other address",
    ]
