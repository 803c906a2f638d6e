"""Queries of an index, as pywb's CDX server takes them: parameters in, lines out.

What it takes and gives is pywb's, with these differences, so that no answer is wrong in silence: a parameter that is
not known and a value that makes no sense are errors that name the parameter, and an address that was not captured has
no lines (pywb would then look for one that is like it).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nsmallest
from itertools import islice
from typing import Literal, get_args

from archive.access.filters import Filter
from archive.access.index import Index
from archive.access.line import IndexLine
from archive.access.moments import padded
from archive.cdxj.line import urlkey
from archive.errors import QueryError

MatchType = Literal["exact", "prefix", "host", "domain"]
Output = Literal["cdxj", "json", "text"]
_MATCH_TYPES: tuple[str, ...] = get_args(MatchType)
_OUTPUTS: dict[str, tuple[str, Callable[[IndexLine, tuple[str, ...] | None], str]]] = {
    "cdxj": ("text/x-cdxj", IndexLine.as_cdxj),
    "json": ("text/x-ndjson", IndexLine.as_json),
    "text": ("text/plain", IndexLine.as_text),
}
_LIMIT = 100_000  # lines, as pywb; with another order than the index's they are held in memory: some 80 MB
_SORTS = ("reverse", "closest", "default")
_KNOWN = {
    *(
        "url",
        "matchType",
        "from",
        "from_ts",
        "to",
        "limit",
        "sort",
        "reverse",
        "closest",
        "filter",
        "fl",
        "fields",
    ),
    *("output", "allowFuzzy"),
}
_YES = ("1", "true", "True")


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of an index.

    match    `exact`: all addresses with the urlkey of `url`; `prefix`: those that begin so; `host`: those of its host;
             `domain`: those of its host and of the hosts below it
    begin    14 digits; earlier captures are left out
    end      14 digits; later captures are left out
    limit    number of lines at most
    closest  14 digits by the distance from which the lines are sorted, or None
    reverse  the last line first
    filters  all of which a line has to pass
    fields   names of the fields to give, in their order; None for all
    """

    url: str
    match: MatchType = "exact"
    begin: str | None = None
    end: str | None = None
    limit: int = _LIMIT
    closest: str | None = None
    reverse: bool = False
    filters: tuple[Filter, ...] = ()
    fields: tuple[str, ...] | None = None
    output: Output = "cdxj"

    @property
    def media_type(self) -> str:
        return _OUTPUTS[self.output][0]

    def lines(self, index: Index) -> Iterator[IndexLine]:
        """The lines asked for. Memory stays flat in the index's own order."""
        raw = index.of_url(self.url) if self.match == "exact" else index.between(*self._range())
        lines: Iterator[IndexLine] = filter(self._wanted, map(IndexLine.parse, raw))
        if self.closest is not None:
            moment = _seconds(self.closest)
            # Of two lines that are equally far away the first in the index comes first.
            lines = iter(
                nsmallest(self.limit, lines, key=lambda line: abs(_seconds(line.timestamp) - moment))
            )
        elif self.reverse:
            lines = reversed(deque(lines, maxlen=self.limit))
        return islice(lines, self.limit)

    def answer(self, index: Index) -> Iterator[str]:
        """The lines asked for in the form asked for, each with its line end."""
        written = _OUTPUTS[self.output][1]
        return (written(line, self.fields) for line in self.lines(index))

    def _wanted(self, line: IndexLine) -> bool:
        if self.begin is not None and line.timestamp < self.begin:
            return False
        if self.end is not None and line.timestamp > self.end:
            return False
        return all(each.passes(line) for each in self.filters)

    def _range(self) -> tuple[bytes, bytes]:
        key = urlkey(self.url)
        if self.match == "prefix":
            for end in "/?":  # the key lacks what the address ends in where that says nothing
                if self.url.endswith(end) and not key.endswith(end):
                    key += end
            return key.encode(), key[:-1].encode() + chr(ord(key[-1]) + 1).encode()
        host = key.partition(")/")[0]
        if self.match == "host":
            return f"{host})/".encode(), f"{host}*".encode()
        # A domain's own key goes on with `)`, those below it with `,`: both sort before `-`.
        begin = f"{host})/" if "," in host else f"{host},"
        return begin.encode(), f"{host}-".encode()


def parse_query(parameters: Iterable[tuple[str, str]]) -> Query:
    """The query that decoded name-value pairs of an address's query stand for.

    Raises QueryError, which names the parameter.
    """
    given: dict[str, str] = {}
    filters: list[Filter] = []
    for name, value in parameters:
        if name not in _KNOWN:
            raise QueryError(name, f"there is no such parameter; there are {', '.join(sorted(_KNOWN))}")
        if name == "filter":
            filters.append(Filter.parse(value))
        elif name in given:
            raise QueryError(name, "it is given more than once; give it once")
        else:
            given[name] = value
    url, match = _address(given)
    fields = given.get("fields") or given.get("fl")
    begin, end = given.get("from") or given.get("from_ts"), given.get("to")
    sort = _one_of("sort", given.get("sort") or "default", _SORTS)
    if sort == "closest" and not given.get("closest"):
        raise QueryError("closest", "it is missing; sort=closest needs a date to be close to")
    return Query(
        url=url,
        match=match,  # type: ignore[arg-type]  # checked to be one
        begin=padded("from", begin) if begin else None,
        end=padded("to", end, last=True) if end else None,
        limit=_limit(given.get("limit")),
        closest=padded("closest", given["closest"], last=True) if given.get("closest") else None,
        reverse=sort == "reverse" or given.get("reverse") in _YES,
        filters=tuple(filters),
        fields=tuple(filter(None, fields.split(","))) if fields else None,
        output=_one_of("output", given.get("output") or "cdxj", tuple(_OUTPUTS)),  # type: ignore[arg-type]
    )


def _address(given: dict[str, str]) -> tuple[str, str]:
    """The address and how it matches: `*` at one of its ends says so too."""
    url = given.get("url", "")
    match = given.get("matchType")
    if not match:
        match = "domain" if url.startswith("*.") else "prefix" if url.endswith("*") else "exact"
        url = (
            url.removeprefix("*.")
            if match == "domain"
            else url.removesuffix("*")
            if match == "prefix"
            else url
        )
    if not url:
        raise QueryError(
            "url", "it is missing; name the address to look up, such as url=https://news.example/"
        )
    return url, _one_of("matchType", match, _MATCH_TYPES)


def _limit(text: str | None) -> int:
    if text is None:
        return _LIMIT
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= _LIMIT and len(text) < 9):
        raise QueryError("limit", f"{text[:40]!r} is no number of lines from 1 to {_LIMIT}")
    return int(text)


def _one_of(parameter: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise QueryError(parameter, f"{value[:40]!r} is none of {', '.join(allowed)}")
    return value


def _seconds(timestamp: str) -> float:
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()
