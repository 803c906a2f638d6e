from __future__ import annotations

from datetime import UTC, date, datetime

from crawler.discovery.found import Found, Origin
from crawler.discovery.reach import Bounds, Place, Reach
from crawler.discovery.sitemaps import ChildSitemap
from crawler.discovery.sources import Listing
from crawler.discovery.spans import Span
from crawler.outlets.model import Outlet

TODAY = date(2026, 11, 22)
SITE = "https://www.daily.example"
JANUARY = Span(date(2026, 1, 1), date(2026, 1, 31))
INDEX = Place("sitemap", f"{SITE}/sitemap.xml")
SECTION = Place("section", f"{SITE}/news/")


def moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def found(path: str, day: str | None = None, origin: Origin = "sitemap") -> Found:
    return Found(SITE + path, moment(day) if day else None, None, None, origin)


def child(path: str, day: str | None = None) -> ChildSitemap:
    return ChildSitemap(SITE + path, moment(day) if day else None)


def read(places: list[Place]) -> list[str]:
    return [place.url.removeprefix(SITE) for place in places]


def outlet(**sources: tuple[str, ...]) -> Outlet:
    return Outlet.model_validate({"name": "daily", "domains": ("daily.example",), **sources})


def test_general_sitemaps_are_read_where_nothing_lists_what_is_new_and_in_a_backfill() -> None:
    both = outlet(feeds=(f"{SITE}/feed",), sitemaps=(f"{SITE}/sitemap.xml",))
    alone = outlet(sitemaps=(f"{SITE}/sitemap.xml",))
    daily, backfill = Reach(Bounds(), TODAY), Reach(Bounds(), TODAY, JANUARY)
    assert read(daily.sources(both)[0]) == ["/feed"]
    assert read(daily.sources(alone)[0]) == ["/sitemap.xml"]
    assert read(backfill.sources(both)[0]) == ["/feed", "/sitemap.xml"]


def test_dated_sitemaps_tell_what_is_new_and_what_was_then() -> None:
    dated = outlet(feeds=(f"{SITE}/feed",), sitemaps=(f"{SITE}/{{YYYY}}/{{MM}}/{{DD}}.xml",))
    places, notes = Reach(Bounds(), TODAY).sources(dated)
    assert (read(places), notes) == (["/feed", "/2026/11/21.xml", "/2026/11/22.xml"], [])
    places, notes = Reach(Bounds(sitemaps=2), TODAY, JANUARY).sources(dated)
    assert read(places) == ["/feed", "/2026/01/01.xml", "/2026/01/02.xml"]
    assert notes == [
        (
            f"{SITE}/{{YYYY}}/{{MM}}/{{DD}}.xml",
            "not all of its sitemaps were read (SITEMAPS_A_RUN); go on with --since 2026-01-03 --until 2026-01-31",
        )
    ]


def test_a_daily_crawl_reads_the_newest_sitemaps_of_an_index_within_the_bound() -> None:
    listing = Listing(
        (), (child("/a.xml"), child("/2026-10.xml"), child("/b.xml", "2026-11-21"), child("/c.xml"))
    )
    places, notes = Reach(Bounds(sitemaps=3), TODAY).further(INDEX, listing)
    assert read(places) == ["/b.xml", "/2026-10.xml", "/a.xml"]
    assert notes == ["1 of its sitemaps were not read (SITEMAPS_A_RUN)"]


def test_a_backfill_reads_the_sitemaps_that_may_hold_its_days() -> None:
    children = (
        child("/2026-02.xml"),
        child("/2026.xml", "2025-01-01"),
        child("/2026-01-20.xml"),
        child("/old.xml", "2025-12-31"),
        child("/since.xml", "2026-06-01"),
        child("/unknown.xml"),
        child("/2025-12.xml", "2026-01-15"),
    )
    places, notes = Reach(Bounds(), TODAY, JANUARY).further(INDEX, Listing((), children))
    assert (read(places), notes) == (["/2026.xml", "/2026-01-20.xml", "/since.xml", "/unknown.xml"], [])


def test_a_backfill_that_is_cut_says_where_to_go_on() -> None:
    children = tuple(child(f"/2026/01/{day:02}.xml") for day in range(31, 0, -1))
    places, notes = Reach(Bounds(sitemaps=2), TODAY, JANUARY).further(INDEX, Listing((), children))
    assert read(places) == ["/2026/01/01.xml", "/2026/01/02.xml"]
    assert notes == [
        "29 of its sitemaps were not read (SITEMAPS_A_RUN); go on with --since 2026-01-03 --until 2026-01-31"
    ]


def test_indexes_within_indexes_are_read_so_deep() -> None:
    reach, listing = Reach(Bounds(depth=2), TODAY), Listing((), (child("/next.xml"),))
    (first,), _ = reach.further(INDEX, listing)
    (second,), _ = reach.further(first, listing)
    assert (second.depth, reach.further(second, listing)) == (
        2,
        ([], ["its 1 sitemaps lie too deep and were not read (SITEMAP_DEPTH)"]),
    )


def test_what_was_not_read_of_a_list_is_told() -> None:
    assert Reach(Bounds(), TODAY).further(SECTION, Listing((), cut="it is long")) == ([], ["it is long"])


def test_older_pages_of_a_list_are_read_in_a_backfill_until_they_are_too_old() -> None:
    new = (found("/2026/02/03/a", origin="section"), found("/b", origin="section"))
    old = (found("/2025/12/31/a", origin="section"),)
    reach = Reach(Bounds(pages=3), TODAY, JANUARY)
    (second,), _ = reach.further(SECTION, Listing(new, next_url=f"{SITE}/news/?page=2"))
    assert (second.url, second.page) == (f"{SITE}/news/?page=2", 1)
    assert reach.further(second, Listing(old, next_url=f"{SITE}/news/?page=3")) == ([], [])
    (third,), _ = reach.further(second, Listing(new, next_url=f"{SITE}/news/?page=3"))
    assert reach.further(third, Listing(new, next_url=f"{SITE}/news/?page=4")) == (
        [],
        ["it has more than 3 pages; the others were not read (LIST_PAGES)"],
    )
    assert Reach(Bounds(), TODAY).further(SECTION, Listing(new, next_url=f"{SITE}/news/?page=2")) == ([], [])


def test_a_backfill_wants_what_is_listed_for_its_days() -> None:
    reach = Reach(Bounds(), TODAY, JANUARY)
    entries = (
        found("/2026/01/31/in"),
        found("/2025/12/31/changed-since", "2026-01-05"),
        found("/changed-in", "2026-01-31"),
        found("/changed-later", "2026-03-01"),
        found("/undated"),
    )
    assert [entry.url for entry in reach.wanted(INDEX, entries)] == [
        f"{SITE}/2026/01/31/in",
        f"{SITE}/changed-in",
    ]
    assert list(reach.left_out()) == [
        "1 of the addresses that its lists name came without a day; they were left out"
    ]


def test_the_days_of_a_list_stand_for_those_of_its_entries() -> None:
    reach = Reach(Bounds(), TODAY, JANUARY)
    place = Place("sitemap", f"{SITE}/2026-01-09.xml", days=Span(date(2026, 1, 9), date(2026, 1, 9)))
    entries = (found("/undated"), found("/changed-later", "2026-03-01"), found("/2026/02/01/not-then"))
    assert list(reach.wanted(place, entries)) == list(entries[:2])
    assert list(reach.left_out()) == []


def test_a_calendar_and_endless_addresses_are_left_out_and_counted() -> None:
    reach = Reach(Bounds(url_length=75), TODAY)
    entries = (
        found("/2026/11/24/tomorrows-paper", origin="section"),
        found("/calendar/2026/11/25/events-of-the-day", origin="section"),
        found("/calendar/2031/01/01/events-of-the-day", origin="section"),
        found("/a" * 30),
    )
    assert list(reach.wanted(SECTION, entries)) == [entries[0]]
    assert list(reach.left_out()) == [
        "2 of the addresses that its lists name are of days to come, as in a calendar; they were left out",
        "1 of the addresses that its lists name have an address of more than 75 characters (URLLENGTH_LIMIT); they "
        "were left out",
    ]
