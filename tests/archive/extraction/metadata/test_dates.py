from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from archive.extraction.metadata.dates import Moment, from_url, in_offset_of, parse

DAY = date(2023, 11, 14)


def at(hours: float) -> datetime:
    return datetime(2023, 11, 14, 9, 40, 30, tzinfo=timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2023-11-14T09:40:30Z", at(0)),
        ("2023-11-14T09:40:30+03:30", at(3.5)),
        ("2023-11-14T09:40:30.123-0500", at(-5)),
        ("Tue, 14 Nov 2023 09:40:30 +0200", at(2)),
        ("2023-11-14 09:40:30", DAY),
        ("20231114", DAY),
        ("14 November 2023", DAY),
        ("Nov. 14, 2023 at 9:40", DAY),
        ("الثلاثاء، 14 نوفمبر / تشرين الثاني 2023", DAY),
        ("١٤/١١/٢٠٢٣", DAY),
        ("۲۳ آبان ۱۴۰۲", DAY),
        ("۱۴۰۲/۰۸/۲۳", DAY),
        ("14 Kasım 2023 Salı", DAY),
        ("14 de noviembre de 2023", DAY),
        ("14 ноября 2023 г.", DAY),
        ("14 בנובמבר 2023", DAY),
        ("2023年11月14日", DAY),
        ("2023년 11월 14일", DAY),
        ("14 تشرين الثاني 2023", DAY),
        ("12 كانون الأول 2023", date(2023, 12, 12)),
        ("8 فيفري 2019", date(2019, 2, 8)),
        ("21 جويلية 2020", date(2020, 7, 21)),
        ("۱۶ آذر ۱۴۰۳", date(2024, 12, 6)),
        ("1404/01/01", date(2025, 3, 21)),
        ("1445/04/30", None),
        ("14 अप्रैल 2023", date(2023, 4, 14)),
        ("१४ अप्रैल २०२३", date(2023, 4, 14)),
        ("14th November 2023", DAY),
        ("2023 Nov 14", DAY),
        ("Tue Nov 14 09:40:30 +0000 2023", DAY),
        ("14.11.23 | 18:19", DAY),
        ("الثلاثاء 30 ربيع الآخر 1445 هـ - 14 نوفمبر 2023 م", DAY),
        ("14 نونبر 2023", DAY),
        ("3 يوليوز 2023", date(2023, 7, 3)),
        ("9 كانون الثاني/يناير 2024", date(2024, 1, 9)),
        ("٣١ كانون الأول ٢٠٢٣", date(2023, 12, 31)),
        ("۲۳ عقرب ۱۴۰۲", DAY),
        ("سه‌شنبه ۱۴ نوامبر ۲۰۲۳", DAY),
        ("14ی تشرینی دووەمی 2023", DAY),
        ("14 نومبر 2023ء", DAY),
        ("১৪ নভেম্বর ২০২৩", DAY),
        ("14 de nov. de 2023", DAY),
        ("2023. november 14.", DAY),
        ("14. listopadu 2023", DAY),
        ("14 Νοε 2023", DAY),
        ("14 листопада 2023 р.", DAY),
        ("ngày 14 tháng 11 năm 2023", DAY),
        ("14 Disember 2023", date(2023, 12, 14)),
        ("２０２３年１１月１４日", DAY),
        ("令和5年11月14日", DAY),
        ("民國112年11月14日", DAY),
        ("1699954830", at(0)),
        ("1699954830000", at(0)),
        ("2023-11-4 9:40", date(2023, 11, 4)),
        ("yesterday", None),
        ("14 November", None),
        ("version 4.47.4", None),
        ("31/02/2023", None),
        ("0001-01-01", None),
    ],
)
def test_a_date_is_read_as_the_page_wrote_it(text: str, moment: Moment | None) -> None:
    assert parse(text) == moment


def test_a_day_in_the_address_is_read_and_a_number_is_not() -> None:
    assert from_url("https://a.example/2023/11/14/ferry") == DAY
    assert from_url("https://a.example/article/A2023111409400001234") == DAY
    assert from_url("https://a.example/2023111/ferry") is None
    assert from_url("https://web.archive.example/web/20231114094030/http://a.example/ferry") is None


def test_an_ambiguous_day_is_read_as_the_page_writes() -> None:
    assert parse("11/12/2023") == date(2023, 12, 11)
    assert parse("11/12/2023", month_first=True) == date(2023, 11, 12)
    assert parse("11.12.2023", month_first=True) == date(2023, 12, 11)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("14 Nov 2023 12:40", 3),
        ("Nov 14, 2023 3:10 p.m.", 5.5),
        ("14 Nov 2023 4:40", -5),
        ("14 Nov 2023 09:47", None),
    ],
)
def test_a_shown_clock_time_tells_the_offset_where_there_is_one(text: str, hours: float | None) -> None:
    local = None if hours is None else at(0).astimezone(timezone(timedelta(hours=hours)))
    assert in_offset_of(at(0), DAY, text) == local
    assert (local and local.utcoffset()) == (None if hours is None else timedelta(hours=hours))
