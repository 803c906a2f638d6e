"""What a crawler that keeps its promises asks the outlets of the week for, worked out from their plans alone.

The promises are restated here rather than imported: a new page is fetched in the round that lists it; it is looked at
again in the first round that is 1 hour, 6 hours, a day and a week after that; one that failed in the first round that
is 10, 40, 160 and 640 minutes after the last try; one that is gone never.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from crawler.demo.site import Reply
from tests.week.outlet import WeekOutlet
from tests.week.stories import Story

WINDOWS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 168))
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (10, 40, 160, 640))
_REDIRECTS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when, for what (marks of campaigns left aside), and the status of its answer."""

    moment: datetime
    url: str
    status: int


@dataclass(slots=True)
class Known:
    """What is expected to be known of a story.

    looks     the moments at which its page was seen
    texts     the texts that it had, one after another, with the moment when each was seen first
    gone      when it was seen to be gone, and how
    """

    first_seen: datetime
    due: datetime | None
    looks: list[datetime] = field(default_factory=list)
    texts: list[tuple[datetime, str]] = field(default_factory=list)
    gone: tuple[datetime, int] | None = None
    tries: int = 0
    etag: str | None = None


@dataclass(slots=True)
class Expected:
    """The requests to one outlet in the rounds, and what is known of its stories at the end."""

    asked: list[Asked] = field(default_factory=list)
    stories: dict[str, Known] = field(default_factory=dict)


def expected(outlet: WeekOutlet, rounds: Sequence[datetime]) -> Expected:
    """What is asked of `outlet`."""
    found = Expected()
    held: dict[str, str] = {}
    for now in rounds:
        rules = outlet.reply("/robots.txt", now).status
        found.asked.append(Asked(now, outlet.base_url + "/robots.txt", rules))
        open_to_robots = rules < HTTPStatus.INTERNAL_SERVER_ERROR
        if open_to_robots:
            for source in outlet.sources:
                found.asked += _source(outlet, source, now, held)
            for story in outlet.names(now):
                found.stories.setdefault(story.path, Known(now, now))
        for path, known in found.stories.items():
            if known.due is not None and known.due <= now:
                found.asked += _look(outlet, path, known, now, open_to_robots=open_to_robots)
    return found


def _source(outlet: WeekOutlet, source: str, now: datetime, held: dict[str, str]) -> Iterator[Asked]:
    for url, reply in _way(outlet, outlet.base_url + source, now):
        tag = reply.etag(coded=False) if reply.last_modified else None
        # The validators go with the source, wherever it has moved.
        same = tag is not None and held.get(source) == tag
        yield Asked(now, url, HTTPStatus.NOT_MODIFIED if same else reply.status)
        if reply.status == HTTPStatus.OK and tag:
            held[source] = tag


def _look(
    outlet: WeekOutlet, path: str, known: Known, now: datetime, *, open_to_robots: bool
) -> Iterator[Asked]:
    way = list(_way(outlet, outlet.url(path), now)) if open_to_robots else []
    last = way[-1][1] if way else None
    for url, reply in way:
        same = reply.last_modified is not None and known.etag == reply.etag(coded=False)
        yield Asked(now, url, HTTPStatus.NOT_MODIFIED if same else reply.status)
    if last is not None and last.status == HTTPStatus.OK:
        known.etag = last.etag(coded=False)
        _seen(known, outlet.text(_story(outlet, path), now), now)
    elif last is not None and last.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        known.due, known.gone = None, (now, last.status)
    else:
        known.due = now + RETRIES[known.tries] if known.tries < len(RETRIES) else None
        known.tries += 1


def _seen(known: Known, text: str | None, now: datetime) -> None:
    known.looks.append(now)
    known.tries = 0
    known.due = next((due for wait in WINDOWS if (due := known.first_seen + wait) > now), None)
    if text is not None and (not known.texts or known.texts[-1][1] != text):
        known.texts.append((now, text))


def _way(outlet: WeekOutlet, url: str, now: datetime) -> Iterator[tuple[str, Reply]]:
    """The answers that a request leads to, redirects followed within the outlet and within reason."""
    for _ in range(_REDIRECTS + 1):
        parts = urlsplit(url)
        reply = outlet.reply(f"{parts.path}?{parts.query}" if parts.query else parts.path, now)
        yield url, reply
        if reply.location is None or not reply.location.startswith(outlet.base_url):
            return
        url = reply.location


def _story(outlet: WeekOutlet, path: str) -> Story:
    return next(story for story in outlet.stories if story.path == path)
