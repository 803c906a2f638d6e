"""Whether an address looks like an article's, for outlets without patterns of their own.

Marks for and against are added up, since no single one holds everywhere: outlets number, date or spell out
their addresses, and many do two of the three.
"""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote, urlsplit

ENOUGH = 4
"""A date with something after it is enough, as is a slug or a number together with a headline."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:"
    r"(?P<mark>[/-])(?P<month>\d{1,2}|[a-z]{3})(?:(?P=mark)(?P<day>\d{1,2}))?(?![\da-z])"
    r"|(?P<compact>(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d))",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\.(?:[sx]?html?|php|aspx?|jsp|cms|ece|story)$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{5,}")
_CODE = re.compile(r"(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{8,}$", re.IGNORECASE)
_NUMBER_IN_QUERY = re.compile(r"(?:^|&)(?:\w*id|p|artid|article|story|news)=[\w-]*\d{3}", re.IGNORECASE)
# A first or middle segment that says: lists, people and services are below, not articles.
_LISTS = frozenset(
    """
    tag tags topic topics thema themen tema temas sujet keyword keywords label labels author authors autor
    auteur autoren profile profiles profil people-directory staff writer writers contributor contributors
    category categories page pages search suche archive archives archiv sitemap rss feed feeds newsletter
    newsletters login logout signin sign-in signup register account user users subscribe subscription
    subscriptions abo shop store jobs careers help faq about about-us contact contact-us impressum
    datenschutz privacy privacy-policy terms legal cookie cookies advertise advertising epaper e-paper apps
    app share print weather horoscope tv-guide programme programmes schedule كاتب كتاب وسم تصنيف الكاتب
    """.split()  # noqa: SIM905 - a list of words reads better than of quoted ones
)
_SERVICE = re.compile(
    r"(privacy|cookie|terms|about|contact|advertis|subscri|newsletter|datenschutz|impressum|nutzungsbedingungen"
    r"|mentions-legales|aviso-legal|accessibility|editorial-(standards|policy)|code-of-)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
# Scripts that put no spaces between words: Han, kana, Thai.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def looks_like_article(url: str, text: str | None) -> bool:
    """Whether URL and anchor text speak for an article more than for a list or a service."""
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    if segments:
        segments[-1] = _EXTENSION.sub("", segments[-1])
    if any(segment.lower() in _LISTS for segment in segments):
        return False
    numbered = bool(_NUMBER_IN_QUERY.search(parts.query))
    if not segments:
        return numbered and _headline(text) >= 2
    if _SERVICE.match(segments[-1]):
        return False
    points = _dated(parts.path) + _slug(segments) + _numbered(segments, numbered) + _headline(text)
    return points + (len(segments) > 1) >= ENOUGH


def is_list_of_something_else(url: str) -> bool:
    """Whether the URL's path says that people, tags or services are there rather than news."""
    segments = [segment for segment in unquote(urlsplit(url).path).split("/") if segment]
    return any(segment.lower() in _LISTS for segment in segments) or bool(
        segments and _SERVICE.match(segments[-1])
    )


def date_in_path(url: str) -> date | None:
    """The day that a URL's path names, as in /2026/01/02/, /2026/jan/02/, 2026-01-02 or 20260102."""
    for match in _DATE.finditer(urlsplit(url).path):
        if (day := _day(match)) is not None:
            return day
    return None


def _day(match: re.Match[str]) -> date | None:
    if compact := match["compact"]:
        return _on(match["year"], compact[:2], compact[2:])
    named = match["month"].lower()
    if match["day"] is None or not (named.isdigit() or named in _MONTHS):
        return None
    return _on(match["year"], named if named.isdigit() else str(_MONTHS.index(named) + 1), match["day"])


def _on(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None  # 2026-02-31 is a number, not a day


def _dated(path: str) -> int:
    """A date counts with something after it; alone it is a calendar's page."""
    match = _DATE.search(path)
    if match is None:
        return 0
    return 4 if re.search(r"[^\W\d]|\d{5}", _EXTENSION.sub("", unquote(path[match.end() :]))) else 0


def _slug(segments: list[str]) -> int:
    """Words of the longest of the last two segments: some addresses end in a number, after the slug."""
    words = max(
        sum(1 for word in re.split(r"[-_+ ]", part) if _LETTER.search(word)) for part in segments[-2:]
    )
    return 4 if words >= 6 else 3 if words >= 4 else 1 if words == 3 else 0


def _numbered(segments: list[str], in_query: bool) -> int:
    numbered = any(_NUMBER.search(part) or _CODE.match(part) for part in segments[-2:])
    return 2 if numbered or in_query else 0


def _headline(text: str | None) -> int:
    if not text:
        return 0
    words = len(text.split()) + len(_UNSPACED.findall(text)) // 2
    return 2 if words >= 5 else 1 if words >= 3 else -1
