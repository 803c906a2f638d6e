"""What a collection's WARC files hold, read back with the project's reader; any damage fails the test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.errors import RecordError
from archive.warc.reader import read_records
from tests.origin.server import Served


@dataclass(frozen=True, slots=True)
class Stored:
    """One record: its type, its header fields and its block."""

    type: str
    fields: dict[str, str]
    block: bytes

    def __getitem__(self, name: str) -> str:
        return self.fields[name]


@dataclass(frozen=True, slots=True)
class Pair:
    """A response or revisit record and the request record that it names."""

    request: Stored
    response: Stored


def warcs(collections: Path, name: str = "news") -> list[Path]:
    return sorted((collections / name / "archive").iterdir())


def stored(collections: Path, name: str = "news") -> list[Stored]:
    """All records of a collection, in order."""
    records = []
    for path in warcs(collections, name):
        for record in read_records(path, _fail):
            with record.read_block() as block:
                records.append(Stored(record.type, dict(record.headers), block.getvalue()))
    return records


def pairs(collections: Path, name: str = "news") -> dict[str, list[Pair]]:
    """The exchanges of a collection by URL, in the order in which they were written."""
    found: dict[str, list[Pair]] = {}
    requests = {}
    for record in stored(collections, name):
        if record.type == "request":
            requests[record["WARC-Record-ID"]] = record
        elif record.type in ("response", "revisit"):
            pair = Pair(requests.pop(record["WARC-Concurrent-To"]), record)
            found.setdefault(record["WARC-Target-URI"], []).append(pair)
    assert not requests, f"requests without a response: {requests}"
    return found


def same_bytes(pair: Pair, served: Served) -> bool:
    """Whether an exchange's records hold the bytes that the server got and sent."""
    return (pair.request.block, pair.response.block) == (served.request, served.response)


def _fail(damage: RecordError) -> None:
    raise AssertionError(str(damage))
