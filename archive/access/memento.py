"""Memento (RFC 7089): which capture answers for a moment, and what links it with the others of its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.access.index import Index
from archive.access.line import IndexLine
from archive.access.moments import http_date, moment_of

LINK_FORMAT = "application/link-format"
_NOT_IN_LINK = str.maketrans({"<": "%3C", ">": "%3E", '"': "%22", " ": "%20", "\\": "%5C"})


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the resources of RFC 7089 are.

    base          of TimeGate and TimeMaps of a collection, without a slash at its end
    memento_base  of its mementos
    """

    base: str
    memento_base: str

    def memento(self, timestamp: str, url: str) -> str:
        return f"{self.memento_base}/{timestamp}id_/{url}"

    def timegate(self, url: str) -> str:
        return f"{self.base}/timegate/{url}"

    def timemap(self, url: str) -> str:
        return f"{self.base}/timemap/link/{url}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The memento that answers for a moment, and its neighbours."""

    line: IndexLine
    first: IndexLine
    last: IndexLine
    before: IndexLine | None
    after: IndexLine | None


def mementos(index: Index, url: str) -> Iterator[IndexLine]:
    """The captures of an address that show what a GET was answered with, oldest first.

    A 304 shows that only where it stands as a revisit for what had not been modified.
    """
    for line in map(IndexLine.parse, index.of_url(url)):
        shows = line.get("status") != "304" or line.get("mime") == "warc/revisit"
        if line.answers_get and shows:
            yield line


def choose(lines: Iterable[IndexLine], moment: datetime | None) -> Chosen | None:
    """The memento nearest to `moment`, the earlier one of two; the newest for None (RFC 7089, 4.5.3).

    `lines` are in the order of time. None where there are none.
    """
    first: IndexLine | None = None
    last: IndexLine | None = None
    chosen: IndexLine | None = None
    before: IndexLine | None = None
    after: IndexLine | None = None
    for line in lines:
        if moment is None or chosen is None or _distance(line, moment) < _distance(chosen, moment):
            chosen, before, after = line, last, None
        elif after is None:
            after = line
        first, last = first or line, line
    if chosen is None or first is None or last is None:
        return None
    return Chosen(chosen, first, last, before, after)


def timemap(lines: Iterable[IndexLine], url: str, addresses: Addresses) -> Iterator[str]:
    """A TimeMap in link format (RFC 7089, 5), in pieces; nothing where there are no mementos.

    The newest memento is known at the end alone, so that the map itself says from when on it reaches, not until when.
    """
    held: IndexLine | None = None
    first = True
    for line in lines:
        if held is None:
            yield _link(url, "original") + ",\n"
            since = {"type": LINK_FORMAT, "from": _date(line)}
            yield _link(addresses.timemap(url), "self", since) + ",\n"
            yield _link(addresses.timegate(url), "timegate")
        else:
            yield ",\n" + _memento(held, addresses, "first memento" if first else "memento")
            first = False
        held = line
    if held is not None:
        yield ",\n" + _memento(held, addresses, "first last memento" if first else "last memento") + "\n"


def links(url: str, addresses: Addresses, chosen: Chosen | None = None) -> str:
    """The Link header of a TimeGate or a memento (RFC 7089, 2.2); of an original alone where nothing is chosen."""
    found = [
        _link(url, "original"),
        _link(addresses.timegate(url), "timegate"),
        _link(addresses.timemap(url), "timemap", {"type": LINK_FORMAT}),
    ]
    if chosen is not None:
        relations: dict[int, list[str]] = {}
        members = {
            "first": chosen.first,
            "prev": chosen.before,
            "": chosen.line,
            "next": chosen.after,
            "last": chosen.last,
        }
        shown: dict[int, IndexLine] = {}
        for relation, line in members.items():
            if line is not None:
                same = next((number for number, other in shown.items() if other == line), len(shown))
                shown[same] = line
                relations.setdefault(same, []).append(relation)
        for number, line in shown.items():
            named = " ".join(filter(None, [*relations[number], "memento"]))
            found.append(_memento(line, addresses, named))
    return ", ".join(found)


def _memento(line: IndexLine, addresses: Addresses, relation: str) -> str:
    return _link(addresses.memento(line.timestamp, line.url), relation, {"datetime": _date(line)})


def _link(target: str, relation: str, attributes: dict[str, str] | None = None) -> str:
    """One link (RFC 8288, 3). Nothing in the target can end it."""
    further = "".join(f'; {name}="{value}"' for name, value in (attributes or {}).items())
    return f'<{in_header(target)}>; rel="{relation}"{further}'


def in_header(url: str) -> str:
    """An address as it may stand in a header or in a link: what is not ASCII, and what would end it, is escaped."""
    escaped = "".join(
        letter
        if "\x20" < letter < "\x7f"
        else "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))
        for letter in url
    )
    return escaped.translate(_NOT_IN_LINK)


def _date(line: IndexLine) -> str:
    return http_date(moment_of("timestamp", line.timestamp))


def _distance(line: IndexLine, moment: datetime) -> float:
    return abs((moment_of("timestamp", line.timestamp) - moment).total_seconds())
