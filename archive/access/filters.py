"""Filters of index lines, as pywb writes them: `[!][=|~][field:]text`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from archive.access.line import IndexLine
from archive.errors import QueryError

_LONGEST = 1000  # characters
_OTHER_NAMES = {
    "u": "url",
    "original": "url",
    "statuscode": "status",
    "mimetype": "mime",
    "m": "mime",
    "l": "length",
    "s": "length",
    "o": "offset",
    "d": "digest",
    "t": "timestamp",
    "k": "urlkey",
    "f": "filename",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A test of one field, of the whole line where `field` is empty.

    exact     what the field must be, or None
    pattern   what the field must begin with a match of, or None
    contained what the field must contain where there is neither
    inverted  lets pass what fails the test
    """

    field: str
    contained: str = ""
    exact: str | None = None
    pattern: re.Pattern[str] | None = None
    inverted: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises QueryError where it is too long or holds no regular expression after `~`."""
        if len(text) > _LONGEST:
            raise QueryError("filter", f"it has {len(text)} characters, more than {_LONGEST}")
        inverted = text.startswith("!")
        text = text.removeprefix("!")
        kind, text = (text[0], text[1:]) if text[:1] in ("=", "~") else ("", text)
        field, colon, wanted = text.partition(":")
        field, wanted = (_OTHER_NAMES.get(field, field), wanted) if colon else ("", text)
        if kind == "~":
            try:
                return cls(field, pattern=re.compile(wanted), inverted=inverted)
            except (re.error, RecursionError, OverflowError) as error:
                raise QueryError("filter", f"{wanted[:60]!r} is no regular expression ({error})") from error
        if kind == "=":
            return cls(field, exact=wanted, inverted=inverted)
        return cls(field, contained=wanted, inverted=inverted)

    def passes(self, line: IndexLine) -> bool:
        value = (line.get(self.field) or "") if self.field else line.as_cdxj(None).rstrip("\n")
        if self.pattern is not None:
            found = self.pattern.match(value) is not None
        else:
            found = value == self.exact if self.exact is not None else self.contained in value
        return found is not self.inverted
