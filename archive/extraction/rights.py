"""Reservations of text and data mining (https://www.w3.org/2022/tdmrep/), as a page and its response state them.

The header field and the meta element have the same names and values. A reader has to weigh the two and the host's
tdmrep.json by the protocol's rules; here they are only read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from archive.extraction.article import Page, Reservation
from archive.extraction.metadata.marks import Marks

_VALUES = {"0": False, "1": True}
_LONGEST = 2_000  # characters of an address that anybody serves


def reservation(where: Literal["header", "meta"], named: Callable[[str], str | None]) -> Reservation | None:
    """What is stated in one place; `named` gives the value of a lower-case name there. None where nothing is."""
    value, policy = ((named(name) or "").strip() for name in ("tdm-reservation", "tdm-policy"))
    if not value and not policy:
        return None
    return Reservation(where, _VALUES.get(value), policy[:_LONGEST] or None)


def rights_of(page: Page, marks: Marks) -> tuple[Reservation, ...]:
    """All that a page states, its response first."""
    return tuple(filter(None, (page.reservation, reservation("meta", marks.first))))
