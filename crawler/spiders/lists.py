"""Responses of sources, as what was seen of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from archive.errors import TearsheetError
from crawler.discovery.sources import Listing, read_source
from crawler.middlewares.robots import UNREACHABLE
from crawler.outlets.model import SourceKind
from crawler.outlets.seen import Answer, SourceSeen, answered, unanswered
from crawler.politeness.downloader import LeftAlone
from crawler.spiders.base import field, sentence


def answer_of(response: Response) -> Answer:
    """A response as an answer, with the way that it took."""
    redirects = tuple(code for code in response.meta.get("redirect_reasons", ()) if isinstance(code, int))
    return Answer(response.url, response.status, response.body, field(response, "Content-Type"), redirects)


async def listing_of(
    kind: SourceKind, answer: Answer, patterns: Sequence[re.Pattern[str]] = ()
) -> Listing | TearsheetError:
    """What an answer lists, or why it can't be read; read in a thread, since a hostile one takes seconds."""
    if answer.status != 200:
        return Listing(())
    try:
        return await asyncio.to_thread(
            read_source, kind, answer.body, answer.url, answer.content_type, patterns
        )
    except TearsheetError as error:
        return error


def not_seen(
    outlet: str, kind: SourceKind, url: str, error: BaseException | None, now: datetime
) -> SourceSeen:
    """What is told of a source for which no answer came, or one that HttpError stands for."""
    if isinstance(error, HttpError):
        return answered(outlet, kind, url, Answer(url, error.response.status, b""), Listing(()), now)
    refused = (
        isinstance(error, IgnoreRequest) and not isinstance(error, LeftAlone) and str(error) != UNREACHABLE
    )
    return unanswered(outlet, kind, url, sentence(error), refused=refused)
