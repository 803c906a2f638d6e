"""What the outlet whose pages scripts make serves: path and query -> reply."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from http import HTTPStatus
from importlib.resources import files
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from crawler.demo.newsroom import Newsroom, Story
from crawler.demo.scripted.font import font
from crawler.demo.scripted.picture import picture
from crawler.demo.site import Reply

Way = Literal["client", "more", "consent", "worker", "framed", "font", "crash"]
"""How a story comes to its reader.

client   a script fetches it and builds the page
more     the same, and a button brings its second half
consent  after a wall that asks for consent was answered
worker   by a service worker
framed   in a frame of another host
font     as plain markup, its headline in a font of the outlet's own, with a picture that loads when it is in sight
crash    not at all: the script takes memory until the tab is no more
"""

STORIES: Mapping[str, Way] = {
    "tram-line-seven": "client",
    "paper-boats": "client",
    "storm-barrier-repairs": "more",
    "fog-bell-returns": "consent",
    "clay-filter": "consent",
    "seagrass-nursery": "worker",
    "island-clinic": "framed",
    "lantern-regatta": "font",
}
CRASHING = "maps-in-the-wall"
LISTED_AT_ONCE = 3

_HTML = "text/html; charset=utf-8"
_SCRIPT = "text/javascript; charset=utf-8"
_JSON = "application/json"
_MISSING = Reply(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"There is no such page.\n")
_MORE = {"en": "Read more", "ar": "اقرأ المزيد"}
_WALLS = {
    "en": (
        "Your privacy matters to us",
        "We and our partners use cookies to store data on your device and to read them, so that advertising fits you. "
        "You may accept cookies or reject them, and change your consent in our privacy settings at any time.",
        "Accept all",
        "Reject all",
    ),
    "ar": (
        "خصوصيتك تهمنا",
        "نستخدم نحن وشركاؤنا ملفات تعريف الارتباط لتخزين بيانات على جهازك وقراءتها كي تلائمك الإعلانات. "
        "يمكنك قبول ملفات تعريف الارتباط أو رفضها، وتغيير موافقتك في إعدادات الخصوصية متى شئت.",
        "قبول الكل",
        "رفض الكل",
    ),
}


@dataclass(frozen=True, slots=True)
class Site:
    """The outlet at `base_url`, with frames at `other_url`; neither ends in a slash."""

    base_url: str
    other_url: str

    def reply(self, path: str) -> Reply:
        """What is answered on a percent-encoded path with its query."""
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        room, _, name = parts.path[1:].rpartition("/")
        if parts.path in ("/", "/stories/"):
            return _page(
                "en",
                "Tidewire",
                '<ul id="stories"></ul><div id="end"></div>',
                '<script src="/list.js"></script>',
            )
        if parts.path == "/feed.xml":
            return Reply(200, "application/rss+xml; charset=utf-8", self._feed().encode())
        if parts.path == "/api/stories.json":
            return _json(self._listed(int(query.get("part", "1"))))
        if parts.path == "/tide.ttf":
            return Reply(200, "font/ttf", font())
        if parts.path == "/tide.png":
            return Reply(200, "image/png", picture())
        if parts.path in ("/story.js", "/list.js", "/service-worker.js"):
            return Reply(200, _SCRIPT, files(__package__).joinpath(name).read_bytes())
        story = _story(name.removesuffix(".json"))
        if story is None:
            return _MISSING
        if room == "api":
            return _json(_data(story, query.get("part")))
        return self._page_of(story) if room == "story" else _MISSING

    def other_reply(self, path: str) -> Reply:
        """What the other host answers."""
        room, _, name = urlsplit(path).path[1:].rpartition("/")
        story = _story(name)
        return (
            _page(story.language, story.headline, _article(story)) if story and room == "frame" else _MISSING
        )

    def url_of(self, slug: str) -> str:
        return f"{self.base_url}/story/{slug}"

    def _page_of(self, story: Story) -> Reply:
        way = "crash" if story.slug == CRASHING else STORIES[story.slug]
        script = (
            f'<script src="/story.js" data-way="{way}" data-story="{story.slug}" data-more="{_MORE[story.language]}">'
            "</script>"
        )
        place = '<main id="story"></main>'
        if way == "framed":
            frame = f'<iframe src="{self.other_url}/frame/{story.slug}" width="800" height="2000"></iframe>'
            return _page(story.language, "Tidewire", frame)
        if way == "font":
            face = '@font-face { font-family: Tide; src: url("/tide.ttf") } h1 { font-family: Tide }'
            image = '<img src="/tide.png" loading="lazy" width="640" height="320" alt="">'
            return _page(story.language, story.headline, _article(story) + image, f"<style>{face}</style>")
        if way == "consent":
            place = _wall(story.language) + place
        return _page(story.language, "Tidewire", place, script)

    def _listed(self, part: int) -> list[dict[str, str]]:
        slugs = list(STORIES)[(part - 1) * LISTED_AT_ONCE : part * LISTED_AT_ONCE]
        return [{"href": f"/story/{slug}", "headline": _named(slug).headline} for slug in slugs]

    def _feed(self) -> str:
        items = "".join(
            f"<item><title>{escape(_named(slug).headline)}</title><link>{self.url_of(slug)}</link>"
            f"<pubDate>{format_datetime(_named(slug).published)}</pubDate></item>"
            for slug in STORIES
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Tidewire</title>'
            f"<link>{self.base_url}/</link><description>Tidewire</description>{items}</channel></rss>\n"
        )


def _story(slug: str) -> Story | None:
    return _named(slug) if slug in STORIES or slug == CRASHING else None


def _named(slug: str) -> Story:
    return Newsroom.load().story(slug)


def _data(story: Story, part: str | None) -> dict[str, object]:
    parts = {"1": story.paragraphs[:2], "2": story.paragraphs[2:]}
    paragraphs = parts.get(part or "", story.paragraphs)
    return {"headline": story.headline, "date": story.published.isoformat(), "paragraphs": paragraphs}


def _page(language: str, title: str, body: str, more: str = "") -> Reply:
    direction = "rtl" if language == "ar" else "ltr"
    return Reply(
        200,
        _HTML,
        (
            f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
            f"<title>{escape(title)}</title></head>\n<body><header><a href='/'>Tidewire</a></header>\n"
            f"{body}\n{more}</body></html>\n"
        ).encode(),
    )


def _article(story: Story) -> str:
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in story.paragraphs)
    time = story.published.isoformat()
    return f"<article><h1>{escape(story.headline)}</h1><time datetime='{time}'>{time}</time>{paragraphs}</article>"


def _wall(language: str) -> str:
    title, text, accept, reject = _WALLS[language]
    return (
        '<div id="wall" role="dialog" aria-modal="true" style="position: fixed; inset: 20%; background: #fff">'
        f"<h2>{title}</h2><p>{text}</p><button type='button' data-answer='yes'>{accept}</button>"
        f"<button type='button' data-answer='no'>{reject}</button></div>"
    )


def _json(value: object) -> Reply:
    return Reply(200, _JSON, json.dumps(value, ensure_ascii=False).encode())
