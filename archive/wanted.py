"""Which captures of all those in a WARC file are to be extracted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date

from archive.capture import Capture
from archive.digests import digest_of


def _nobody(_url: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A choice among captures; what is empty or None leaves nothing out.

    url_prefixes  one of which the URL begins with; one without a scheme stands for http and https
    outlets       names, one of which `outlet_of` gives for the URL
    since, until  first and last day of capture (WARC-Date), in UTC
    mimes         media types, lower case; a revisit that does not tell its own passes
    records       record ids of captures
    """

    url_prefixes: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    mimes: tuple[str, ...] = ()
    records: frozenset[str] | None = None
    outlet_of: Callable[[str], str | None] = field(default=_nobody, compare=False)

    def takes(self, capture: Capture) -> bool:
        day = capture.date.astimezone(UTC).date()
        return (
            (self.records is None or capture.record_id in self.records)
            and (not self.url_prefixes or any(map(capture.url.startswith, self._prefixes())))
            and (self.since or date.min) <= day <= (self.until or date.max)
            and (not self.mimes or capture.mime in self.mimes or _is_silent(capture))
            and (not self.outlets or self.outlet_of(capture.url) in self.outlets)
        )

    def __str__(self) -> str:
        """The same for the same choice; empty where all is wanted."""
        parts: dict[str, list[str] | list[date]] = {
            "url-prefix": sorted(self.url_prefixes),
            "outlet": sorted(self.outlets),
            "since": [self.since] if self.since else [],
            "until": [self.until] if self.until else [],
            "mime": sorted(self.mimes),
            "records": [] if self.records is None else [_digest(self.records)],
        }
        return "; ".join(f"{name} {value}" for name, values in parts.items() for value in values)

    def _prefixes(self) -> tuple[str, ...]:
        return tuple(
            whole
            for prefix in self.url_prefixes
            for whole in ((prefix,) if "://" in prefix else (f"http://{prefix}", f"https://{prefix}"))
        )


EVERYTHING = Wanted()


def _digest(records: frozenset[str]) -> str:
    return digest_of(f"{record}\n".encode() for record in sorted(records))


def _is_silent(capture: Capture) -> bool:
    return capture.record_type == "revisit" and capture.mime is None
