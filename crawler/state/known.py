"""What a crawl state says of sources and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask by whether a resource has changed (RFC 9110, 8.8): values of its header fields."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The fields of a conditional request (RFC 9110, 13.1.2 and 13.1.3)."""
        fields = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in fields.items() if value}


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source as it was when its server last sent it.

    entries  the outlet's articles that it listed
    newest   the newest date that it listed, aware; None where it gave none
    changed  when it was first seen listing what it lists; aware
    """

    entries: int
    newest: datetime | None
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that is due. `key` is its URL's identity."""

    key: str
    url: str
    validators: Validators
