"""The funnel of one run, counted from what a crawl signals."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.capture import Capture
from archive.outcomes import Settled
from crawler.health.funnel import KEPT_CHILDREN, Funnel
from crawler.health.run import Run
from crawler.outlets.seen import SourceSeen

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
INDEX = "https://news.example/sitemap.xml"


def funnel() -> Funnel:
    return Funnel("own", "news", [INDEX])


def settled(
    state: Any, *, revisit: bool = False, kind: Any = None, rendering: Any = None, **record: Any
) -> Settled:
    record_type: Any = "revisit" if revisit else "response"
    capture = Capture(1, "https://news.example/a", NOW, "urn:1", record_type, "a.warc.gz", 0, 9, "sha256:1")
    capture = replace(capture, rendering=rendering)
    fields = {"headline": "News", "date_published": "2026-03-01", "authors": ["Ida Holm"], "body": "x" * 500}
    return Settled(
        capture, state, fields | record if state == "text" else None, kind=kind, new_text=not revisit
    )


def test_each_article_is_listed_once_however_many_sources_name_it() -> None:
    counting = funnel()
    counting.listed(["a", "b"], 2)
    counting.listed(["b", "c"], 1)
    run = counting.run(NOW, NOW)
    assert (run.listed, run.new) == (3, 3)


def test_texts_are_complete_or_lack_something_and_unchanged_ones_are_not_read_anew() -> None:
    counting = funnel()
    for each in (
        settled("text"),
        settled("text", body="x" * 199),
        settled("text", date_published=None, authors=[], body="x" * 900),
        settled("text", revisit=True, body="x" * 9000),
        settled("no-article", kind="consent", rendering="dom"),
        settled("no-article", revisit=True),
        settled("failed"),
        settled("no-page"),
        settled("pending"),
    ):
        counting.settled(each)
    assert counting.run(NOW, NOW + timedelta(seconds=5)) == Run(
        outlet="own",
        collection="news",
        started=NOW,
        finished=NOW + timedelta(seconds=5),
        unchanged=2,
        rendered=1,
        read=5,
        texts=4,
        texts_read=3,
        new_texts=3,
        complete=2,
        kinds=Counter({"consent": 1, "unreadable": 1}),
        missing=Counter({"date": 1, "authors": 1}),
        median_length=500,
    )


def test_an_answer_of_any_status_that_is_no_page_is_not_fetched() -> None:
    counting = funnel()
    for status in (200, 299, 304, 404, 503, 999):
        counting.answered(status, None)
    counting.answered(200, "new.example")
    counting.failed("404")
    run = counting.run(NOW, NOW)
    assert (run.fetched, run.failed, run.statuses) == (4, 1, Counter({"404": 1}))
    assert run.moved == Counter({"new.example": 1})


def test_of_the_children_of_an_index_those_that_tell_something_are_kept() -> None:
    counting = funnel()
    index = SourceSeen("own", "sitemap", INDEX, "ok", 200, sitemaps=90)
    counting.source(index)
    children = [
        SourceSeen("own", "sitemap", f"{INDEX}?{n}", "ok", 200, 9, newest=NOW - timedelta(days=abs(40 - n)))
        for n in range(80)
    ]
    dead = [SourceSeen("own", "sitemap", f"{INDEX}?dead={n}", "not found", 404) for n in range(10)]
    for each in (*children, *dead):
        counting.source(each)
    assert counting.run(NOW, NOW).sources == (index, *dead[:KEPT_CHILDREN], children[40])
