"""When the page says that it was published and changed.

Order of trust for the day of publication, the first that holds a date wins:

    1  JSON-LD datePublished of the article nodes, then dateCreated: made for machines and for this page
    2  <meta> names known to mean it, in the order of `_PUBLISHED`; before 1 where their day is the later one
    3  microdata datePublished
    4  <meta> of any other name that speaks of publishing and of a date, JSON-LD of the page (WebPage, VideoObject)
    5  RDFa in the body (`property="dc:date"`), <time> near the headline, lines there that hardly say more than a date
    6  the first <time> of the page that is not in a margin or a list
    7  the day in the page's address, then in its canonical one
    8  the day that opens a paragraph near the headline, then an element or line anywhere outside comments and teasers
       whose class or label says that it holds the date
    9  the state that scripts carry for the page, if it names one day of publication
    10 whatever says when the page was changed
    11 htmldate, on pages small enough for it, with a fixed range of days

What 1 to 4 state gives way to what the reader is shown near the headline, see `stamps.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import cast

from htmldate import find_date
from lxml import etree
from lxml.html import HtmlElement

from archive.extraction.metadata import dates, stamps
from archive.extraction.metadata.jsonld import strings
from archive.extraction.metadata.marks import Marks
from archive.extraction.metadata.vicinity import Vicinity

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "datepublished",
    "publishdate", "publish-date", "publish_date", "pubdate", "date", "dc.date", "dc.date.issued",
    "dcterms.created", "dcterms.date", "dc.date.created", "article.published", "published_time",
    "published", "article:post_date", "article_date_original", "rnews:datepublished", "og:pubdate",
    "citation_publication_date", "citation_online_date", "dcterms.issued", "citation_date", "published-date",
    "published_date", "publication-date", "publication_date", "date_published", "date-published",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified", "dcterms.modified",
    "updated date", "updated",
)  # fmt: skip
_SPEAKS_OF_DATE = re.compile(r"date|time|day")
_SPEAKS_OF_PUBLISHING = re.compile(r"pub|issue|post|releas|create|upload")
_SPEAKS_OF_CHANGE = re.compile(r"modif|updat|chang|revis|expir|event|start|end")

_LARGEST_FOR_HTMLDATE = 600
"""Elements of a page that htmldate is asked about: its patterns run over all of the markup."""
_EARLIEST, _LATEST = "1990-01-01", "2100-12-31"
"""The range that htmldate may answer from. Its own ends on the day of the call, and a replay is on another one."""


def published(marks: Marks, root: HtmlElement, near: Vicinity) -> dates.Moment | None:
    """The day or moment of publication, by the order of trust above."""
    month_first = (marks.language or "").replace("_", "-").lower() == "en-us"
    found = _stated(marks, month_first)
    found = found or _first(_other_metas(marks), month_first) or _first(_of_other_nodes(marks), month_first)
    if found:
        return stamps.as_shown(found, near, month_first)
    found = _first(_rdfa(root), month_first)
    found = (
        found or _first(map(stamps.time_text, near.times()), month_first) or stamps.first(near, month_first)
    )
    found = found or _first(map(stamps.time_text, _loose_times(root)), month_first)
    found = found or dates.from_url(marks.url) or dates.from_url(marks.canonical or "")
    found = found or _first(stamps.datelines(near), month_first) or _first(stamps.anywhere(root), month_first)
    found = found or _first(stamps.labelled(root), month_first) or _first(stamps.in_scripts(root))
    return found or modified(marks) or _by_htmldate(root, marks.url)


def _stated(marks: Marks, month_first: bool) -> dates.Moment | None:
    """What JSON-LD and <meta> state, the later of the two where they differ: one of them has kept the day on which
    the text was made. Else what itemprop says."""
    in_graph = _first(_texts(marks, "datePublished"), month_first)
    in_head = _first(_metas(marks, _PUBLISHED), month_first)
    if in_graph and in_head and dates.day_of(in_graph) < dates.day_of(in_head):
        return in_head
    texts = [*_texts(marks, "datePublished"), *_texts(marks, "dateCreated"), *_metas(marks, _PUBLISHED)]
    return _first([*texts, *marks.props.get("datepublished", [])], month_first)


def modified(marks: Marks) -> dates.Moment | None:
    """JSON-LD dateModified, then <meta>."""
    return _first(
        [*_texts(marks, "dateModified"), *_metas(marks, _MODIFIED), *marks.props.get("datemodified", [])]
    )


def _texts(marks: Marks, name: str) -> list[str]:
    return [text for value in marks.node(name) for text in strings(value)]


def _metas(marks: Marks, names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in marks.meta.get(name, ())]


def _other_metas(marks: Marks) -> Iterable[str]:
    for name, values in marks.meta.items():
        if (
            _SPEAKS_OF_PUBLISHING.search(name)
            and _SPEAKS_OF_DATE.search(name)
            and not _SPEAKS_OF_CHANGE.search(name.replace("datecreated", ""))
        ):
            yield from values


def _of_other_nodes(marks: Marks) -> Iterable[str]:
    for name in ("datePublished", "uploadDate", "dateCreated"):
        for node in marks.nodes:
            yield from strings(node.get(name))


_WITH_PROPERTY = etree.XPath("//@property/parent::*[@content or @datetime][not(self::meta)]")


def _rdfa(root: HtmlElement) -> Iterable[str]:
    for element in cast("list[HtmlElement]", _WITH_PROPERTY(root)):
        name = (element.get("property") or "").lower()
        if _SPEAKS_OF_DATE.search(name) and not _SPEAKS_OF_CHANGE.search(name):
            yield element.get("content") or element.get("datetime") or ""


def _first(texts: Iterable[str], month_first: bool = False) -> dates.Moment | None:
    """The first text that is a date; a later one of the same day replaces it if that one has a time."""
    found: dates.Moment | None = None
    for text in texts:
        moment = dates.parse(text, month_first)
        if moment is None:
            continue
        found = found or moment
        if isinstance(moment, datetime):
            return moment if moment.isoformat()[:10] == found.isoformat()[:10] else found
    return found


_TIMES = etree.XPath(
    "/descendant::time[not(ancestor::aside or ancestor::nav or ancestor::footer or ancestor::li)]"
    "[not(ancestor::*[contains(@class, 'comment') or contains(@id, 'comment')])]"
)


def _loose_times(root: HtmlElement) -> list[HtmlElement]:
    if next(root.iter("time"), None) is None:
        return []
    return cast("list[HtmlElement]", _TIMES(root))[:4]


def _by_htmldate(root: HtmlElement, url: str) -> date | None:
    if sum(1 for _ in root.iter("*")) > _LARGEST_FOR_HTMLDATE:
        return None
    answer = find_date(
        root, extensive_search=False, original_date=True, url=url, min_date=_EARLIEST, max_date=_LATEST
    )
    return date.fromisoformat(answer) if answer else None
