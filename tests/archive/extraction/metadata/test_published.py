# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.extraction.article import Page, Rules
from archive.extraction.metadata import Metadata, read
from archive.extraction.metadata.dates import Moment
from archive.extraction.tree import parse

URL = "https://www.coastdaily.example/a/1"
H1 = "<h1>Ferry queue reaches customs house</h1>"
DAY = date(2023, 11, 14)


def metadata(head: str, body: str = "<p>x</p>", url: str = URL, lang: str = "en") -> Metadata:
    root = parse(f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>', url)
    assert root is not None
    return read(root, Page(url, b""), Rules())


def published(head: str, body: str = "<p>x</p>", url: str = URL, lang: str = "en") -> Moment | None:
    return metadata(head, body, url, lang).date_published


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_sources_are_trusted_in_order() -> None:
    sources = [
        ("head", ld('{"@type": "NewsArticle", "datePublished": "2023-11-01"}')),
        ("head", '<meta property="article:published_time" content="2023-11-02">'),
        ("body", '<meta itemprop="datePublished" content="2023-11-03">'),
        ("head", '<meta name="w-published-date" content="2023-11-04">'),
        ("head", ld('{"@type": "WebPage", "datePublished": "2023-11-05"}')),
        ("body", '<span property="dc:date" content="2023-11-06">x</span>'),
        ("body", '<time datetime="2023-11-07">x</time>'),
        ("body", "<p>8 November 2023</p>"),
    ]
    for first in range(len(sources)):
        head = "".join(markup for place, markup in sources[first:] if place == "head")
        body = H1 + "".join(markup for place, markup in sources[first:] if place == "body")
        assert published(head, body, URL + "/2023/11/09/") == date(2023, 11, first + 1)
    changed = '<meta property="article:modified_time" content="2023-11-10">'
    assert published(changed, "<p>x</p>", URL + "/2023/11/09/") == date(2023, 11, 9)
    assert published(changed) == date(2023, 11, 10)
    assert published("") is None


@pytest.mark.parametrize(
    "line",
    [
        "<p>Posted on November 14th, 2023 by Nadia Okoro</p>",
        "<div>Dienstag, 14. November 2023 - 15:00 Uhr</div>",
        "<div>تم نشره الثلاثاء 14 تشرين الثاني / نوفمبر 2023 09:22 مساءً</div>",
        "<span>۲۳ آبان ۱۴۰۲ - ۱۲:۳۰</span>",
        "<li>14.11.2023 07:49</li>",
        "<p>2023年11月14日 9時40分</p>",
    ],
)
def test_a_date_line_near_the_headline_is_read(line: str) -> None:
    assert published("", f"<main>{H1}<ul>{line}</ul><p>The queue grew all day.</p></main>") == DAY
    assert published("", f"<main><div>{line}</div>{H1}<p>The queue grew all day.</p></main>") == DAY


def test_a_date_of_change_comes_after_one_that_is_not_said_to_be_one() -> None:
    assert published("", f"{H1}<p>Updated 20 November 2023</p><p>14 November 2023</p>") == DAY
    assert published("", f"{H1}<p>Updated 14 November 2023</p>") == DAY


def test_a_date_in_a_sentence_a_caption_or_another_story_is_not_taken() -> None:
    sentence = "<p>The old bridge was closed to all of the traffic for good on 14 November 2023, and the ferry has run since.</p>"
    caption = "<figure><figcaption>The ramp, 14 November 2023</figcaption></figure>"
    other = "<aside><p>14 November 2023</p></aside>"
    assert published("", H1 + sentence + caption + other) is None


def test_a_moment_in_utc_is_told_in_the_offset_of_the_page() -> None:
    head = '<meta property="article:published_time" content="2023-11-15T02:40:00Z">'
    shown = '<time datetime="2023-11-14T21:40:00-05:00">Tuesday</time>'
    assert published(head, H1) == datetime(2023, 11, 15, 2, 40, tzinfo=UTC)
    assert published(head, H1 + shown) == datetime(2023, 11, 14, 21, 40, tzinfo=timezone(timedelta(hours=-5)))


def test_an_earlier_day_that_alone_is_shown_corrects_the_machines() -> None:
    head = '<meta property="article:published_time" content="2023-12-01">'
    assert published(head, H1 + "<p>14 November 2023</p>") == DAY
    assert published(head, H1 + "<p>Updated 14 November 2023</p>") == date(2023, 12, 1)
    assert published(head, H1 + "<p>14 November 2023</p><p>1 December 2023</p>") == date(2023, 12, 1)
    assert published(head, H1 + "<p>14 December 2023</p>") == date(2023, 12, 1)


def test_american_pages_write_the_month_first() -> None:
    meta = '<meta name="pubdate" content="11/12/2023">'
    assert published(meta, lang="en-US") == date(2023, 11, 12)
    assert published(meta, lang="en-GB") == date(2023, 12, 11)


def test_the_date_of_change_is_a_field_of_its_own() -> None:
    found = metadata(ld('{"@type": "Article", "datePublished": "2023-11-14", "dateModified": "2023-11-15"}'))
    assert (found.date_published, found.date_modified) == (DAY, date(2023, 11, 15))


def test_the_last_resort_does_not_look_at_the_clock() -> None:
    far = "<div><p>Date: 04/03/2098</p></div>"
    assert published("", H1 + "<p>The queue grew all day.</p>" * 300 + far) == date(2098, 3, 4)
