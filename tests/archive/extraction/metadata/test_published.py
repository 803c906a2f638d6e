# ruff: noqa: E501 - a line of a page is as long as it is
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.extraction.article import Page, Rules
from archive.extraction.metadata import Metadata, read
from archive.extraction.metadata.dates import Moment
from archive.extraction.parsing.tree import parse

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
        ("head", ld('{"@type": "NewsArticle", "datePublished": "2023-11-20"}')),
        ("head", '<meta property="article:published_time" content="2023-11-19">'),
        ("body", '<meta itemprop="datePublished" content="2023-11-18">'),
        ("head", '<meta name="w-published-date" content="2023-11-17">'),
        ("head", ld('{"@type": "WebPage", "datePublished": "2023-11-16"}')),
        ("body", '<span property="dc:date" content="2023-11-15">x</span>'),
        ("body", '<time datetime="2023-11-14">x</time>'),
        ("body", "<p>First day of the new timetable: 13 November 2023</p>"),
    ]
    for first in range(len(sources)):
        head = "".join(markup for place, markup in sources[first:] if place == "head")
        body = H1 + "".join(markup for place, markup in sources[first:] if place == "body")
        assert published(head, body, URL + "/2023/11/12/") == date(2023, 11, 20 - first)
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
        "<p>منتشر شده در: ۲۳ آبان ۱۴۰۲</p>",
        "<p>פורסם ב-14 בנובמבר 2023, 09:40</p>",
        "<p>Yayınlanma: 14 Kasım 2023 09:40</p>",
        "<p>입력 2023.11.14 09:40</p>",
        "<p>ngày 14 tháng 11 năm 2023</p>",
        "<p>by Nadia Okoro · Nov 14, 2023 at 3:00 am · View all of the eleven comments on this story</p>",
    ],
)
def test_a_date_line_near_the_headline_is_read(line: str) -> None:
    assert published("", f"<main>{H1}<ul>{line}</ul><p>The queue grew all day.</p></main>") == DAY
    assert published("", f"<main><div>{line}</div>{H1}<p>The queue grew all day.</p></main>") == DAY


def test_a_date_of_change_comes_after_one_that_is_not_said_to_be_one() -> None:
    assert published("", f"{H1}<p>Updated 20 November 2023</p><p>14 November 2023</p>") == DAY
    assert published("", f"{H1}<p>Updated 14 November 2023</p>") == DAY
    for changed in (
        "تم التحديث:",
        "Aktualisiert:",
        "به‌روزرسانی:",
        "עודכן:",
        "Son güncelleme:",
        "更新日",
        "Cập nhật",
    ):
        assert published("", f"{H1}<p>{changed} 20/11/2023</p><p>14/11/2023</p>") == DAY, changed


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
    assert published(head, H1 + "<p>14 March 2020</p>") == date(2023, 12, 1)


def test_a_later_day_that_alone_is_shown_is_the_one_on_which_the_story_came_out() -> None:
    head = '<meta property="article:published_time" content="2023-11-10">'
    assert published(head, H1 + "<p>14 November 2023</p>") == DAY
    assert published(head, H1 + "<p>Updated 14 November 2023</p>") == date(2023, 11, 10)
    assert published(head, H1 + "<p>Offer ends: 14 November 2023</p>") == date(2023, 11, 10)
    assert published(head, H1 + "<p>14 February 2024</p>") == date(2023, 11, 10)


def test_a_label_of_publication_is_believed_beside_the_day_of_a_change() -> None:
    head = '<meta property="article:published_time" content="2023-12-01">'
    shown = "<p>Published 14 November 2023</p><p>Updated 1 December 2023</p>"
    assert published(head, H1 + shown) == DAY


def test_a_day_and_a_month_that_may_be_swapped_are_read_as_the_machine_has_them() -> None:
    head = '<meta property="article:published_time" content="2023-04-03">'
    assert published(head, H1 + "<p>04/03/2023</p>") == date(2023, 4, 3)


def test_a_day_and_a_month_that_have_changed_places_are_read_as_they_are_shown_without_doubt() -> None:
    head = '<meta name="date" content="04/03/2023">'
    for shown in ("Published April 3, 2023", "Erstellt am: 03.04.2023"):
        assert published(head, H1 + f"<p>{shown}</p>") == date(2023, 4, 3)
    moment = '<meta property="article:published_time" content="2023-03-04T09:40:00+01:00">'
    there = datetime(2023, 3, 4, 9, 40, tzinfo=timezone(timedelta(hours=1)))
    assert published(moment, H1 + "<p>03.04.2023</p>") == there


@pytest.mark.parametrize("days", [("2023-11-12", "2023-11-14"), ("2023-11-14", "2023-11-12")])
def test_of_two_days_that_are_stated_the_later_one_is_that_of_publication(days: tuple[str, str]) -> None:
    graph, head = days
    marks = ld(f'{{"@type": "NewsArticle", "datePublished": "{graph}"}}')
    assert published(marks + f'<meta property="article:published_time" content="{head}">') == DAY


@pytest.mark.parametrize(
    "opening",
    [
        "14.11.2023 - The queue grew all day.",
        "(14 November 2023) The queue grew all day.",
        "November 14, 2023 | Old Harbour - The queue grew all day.",
        "14. November 2023: Die Schlange wuchs.",
        "14.11.2023 „Die Schlange wuchs“, sagte er.",
    ],
)
def test_a_paragraph_near_the_headline_may_open_with_the_day(opening: str) -> None:
    assert (
        published("", H1 + f"<p>{opening + ' So did the talk of it among those who waited.' * 6}</p>") == DAY
    )


def test_a_day_that_is_part_of_a_sentence_does_not_open_a_paragraph() -> None:
    told = "14 November 2023 was the day on which the queue reached the customs house." + " It grew." * 40
    assert published("", H1 + f"<p>{told}</p>" + "<i>.</i>" * 600) is None


def test_far_from_the_headline_a_label_may_tell_the_day() -> None:
    page = H1 + "<p>The queue grew all day, and so did the talk of it.</p>" * 300 + "<i>.</i>" * 600
    assert (
        published("", page + "<p>Updated: 15 November 2023<br>Published on: 14.11.2023<br>Visits: 61</p>")
        == DAY
    )
    assert published("", page + '<div class="comment"><p>Posted on 14 November 2023</p></div>') is None


def test_a_moment_in_utc_is_told_on_the_day_and_at_the_hour_that_are_shown() -> None:
    head = '<meta property="article:published_time" content="2023-11-13T22:04:30Z">'
    there = datetime(2023, 11, 14, 0, 4, 30, tzinfo=timezone(timedelta(hours=2)))
    assert published(head, H1 + "<p>14. November 2023 00:04 Uhr</p>") == there
    assert published(head, H1 + "<p>14 نوفمبر 2023 ٠٠:٠٤</p>") == there
    assert published(head, H1 + "<p>14 November 2023</p>") == DAY


@pytest.mark.parametrize(
    "mark",
    [
        '<div class="entry-date">14 November 2023</div>',
        '<p class="meta"><span>Posted on November 14, 2023</span> <a href="/t">Harbour</a></p>',
        '<abbr title="2023-11-14T09:40:00+01:00">9:40</abbr>',
        '<script>state = {"story": {"published_at": "2023-11-14"}}</script>',
        r'<script>state = "{\"datePublished\": \"2023-11-14\"}"</script>',
    ],
)
def test_far_from_the_headline_an_element_or_a_script_may_tell_the_day(mark: str) -> None:
    page = H1 + "<p>The queue grew all day.</p>" * 300
    found = published("", page + mark)
    assert found is not None
    assert found.isoformat()[:10] == "2023-11-14"


def test_far_from_the_headline_days_of_comments_changes_and_several_stories_are_left_out() -> None:
    page = (
        H1
        + "<p>The queue grew all day, and so did the talk of it among those who had to wait there.</p>" * 300
    )
    comment = '<div class="comments"><time datetime="2023-11-14">x</time></div>'
    changed = '<div class="entry-date">Updated on 14 November 2023</div>'
    several = '<script>[{"published_at": "2023-11-14"}, {"published_at": "2023-11-15"}]</script>'
    assert published("", page + comment + changed + several + "<i>.</i>" * 600) is None


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
