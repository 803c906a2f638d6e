"""Where the archived page of a capture is shown: on another origin, so that nothing in it can reach the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.capture import Capture


@dataclass(frozen=True, slots=True)
class Archived:
    """How archived pages are shown.

    origin   scheme, host and port that serve them, such as `http://127.0.0.1:8401`; None where nothing does
    address  gives the address below the origin for a capture of the collection of that name
    app      the origin of the app, in whose frames alone they are shown
    missing  a sentence for people: how to get replay, where there is none
    """

    origin: str | None = None
    address: Callable[[Capture, str], str] | None = None
    app: str | None = None
    missing: str = "Archived pages are not shown here: this server was started without replay."

    def url(self, capture: Capture, collection: str) -> str | None:
        """The absolute address of the archived page, or None."""
        if self.origin is None or self.address is None:
            return None
        address = self.address(capture, collection)
        return (
            address if address.startswith(f"{self.origin}/") else f"{self.origin}/{address.removeprefix('/')}"
        )
