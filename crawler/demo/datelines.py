"""How the outlets print dates. Independent of the process's locale and time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

_MECCA = timezone(timedelta(hours=3))
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTHS_AR = (
    "يناير / كانون الثاني",
    "فبراير / شباط",
    "مارس / آذار",
    "أبريل / نيسان",
    "مايو / أيار",
    "يونيو / حزيران",
    "يوليو / تموز",
    "أغسطس / آب",
    "سبتمبر / أيلول",
    "أكتوبر / تشرين الأول",
    "نوفمبر / تشرين الثاني",
    "ديسمبر / كانون الأول",
)
_WEEKDAYS_AR = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")


def english(moment: datetime) -> str:
    """`13 November 2026, 23.40`, in the offset of the moment."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H.%M}"


def arabic(day: datetime | date) -> str:
    """`السبت، 14 نوفمبر / تشرين الثاني 2026`."""
    return f"{_WEEKDAYS_AR[day.weekday()]}، {day.day} {_MONTHS_AR[day.month - 1]} {day.year}"


def american_day(moment: datetime) -> str:
    """`11/14/2026`, in Mecca time."""
    return f"{moment.astimezone(_MECCA):%m/%d/%Y}"


def american(moment: datetime) -> str:
    """`11/14/2026 04:01 AM`, in Mecca time."""
    local = moment.astimezone(_MECCA)
    half = "AM" if local.hour < 12 else "PM"
    return f"{local:%m/%d/%Y} {(local.hour - 1) % 12 + 1:02d}:{local:%M} {half}"
