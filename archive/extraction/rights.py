"""Reservations of text and data mining (https://www.w3.org/2022/tdmrep/), as a page and its response state them.

The header field and the meta element have the same names and values. A reader has to weigh the two and the host's
tdmrep.json by the protocol's rules; here they are only read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from archive.extraction.article import Page, Reservation
from archive.extraction.metadata.marks import Marks

_FIELDS = ("tdm-reservation", "tdm-policy")
_VALUES = {"0": False, "1": True}
_LONGEST = 2_000  # characters of an address that anybody serves


def reservation(where: Literal["header", "meta"], named: Callable[[str], str | None]) -> Reservation | None:
    """What is stated in one place; `named` gives the value of a lower-case name there. None where nothing is."""
    value, policy = ((named(name) or "").strip() for name in _FIELDS)
    if not value and not policy:
        return None
    return Reservation(where, _VALUES.get(value), policy[:_LONGEST] or None)


def stated(named: Callable[[str], str | None]) -> dict[str, str]:
    """The fields of a response's header that `reservation` reads, by lower-case name, fit to be written elsewhere."""
    values = {
        name: "".join(filter(str.isprintable, (named(name) or "")[:_LONGEST])).strip() for name in _FIELDS
    }
    return {name: value for name, value in values.items() if value}


def rights_of(page: Page, marks: Marks) -> tuple[Reservation, ...]:
    """All that a page states, its response first."""
    return tuple(filter(None, (page.reservation, reservation("meta", marks.first))))
