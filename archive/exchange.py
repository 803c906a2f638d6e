"""One HTTP exchange as it went over the wire: the value that capture hands to the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archive.spool import Spool

Truncation = Literal["length", "time", "disconnect", "unspecified"]
"""Reasons of WARC-Truncated (ISO 28500:2017, 5.13)."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The exact bytes of a request and of its final response.

    url        absolute URL that was asked for, without fragment
    request    request line, header and body as sent; None where only the response is known
    response   status line, header and body as received, framing and coding included; interim (1xx)
               responses are not part of it
    started    when capture began; aware, UTC
    peer       IP address of the server that answered, or None
    truncated  why the response is shorter than what the server meant to send, or None if it is whole
    fields     further named fields of its records, such as WARC-Protocol; a browser's exchanges have them
    """

    url: str
    request: bytes | None
    response: Spool
    started: datetime
    peer: str | None = None
    truncated: Truncation | None = None
    fields: tuple[tuple[str, str], ...] = ()
