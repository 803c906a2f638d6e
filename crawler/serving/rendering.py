"""Templates, with every value escaped, and what they call to show dates, sizes and links."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from crawler.serving.language import direction, language_name

STATIC = Path(__file__).with_name("static")


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the app."""
    return HTMLResponse(_environment().get_template(template).render(values), status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": day,
        "moment": moment,
        "shell": shlex.quote,
        "web": web_address,
        "language": language_name,
        "host": host,
        "readable": readable,
    }
    environment.globals |= {"direction": direction, "query": query}
    return environment


def web_address(url: object) -> str | None:
    """The address if a browser may be led there, else None: no `javascript:`, no `data:`."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def readable(url: str) -> str:
    """An address as people read it: letters of any script instead of their escapes, where nothing else is escaped."""
    shown = unquote(url)
    return shown if shown.isprintable() and not {"\ufffd", " "} & set(shown) else url


def host(url: str) -> str:
    """The host of an address, for people."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url


def query(values: Mapping[str, object], **changed: object) -> str:
    """A query string of the values that say something, with some of them changed."""
    kept = {name: value for name, value in {**values, **changed}.items() if value not in (None, "")}
    return f"?{urlencode(kept)}" if kept else "?"


def day(stated: str | None) -> str:
    """`14 November 2026` of a date or time in ISO 8601, as its page stated it."""
    found = _parsed(stated)
    return f"{found.day} {found:%B %Y}" if found else str(stated or "")


def moment(stated: str | datetime | None) -> str:
    """Day and time, with the offset from UTC in which it is stated; the day alone where no time is."""
    if isinstance(stated, str) and "T" not in stated:
        return day(stated)
    found = stated if isinstance(stated, datetime) else _parsed(stated)
    if found is None:
        return str(stated or "")
    offset = found.tzname() if found.tzinfo else "no offset stated"
    return f"{found.day} {found:%B %Y, %H:%M} {offset}"


def _parsed(stated: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(stated) if stated else None
    except ValueError:
        return None
