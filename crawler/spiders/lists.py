"""Responses of sources, as what was seen of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.httperror import HttpError

from archive.errors import TearsheetError
from crawler.discovery.reach import Bounds
from crawler.discovery.sources import ListBounds, Listing, read_source
from crawler.outlets.model import SourceKind
from crawler.outlets.seen import Answer, SourceSeen, answered, unanswered
from crawler.spiders.base import field, is_refused, sentence
from crawler.state.known import Validators


def answer_of(response: Response) -> Answer:
    """A response as an answer, with the way that it took."""
    redirects = tuple(code for code in response.meta.get("redirect_reasons", ()) if isinstance(code, int))
    return Answer(response.url, response.status, response.body, field(response, "Content-Type"), redirects)


async def listing_of(
    kind: SourceKind,
    answer: Answer,
    patterns: Sequence[re.Pattern[str]] = (),
    bounds: ListBounds | None = None,
) -> Listing | TearsheetError:
    """What an answer lists, or why it can't be read; read in a thread, since a hostile one takes seconds."""
    if answer.status != 200:
        return Listing(())
    try:
        return await asyncio.to_thread(
            read_source, kind, answer.body, answer.url, answer.content_type, patterns, bounds
        )
    except TearsheetError as error:
        return error


def not_seen(
    outlet: str, kind: SourceKind, url: str, error: BaseException | None, now: datetime
) -> SourceSeen:
    """What is told of a source for which no answer came, or one that HttpError stands for."""
    if isinstance(error, HttpError):
        return answered(outlet, kind, url, Answer(url, error.response.status, b""), Listing(()), now)
    return unanswered(outlet, kind, url, sentence(error), refused=is_refused(error))


def bounds_of(settings: BaseSettings) -> Bounds:
    """How far discovery goes, by the settings."""
    return Bounds(
        lists=ListBounds(
            feed_entries=settings.getint("FEED_ENTRIES"),
            sitemap_entries=settings.getint("SITEMAP_ENTRIES"),
            section_links=settings.getint("SECTION_LINKS"),
        ),
        depth=settings.getint("SITEMAP_DEPTH"),
        sitemaps=settings.getint("SITEMAPS_A_RUN"),
        pages=settings.getint("LIST_PAGES"),
        url_length=settings.getint("URLLENGTH_LIMIT"),
    )


def validators_of(response: Response) -> Validators:
    """By what to ask whether what a response holds has changed. A 304 need not repeat what it was asked by (RFC 9110,
    15.4.5): what it does not name stays as it was (RFC 9111, 3.2)."""
    sent = Validators(field(response, "ETag"), field(response, "Last-Modified"))
    if response.status != HTTPStatus.NOT_MODIFIED or response.request is None:
        return sent
    asked = response.request.headers
    return Validators(
        sent.etag or (asked.get("If-None-Match") or b"").decode("latin-1") or None,
        sent.last_modified or (asked.get("If-Modified-Since") or b"").decode("latin-1") or None,
    )
